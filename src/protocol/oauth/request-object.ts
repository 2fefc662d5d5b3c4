import type { JWTPayload, JWTVerifyOptions } from 'jose'
import type { ClientId } from '../../kernel/identifiers.ts'
import { after, type Instant } from '../../kernel/instant.ts'
import { OAuthError } from './errors.ts'
import { type Parameters, parameters } from './parameters.ts'
import { STRICT_ALGORITHMS } from './strict-metadata.ts'

/** Algorithms accepted on a request object (RFC 9101 §6.2): asymmetric ones, never `none`. */
export const REQUEST_OBJECT_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
export type RequestObjectAlgorithm = (typeof REQUEST_OBJECT_ALGORITHMS)[number]

/** Seconds that a request object may live, and by which the client's clock may be wrong. */
const LONGEST = 3600
const SKEW = 10

/** `typ` of a request object (RFC 9101 §10.8). `JWT` or none is what older clients send (OIDC Core §6.1). */
const TYPES = ['oauth-authz-req+jwt', 'application/oauth-authz-req+jwt', 'jwt']

/** Claims of the JWT itself, which are no authorization parameters (RFC 9101 §4). */
const OWN = new Set(['iss', 'aud', 'exp', 'nbf', 'iat', 'jti'])

/** What is asked of a request object before its claims are read (RFC 9101 §6.2, §10.2; RFC 8725 §3.9, §3.10). */
export function requestObjectChecks(
  { clientId, registered, strict, issuer }: RequestObjectContext,
  now: Instant,
): JWTVerifyOptions & { algorithms: string[]; currentDate: Date } {
  return {
    algorithms: REQUEST_OBJECT_ALGORITHMS.filter(
      (alg) =>
        (registered === undefined || alg === registered) && (!strict || STRICT_ALGORITHMS.includes(alg)),
    ),
    // RFC 9101 §4: the client is the issuer and we are the audience; another client's object is not this one's.
    issuer: clientId,
    audience: issuer,
    // A request without an end could be sent to a person years later.
    requiredClaims: ['iss', 'aud', 'exp', 'client_id', ...(strict ? ['nbf'] : [])],
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  }
}

export interface RequestObjectContext {
  readonly clientId: ClientId
  /** The algorithm of the registration (`request_object_signing_alg`), if it has one. */
  readonly registered: RequestObjectAlgorithm | undefined
  /** Whether FAPI 2.0 Message Signing §5.3.1 holds: `nbf` is required, and RS256 is out. */
  readonly strict: boolean
  readonly issuer: string
}

/** Whether the header may be a request object's. Said apart, because a `typ` may be left out. */
export const isRequestObjectType = (typ: unknown): boolean =>
  typ === undefined || (typeof typ === 'string' && TYPES.includes(typ.toLowerCase()))

/**
 * The authorization parameters of a verified request object. Nothing outside of it counts (RFC 9101 §5, §6.3), but
 * for `client_id`, which must be the same.
 * @throws OAuthError `invalid_request_object` (RFC 9101 §7).
 */
export function requestObjectParameters(claims: JWTPayload, clientId: ClientId, now: Instant): Parameters {
  if (claims.client_id !== clientId) throw refused('client_id is not the one of the request')
  // RFC 9101 §4: "request and request_uri parameters MUST NOT be included in Request Objects."
  if ('request' in claims || 'request_uri' in claims) throw refused('it holds another request')
  // RFC 9101 §10.8: with the client as subject it could be taken for a client assertion.
  if ('sub' in claims) throw refused('it has a subject')
  if (claims.exp !== undefined && claims.exp > after(now, LONGEST + SKEW))
    throw refused(`exp is more than ${LONGEST} seconds ahead`)
  if (claims.nbf !== undefined && claims.nbf < after(now, -LONGEST - SKEW))
    throw refused(`nbf is more than ${LONGEST} seconds ago`)
  // FAPI 2.0 Message Signing §5.3.1.
  if (claims.exp !== undefined && claims.nbf !== undefined && claims.exp - claims.nbf > LONGEST + SKEW)
    throw refused(`exp is more than ${LONGEST} seconds after nbf`)
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(claims)) {
    if (OWN.has(name)) continue
    search.append(name, written(name, value))
  }
  try {
    return parameters(search)
  } catch (thrown) {
    throw thrown instanceof OAuthError ? refused(thrown.description) : thrown
  }
}

/** RFC 9101 §4: strings as they are, numbers as numbers; `claims` is JSON in a query and an object here. */
function written(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (name === 'claims' && typeof value === 'object' && value !== null) return JSON.stringify(value)
  throw refused(`'${name.slice(0, 40)}' is neither text nor a number`)
}

/** A refused request object, with the reason: whoever signs it must repair it. */
export const refused = (why: string): OAuthError =>
  new OAuthError('invalid_request_object', `the request object is refused: ${why}`)
