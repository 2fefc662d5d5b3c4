import { digest } from '../../kernel/digest.ts'
import { address } from '../../kernel/handle.ts'
import { challenge } from '../../protocol/oauth/pkce.ts'
import type { TokenRequest } from '../../protocol/oauth/token-request.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { newRefreshToken } from '../tokens/issue.ts'
import { type Granted, type GrantNeeds, grantRefused, type Shown } from './grant.ts'

/**
 * The authorization code grant (RFC 6749 §4.1.3, RFC 7636 §4.5): one call of the session's object.
 * @throws OAuthError `invalid_grant`
 */
export async function authorizationCode(
  { sessions, entropy }: GrantNeeds,
  party: RelyingParty,
  request: Extract<TokenRequest, { grantType: 'authorization_code' }>,
  shown: Shown,
): Promise<Granted> {
  const code = address(request.code)
  if (code === undefined) throw grantRefused('unknown')
  const refresh = await newRefreshToken(party, code.object, entropy)
  const redeemed = await sessions.redeem(code.object, {
    code: await digest(code.secret),
    clientId: party.clientId,
    redirectUri: request.redirectUri,
    challenge: request.codeVerifier === undefined ? undefined : await challenge(request.codeVerifier),
    refresh: refresh?.digest,
    ...shown,
  })
  if ('refused' in redeemed) throw grantRefused(redeemed.refused)
  return { grant: redeemed.grant, refresh }
}
