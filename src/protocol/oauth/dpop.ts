import { calculateJwkThumbprint, EmbeddedJWK, errors, jwtVerify } from 'jose'
import * as z from 'zod'
import { digest, sameDigest } from '../../kernel/digest.ts'
import { after, type Instant } from '../../kernel/instant.ts'
import { OAuthError } from './errors.ts'

/**
 * Algorithms of a proof (RFC 9449 §4.2: asymmetric, never `none`), as discovery and challenges name them. Those of
 * FAPI 2.0 Security Profile §5.4.1 for everybody: a proof is read before it is known whose it is, and no older client
 * makes one.
 */
export const DPOP_ALGORITHMS = ['ES256', 'EdDSA', 'Ed25519', 'PS256'] as const

/**
 * Seconds by which `iat` may lie behind and ahead of us. How old a proof really is, our nonce tells; `iat` only keeps
 * out what was made long before or for long after.
 */
const BEHIND = 300
const AHEAD = 60
/** Seconds by which `nbf` and `exp` of a proof, which nobody asks for, may be off. */
const SKEW = 10
/** An RSA key of 8192 bits and its signature fit. */
const LONGEST_PROOF = 8192

/** RFC 7638 thumbprint of a key, base64url: what `jkt` and `dpop_jkt` carry (RFC 9449 §6.1, §10). */
const THUMBPRINT = /^[A-Za-z0-9_-]{43}$/

/** A proof that holds, but for its nonce and its having been seen before. */
export interface DpopProof {
  /** Thumbprint of the key that signed it. */
  readonly jkt: string
  readonly jti: string
  readonly nonce: string | undefined
}

/** The request that a proof must have been made for. */
export interface ProvenRequest {
  readonly method: string
  /** Addresses that this request may have been sent to; only their origin and path count. */
  readonly urls: readonly string[]
  /** The access token that came with it, at a resource (RFC 9449 §7). */
  readonly accessToken?: string
}

const Claims = z.looseObject({
  jti: z.string().min(1).max(255),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  ath: z.string().optional(),
  nonce: z.string().max(255).optional(),
})

/**
 * Checks a DPoP proof against the request that it came with (RFC 9449 §4.3). Whether its nonce is one of ours
 * (§4.3 (10)) and whether its `jti` was seen (§11.1) is for whoever keeps those.
 * @returns the reason for refusing it otherwise. Never throws.
 */
export async function dpopProof(
  proof: string,
  request: ProvenRequest,
  now: Instant,
): Promise<DpopProof | { readonly rejected: string }> {
  // RFC 9449 §4.3 (1), (2): one header field, one JWT. Two fields arrive joined by a comma.
  if (proof.length > LONGEST_PROOF || !/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(proof)) {
    return { rejected: 'it is not one JWT' }
  }
  let verified: Awaited<ReturnType<typeof signed>>
  try {
    verified = await signed(proof, now)
  } catch (error) {
    return { rejected: error instanceof errors.JOSEError ? error.message : 'it is unreadable' }
  }
  const claims = Claims.safeParse(verified.payload)
  if (!claims.success)
    return { rejected: `${claims.error.issues[0]?.path.join('.')} is missing or malformed` }
  const { htm, htu, iat, ath, jti, nonce } = claims.data
  // RFC 9449 §4.3 (8): methods are case-sensitive (RFC 9110 §9.1).
  if (htm !== request.method) return { rejected: 'htm is not the method of the request' }
  // RFC 9449 §4.3 (9).
  const target = withoutQuery(htu)
  if (target === undefined || !request.urls.some((url) => withoutQuery(url) === target)) {
    return { rejected: 'htu is not the URI of the request' }
  }
  // RFC 9449 §4.3 (11).
  if (iat < after(now, -BEHIND)) return { rejected: 'iat is too long ago' }
  if (iat > after(now, AHEAD)) return { rejected: 'iat lies in the future' }
  if (request.accessToken !== undefined) {
    // RFC 9449 §4.3 (12): a proof stolen with one token is worth nothing with another.
    if (ath === undefined || !sameDigest(ath, await digest(request.accessToken)))
      return { rejected: 'ath is not the hash of the access token' }
  }
  return { jkt: verified.jkt, jti, nonce }
}

/** RFC 9449 §4.3 (3)–(7): `typ`, an asymmetric `alg`, and a signature by the public key in `jwk`. */
async function signed(proof: string, now: Instant) {
  const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
    typ: 'dpop+jwt',
    algorithms: [...DPOP_ALGORITHMS],
    // FAPI 2.0 Security Profile §5.3.2.1: an `nbf` up to ten seconds ahead.
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  })
  // EmbeddedJWK took it only as an object, and as a public key.
  return { payload, jkt: await calculateJwkThumbprint(protectedHeader.jwk ?? {}) }
}

/**
 * A URI without query and fragment, in the normal form of RFC 3986 §6.2.2 and §6.2.3, `undefined` for what is none.
 * A backslash or a blank is refused: there two parsers begin to disagree.
 */
function withoutQuery(uri: string): string | undefined {
  if (uri.length > 2048 || !/^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/.test(uri) || !URL.canParse(uri)) {
    return undefined
  }
  const url = new URL(uri)
  if (url.username !== '' || url.password !== '') return undefined
  const path = url.pathname.replace(/%[0-9a-f]{2}/gi, (encoded) => {
    const character = String.fromCharCode(Number.parseInt(encoded.slice(1), 16))
    return /[A-Za-z0-9\-._~]/.test(character) ? character : encoded.toUpperCase()
  })
  return `${url.protocol}//${url.host}${path}`
}

/**
 * `dpop_jkt` of an authorization request: the key that alone may redeem the code (RFC 9449 §10).
 * @throws OAuthError `invalid_request`
 */
export function dpopJkt(text: string | undefined): string | undefined {
  if (text === undefined || THUMBPRINT.test(text)) return text
  throw new OAuthError('invalid_request', 'dpop_jkt must be a SHA-256 thumbprint (RFC 9449 section 10)')
}

/**
 * The access token of `Authorization: DPoP` (RFC 9449 §7.1), `undefined` when the request does not use that scheme.
 * @throws OAuthError `invalid_request` when it is malformed.
 */
export function dpopToken(authorization: string | undefined): string | undefined {
  const scheme = authorization === undefined ? null : /^DPoP(?: +(.*))?$/is.exec(authorization)
  if (scheme === null) return undefined
  const token = scheme[1]
  // RFC 9449 §7.1, `token68`.
  if (token === undefined || token.length > 8192 || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new OAuthError('invalid_request', 'the access token is malformed')
  }
  return token
}

/** The `WWW-Authenticate` challenge of a resource that takes DPoP-bound tokens (RFC 9449 §7.1). */
export function dpopChallenge(issuer: string, refusal?: OAuthError): string {
  const error =
    refusal === undefined ? '' : `, error="${refusal.code}", error_description="${refusal.description}"`
  return `DPoP realm="${issuer}"${error}, algs="${DPOP_ALGORITHMS.join(' ')}"`
}
