import { digest } from '../../kernel/digest.ts'
import { address, addressed } from '../../kernel/handle.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { parseScope } from '../../protocol/oauth/scope.ts'
import type { TokenRequest } from '../../protocol/oauth/token-request.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { newRefreshToken } from '../tokens/issue.ts'
import { type Granted, type GrantNeeds, grantRefused, type Shown } from './grant.ts'

/**
 * The refresh token grant (RFC 6749 §6, RFC 9700 §4.14.2): one call of the session's object. Every use gives another
 * refresh token, also to confidential clients; but a strict one keeps its own, which is worth nothing without its key
 * (FAPI 2.0 Security Profile §5.3.2.1: no rotation, so that a lost answer costs nobody their session).
 * @throws OAuthError `invalid_grant`, `invalid_scope`, or `unauthorized_client` (RFC 6749 §5.2)
 */
export async function refreshToken(
  { sessions, entropy }: GrantNeeds,
  party: RelyingParty,
  request: Extract<TokenRequest, { grantType: 'refresh_token' }>,
  { holder }: Shown,
): Promise<Granted> {
  // Held to its syntax only: a scope that we do not know exceeds what was granted like any other.
  if (request.scope !== undefined) parseScope(request.scope)
  const presented = address(request.refreshToken)
  if (presented === undefined) throw grantRefused('unknown')
  const next = await newRefreshToken(party, presented.object, entropy)
  if (next === undefined) {
    throw new OAuthError('unauthorized_client', 'the client is not registered for the refresh_token grant')
  }
  const refresh = await digest(presented.secret)
  const rotates = party.profile !== 'strict'
  const rotated = await sessions.rotate(presented.object, {
    refresh,
    next: rotates ? next.digest : undefined,
    clientId: party.clientId,
    scope: request.scope,
    holder,
  })
  if ('refused' in rotated) throw grantRefused(rotated.refused)
  const { object, secret } = presented
  return {
    grant: rotated.grant,
    refresh: rotates ? next : { token: addressed(object, secret), digest: refresh },
  }
}
