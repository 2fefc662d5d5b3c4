import type { JWTPayload } from 'jose'
import type { ClientId } from '../../kernel/identifiers.ts'
import { after, type Instant } from '../../kernel/instant.ts'

/** `typ` header of a logout token (Back-Channel Logout §2.4): nothing else here is signed under it. */
export const LOGOUT_TOKEN_TYPE = 'logout+jwt'
/** The one member of `events` (Back-Channel Logout §2.4). */
export const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** Seconds (Back-Channel Logout §2.4 advises two minutes at most). */
const LIFETIME = 120

/** What a logout token states. */
export interface LogoutToken {
  readonly issuer: string
  readonly clientId: ClientId
  readonly subject: string
  readonly sid: string
  /** Another one at each attempt: whoever saw one token refuses it the second time. */
  readonly id: string
  readonly issuedAt: Instant
}

/**
 * The claims of a logout token (Back-Channel Logout §2.4). `nonce` is never among them, so that it cannot be taken for
 * an ID token (§2.4).
 */
export const logoutTokenClaims = (token: LogoutToken): JWTPayload => ({
  iss: token.issuer,
  aud: token.clientId,
  sub: token.subject,
  sid: token.sid,
  iat: token.issuedAt,
  exp: after(token.issuedAt, LIFETIME),
  jti: token.id,
  events: { [LOGOUT_EVENT]: {} },
})
