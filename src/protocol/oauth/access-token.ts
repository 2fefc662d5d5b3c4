import type { JWTPayload } from 'jose'
import * as z from 'zod'
import type { Instant } from '../../kernel/instant.ts'

/** `typ` header of an access token (RFC 9068 §2.1). */
export const ACCESS_TOKEN_TYPE = 'at+jwt'

/** The key that a token is bound to (RFC 7800 §3.1): of a DPoP proof (RFC 9449 §6.1), of a certificate (RFC 8705 §3.1). */
export interface Confirmation {
  readonly jkt?: string | undefined
  readonly 'x5t#S256'?: string | undefined
}

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
  /** How and when a person signed in: left out where none did (RFC 9068 §2.2.1). */
  readonly authTime?: Instant | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  readonly confirmation?: Confirmation | undefined
  /** Further claims (session, means of sign-in). None of them can replace one of the profile's. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** The claims of an access token (RFC 9068 §2.2, §2.2.1, §2.2.3). */
export function accessTokenClaims(token: AccessToken): JWTPayload {
  const { authTime, acr, amr, confirmation } = token
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
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr: [...amr] }),
    ...(confirmation === undefined ? {} : { cnf: confirmation }),
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
  cnf: z.object({ jkt: z.string().optional(), 'x5t#S256': z.string().optional() }).optional(),
})
