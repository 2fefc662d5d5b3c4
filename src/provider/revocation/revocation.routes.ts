import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Trail } from '../../audit/trail.ts'
import { clientCertificate } from '../../http/client-certificate.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import { digest } from '../../kernel/digest.ts'
import { address } from '../../kernel/handle.ts'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { addressesOf } from '../sender-constraint/proof.ts'
import { originOf } from '../tokens/access-token-id.ts'
import { verifyAccessToken } from '../tokens/verify.ts'

export interface RevocationNeeds extends Omit<AuthenticateNeeds, 'tokenEndpoint' | 'endpoints'> {
  readonly mtlsOrigin?: string | undefined
  readonly clock: Clock
  readonly signer: Pick<Signer, 'jwks'>
  readonly sessions: Pick<Sessions, 'revoke'>
  readonly trail: Trail
}

/** The revocation endpoint (RFC 7009 §2): POST `/revoke`. Any origin may call it: public clients sign out in browsers. */
export const revocationRoutes = (needs: RevocationNeeds) =>
  new Hono()
    .use(
      '/revoke',
      cors({ origin: '*', allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type'] }),
    )
    .post('/revoke', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: RevocationNeeds): Promise<Response> {
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
    const token = form.get('token')
    if (token === undefined) throw new OAuthError('invalid_request', "parameter 'token' is missing")
    const outcome = await revoke(needs, party.clientId, token)
    // RFC 7009 §2.1: "If this validation fails, the request is refused and the client is informed of the error".
    if (outcome === 'other-client') {
      throw new OAuthError('invalid_grant', 'the token was issued to another client', 'revocation')
    }
    if (outcome === 'revoked') needs.trail.record({ at: now, kind: 'token.revoked', clientId })
    // RFC 7009 §2.2: 200 for an invalid token too: it is not valid any more, which is what was wanted.
    return context.body(null, 200, { 'Cache-Control': 'no-store' })
  } catch (thrown) {
    const refusal =
      thrown instanceof OAuthError
        ? thrown
        : new OAuthError('server_error', 'the request could not be answered; try again', String(thrown))
    const kind = refusal.code === 'invalid_client' ? 'client.refused' : 'token.refused'
    const detail = `${refusal.code}: ${refusal.detail ?? refusal.description}`
    needs.trail.record({ at: now, kind, ...(clientId === undefined ? {} : { clientId }), detail })
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

/**
 * One call of the session's object, for either kind of token: what a token is can be seen, so `token_type_hint` has
 * nothing to add (RFC 7009 §2.1 lets it be ignored). With either goes the whole family.
 */
async function revoke(needs: RevocationNeeds, clientId: ClientId, token: string) {
  const refresh = address(token)
  if (refresh !== undefined) {
    return needs.sessions.revoke(refresh.object, { refresh: await digest(refresh.secret) }, clientId)
  }
  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, needs.clock())
  const origin = 'claims' in verified ? originOf(verified.claims.jti) : undefined
  if (origin === undefined) return 'unknown'
  return needs.sessions.revoke(origin.session, { family: origin.family }, clientId)
}
