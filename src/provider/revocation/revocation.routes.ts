import { type Context, Hono } from 'hono'
import { anyOrigin } from '../../http/any-origin.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import { digest } from '../../kernel/digest.ts'
import { address } from '../../kernel/handle.ts'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { type ClientFormNeeds, clientForm, tokenOf } from '../client-authentication/client-form.ts'
import { addressesOf } from '../sender-constraint/proof.ts'
import { originOf } from '../tokens/access-token-id.ts'
import { ANY_AUDIENCE, verifyAccessToken } from '../tokens/verify.ts'

export interface RevocationNeeds extends ClientFormNeeds {
  readonly certificateOf: CertificateOf
  readonly mtlsOrigin?: string | undefined
  readonly signer: Pick<Signer, 'jwks'>
  readonly sessions: Pick<Sessions, 'revoke'>
}

/** The revocation endpoint (RFC 7009 §2): POST `/revoke`. Any origin may call it: public clients sign out in browsers. */
export const revocationRoutes = (needs: RevocationNeeds) =>
  new Hono()
    .use('/revoke', anyOrigin('POST'))
    .post('/revoke', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: RevocationNeeds): Promise<Response> {
  const posted = {
    form: () => formOf(context),
    authorization: context.req.header('authorization'),
    certificate: await needs.certificateOf(context.req.raw),
    endpoints: addressesOf(needs, context.req.url),
  }
  const outcome = await clientForm(
    needs,
    posted,
    'token.refused',
    async ({ party: { clientId }, form, now }) => {
      const outcome = await revoke(needs, clientId, tokenOf(form), now)
      // RFC 7009 §2.1: "If this validation fails, the request is refused and the client is informed of the error".
      if (outcome === 'other-client') {
        throw new OAuthError('invalid_grant', 'the token was issued to another client', 'revocation')
      }
      if (outcome === 'revoked') needs.trail.record({ at: now, kind: 'token.revoked', clientId })
      // RFC 7009 §2.2: 200 for an invalid token too: it is not valid any more, which is what was wanted.
      return context.body(null, 200, { 'Cache-Control': 'no-store' })
    },
  )
  return outcome instanceof Response
    ? outcome
    : refusalAsJson(context, outcome, `Basic realm="${needs.issuer}", charset="UTF-8"`)
}

/**
 * One call of the session's object, for either kind of token: what a token is can be seen, so `token_type_hint` has
 * nothing to add (RFC 7009 §2.1 lets it be ignored). With either goes the whole family.
 */
async function revoke(needs: RevocationNeeds, clientId: ClientId, token: string, now: Instant) {
  const refresh = address(token)
  if (refresh !== undefined) {
    return needs.sessions.revoke(refresh.object, { refresh: await digest(refresh.secret) }, clientId)
  }
  const jwks = await needs.signer.jwks()
  const verified = await verifyAccessToken(token, jwks, needs.issuer, now, ANY_AUDIENCE)
  if ('rejected' in verified) return 'unknown'
  const origin = originOf(verified.claims.jti)
  // RFC 7009 §2.2.1. Nothing is kept of a token in a client's own name, so nothing can end it: 200 would be untrue.
  if (origin === undefined) {
    throw new OAuthError(
      'unsupported_token_type',
      'a token of client_credentials ends by its age alone, within minutes',
    )
  }
  return needs.sessions.revoke(origin.session, { family: origin.family }, clientId)
}
