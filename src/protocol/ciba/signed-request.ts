import * as z from 'zod'
import { after, type Instant } from '../../kernel/instant.ts'
import { OAuthError } from '../oauth/errors.ts'
import { type Parameters, parameters } from '../oauth/parameters.ts'

/** FAPI-CIBA §5.2.2 (9), (10): `exp` at most sixty minutes after `nbf`, and `nbf` at most sixty minutes ago. */
const LONGEST = 3600
/** Seconds by which the client's clock may be wrong. */
const SKEW = 10

/** Members of the request that belong to the client's authentication, and may stand beside a signed request. */
const BESIDE: ReadonlySet<string> = new Set([
  'request',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
])
/** What of the JWT is about the JWT. */
const OF_THE_JWT: ReadonlySet<string> = new Set(['iss', 'aud', 'exp', 'iat', 'nbf', 'jti', 'request'])

const Claims = z.looseObject({
  exp: z.int(),
  iat: z.int(),
  nbf: z.int(),
  jti: z.string().min(1).max(255),
})

/** The parameters in a verified request object, and what makes it good once. */
export interface SignedParameters {
  readonly parameters: Parameters
  readonly jti: string
  readonly expiresAt: Instant
}

/**
 * Nothing of the request may stand outside the JWT: what is not signed would be believed (CIBA Core §7.1.1).
 * @throws OAuthError `invalid_request`
 */
export function nothingBeside(sent: Parameters): void {
  const outside = [...sent.keys()].find((name) => !BESIDE.has(name))
  if (outside !== undefined) {
    throw new OAuthError(
      'invalid_request',
      `parameter '${outside}' must be inside the signed request (CIBA Core section 7.1.1)`,
    )
  }
}

/**
 * The parameters of a request object whose signature, `iss` and `aud` were verified. Strings and numbers only:
 * `requested_expiry` may be either.
 * @throws OAuthError `invalid_request`
 */
export function signedParameters(claims: Readonly<Record<string, unknown>>, now: Instant): SignedParameters {
  const timed = Claims.safeParse(claims)
  if (!timed.success) {
    throw refuse('must have exp, iat, nbf and jti (CIBA Core section 7.1.1)')
  }
  const { exp, nbf, jti } = timed.data
  if (exp <= now - SKEW) throw refuse('has expired')
  if (nbf > now + SKEW) throw refuse('is not valid yet')
  if (exp - nbf > LONGEST || nbf < now - LONGEST) throw refuse('is valid for longer than an hour')
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(claims)) {
    if (OF_THE_JWT.has(name) || value === null || value === undefined) continue
    if (typeof value !== 'string' && typeof value !== 'number') throw refuse(`member '${name}' must be text`)
    search.append(name, String(value))
  }
  return { parameters: parameters(search), jti, expiresAt: after(now, exp - now + SKEW) }
}

const refuse = (why: string) => new OAuthError('invalid_request', `the signed request ${why}`)
