import { type Context, Hono } from 'hono'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { Signer } from '../../keys/signer.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import {
  INTROSPECTION_JWT,
  INTROSPECTION_JWT_TYPE,
  introspectionClaims,
  wantsIntrospectionJwt,
} from '../../protocol/oauth/introspection.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import { encrypted } from '../../protocol/oidc/encryption.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type ClientFormNeeds, clientForm, tokenOf } from '../client-authentication/client-form.ts'
import { addressesOf } from '../sender-constraint/proof.ts'
import { encryptionOf } from '../tokens/encryption.ts'
import { type IntrospectNeeds, introspect } from './introspect.ts'

export interface IntrospectionNeeds extends ClientFormNeeds, Omit<IntrospectNeeds, 'signer'> {
  readonly certificateOf: CertificateOf
  readonly mtlsOrigin?: string | undefined
  readonly signer: Signer
}

/** The introspection endpoint (RFC 7662 §2): POST `/introspect`. For servers: browsers of other origins are not told. */
export const introspectionRoutes = (needs: IntrospectionNeeds) =>
  new Hono().post('/introspect', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: IntrospectionNeeds): Promise<Response> {
  const posted = {
    form: () => formOf(context),
    authorization: context.req.header('authorization'),
    certificate: await needs.certificateOf(context.req.raw),
    endpoints: addressesOf(needs, context.req.url),
  }
  const outcome = await clientForm(needs, posted, 'introspection.refused', async ({ party, form, now }) => {
    // RFC 7662 §4: only who is meant to. A public client proved nothing.
    if (!mayAsk(party)) {
      throw new OAuthError('access_denied', 'the client is not registered for introspection')
    }
    const answer = await introspect(needs, party, tokenOf(form), now)
    context.header('Cache-Control', 'no-store')
    if (!wantsIntrospectionJwt(context.req.header('accept'))) return context.json(answer)
    const claims = introspectionClaims(answer, needs.issuer, party.clientId, now)
    const alg = party.metadata.introspection_signed_response_alg ?? 'RS256'
    const jwt = await needs.signer.sign(claims, { typ: INTROSPECTION_JWT_TYPE, alg })
    // RFC 9701 §5: signed, then encrypted, where the resource registered it.
    const encryption = await encryptionOf(needs.clientKeys, party, 'introspection')
    const body = encryption === undefined ? jwt : await encrypted(jwt, encryption, 'JWT')
    return context.body(body, 200, { 'Content-Type': INTROSPECTION_JWT })
  })
  if (outcome instanceof Response) return outcome
  // RFC 9110 §15.5.4. Elsewhere the same word is the end of an authorization, which is a 400.
  if (outcome.code === 'access_denied') {
    return context.json(outcome.body(), 403, { 'Cache-Control': 'no-store' })
  }
  return refusalAsJson(context, outcome, `Basic realm="${needs.issuer}", charset="UTF-8"`)
}

const mayAsk = ({ metadata }: RelyingParty): boolean =>
  metadata.token_endpoint_auth_method !== 'none' &&
  (metadata.serment_introspection || metadata.serment_api !== undefined)
