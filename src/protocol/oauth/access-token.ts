import type { JWTPayload } from 'jose'
import * as z from 'zod'
import type { Instant } from '../../kernel/instant.ts'

/** `typ` header of an access token (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** What an access token states (RFC 9068 §2.2). Lifetime in seconds. */
export interface AccessToken {
  readonly issuer: string
  readonly audience: string
  readonly clientId: string
  readonly subject: string
  readonly issuedAt: Instant
  readonly lifetime: number
  readonly id: string
  readonly scope: string
  readonly authTime: Instant
  readonly acr: string
  readonly amr: readonly string[]
  /** Further claims (session, means of sign-in). None of them can replace one of the profile's. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** The claims of an access token (RFC 9068 §2.2, §2.2.1, §2.2.3). */
export function accessTokenClaims(token: AccessToken): JWTPayload {
  return {
    ...token.claims,
    iss: token.issuer,
    sub: token.subject,
    aud: token.audience,
    client_id: token.clientId,
    iat: token.issuedAt,
    exp: token.issuedAt + token.lifetime,
    jti: token.id,
    scope: token.scope,
    auth_time: token.authTime,
    acr: token.acr,
    amr: [...token.amr],
  }
}

/** An access token's claims read back, after its signature, `typ`, `iss`, `aud` and `exp` were verified (RFC 9068 §4). */
export const AccessTokenClaims = z.looseObject({
  iss: z.string(),
  sub: z.string(),
  client_id: z.string(),
  iat: z.int(),
  exp: z.int(),
  jti: z.string(),
  scope: z.string(),
})
