import type { JWTPayload } from 'jose'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'

/** Media type of a signed answer (RFC 9701 §4), and its `typ` (§5). */
export const INTROSPECTION_JWT = 'application/token-introspection+jwt'
export const INTROSPECTION_JWT_TYPE = 'token-introspection+jwt'

/** What is said of a token (RFC 7662 §2.2). Of one that is not active nothing is said but that (§2.2, §4). */
export type Introspection =
  | { readonly active: false }
  | ({ readonly active: true } & Readonly<Record<string, unknown>>)

export const INACTIVE: Introspection = { active: false }

/** Whether the request asks for a signed answer (RFC 9701 §4). Linear; weights other than 0 are not compared. */
export function wantsIntrospectionJwt(accept: string | undefined): boolean {
  if (accept === undefined || accept.length > 1000) return false
  return accept.split(',').some((range) => {
    const [type = '', ...options] = range.split(';').map((part) => part.trim().toLowerCase())
    return type === INTROSPECTION_JWT && !options.some((option) => /^q=0(?:\.0*)?$/.test(option))
  })
}

/**
 * The claims of a signed answer (RFC 9701 §5). What concerns the token is inside `token_introspection`, so that the
 * answer can never be taken for a token itself: it has no `sub` and no `exp` (§5, §8.1).
 */
export const introspectionClaims = (
  answer: Introspection,
  issuer: string,
  asker: ClientId,
  now: Instant,
): JWTPayload => ({ iss: issuer, aud: asker, iat: now, token_introspection: answer })
