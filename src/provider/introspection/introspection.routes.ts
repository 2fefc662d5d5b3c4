import { type Context, Hono } from 'hono'
import type { Trail } from '../../audit/trail.ts'
import { clientCertificate } from '../../http/client-certificate.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import {
  INTROSPECTION_JWT,
  INTROSPECTION_JWT_TYPE,
  introspectionClaims,
  wantsIntrospectionJwt,
} from '../../protocol/oauth/introspection.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { addressesOf } from '../sender-constraint/proof.ts'
import { type IntrospectNeeds, introspect } from './introspect.ts'

export interface IntrospectionNeeds
  extends Omit<AuthenticateNeeds, 'tokenEndpoint' | 'endpoints'>,
    Omit<IntrospectNeeds, 'signer'> {
  readonly mtlsOrigin?: string | undefined
  readonly clock: Clock
  readonly signer: Signer
  readonly trail: Trail
}

/** The introspection endpoint (RFC 7662 §2): POST `/introspect`. For servers: browsers of other origins are not told. */
export const introspectionRoutes = (needs: IntrospectionNeeds) =>
  new Hono().post('/introspect', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: IntrospectionNeeds): Promise<Response> {
  const now = needs.clock()
  let clientId: ClientId | undefined
  try {
    const form = await formOf(context)
    const credentials = clientCredentials(context.req.header('authorization'), form)
    clientId = credentials.clientId
    const certificate = await clientCertificate(context.req.raw)
    const tokenEndpoint = `${needs.issuer}/token`
    const endpoints = addressesOf(needs, context.req.url)
    const asking = { ...needs, tokenEndpoint, endpoints }
    const party = await authenticate(asking, credentials, now, certificate)
    // RFC 7662 §4: only who is meant to. A public client proved nothing.
    if (!mayAsk(party)) {
      throw new OAuthError('access_denied', 'the client is not registered for introspection')
    }
    const token = form.get('token')
    if (token === undefined) throw new OAuthError('invalid_request', "parameter 'token' is missing")
    const answer = await introspect(needs, party, token, now)
    context.header('Cache-Control', 'no-store')
    if (!wantsIntrospectionJwt(context.req.header('accept'))) return context.json(answer)
    const claims = introspectionClaims(answer, needs.issuer, party.clientId, now)
    const alg = party.metadata.introspection_signed_response_alg ?? 'RS256'
    const jwt = await needs.signer.sign(claims, { typ: INTROSPECTION_JWT_TYPE, alg })
    return context.body(jwt, 200, { 'Content-Type': INTROSPECTION_JWT })
  } catch (thrown) {
    const refusal =
      thrown instanceof OAuthError
        ? thrown
        : new OAuthError('server_error', 'the request could not be answered; try again', String(thrown))
    const kind = refusal.code === 'invalid_client' ? 'client.refused' : 'introspection.refused'
    const detail = `${refusal.code}: ${refusal.detail ?? refusal.description}`
    needs.trail.record({ at: now, kind, ...(clientId === undefined ? {} : { clientId }), detail })
    // RFC 9110 §15.5.4. Elsewhere the same word is the end of an authorization, which is a 400.
    if (refusal.code === 'access_denied') {
      return context.json(refusal.body(), 403, { 'Cache-Control': 'no-store' })
    }
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

const mayAsk = ({ metadata }: RelyingParty): boolean =>
  metadata.token_endpoint_auth_method !== 'none' &&
  (metadata.serment_introspection || metadata.serment_api !== undefined)
