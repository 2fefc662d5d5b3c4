import {
  createLocalJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import type { ClientKeys, KeyHolder } from './client-keys.ts'

type KeySet = ReturnType<typeof createLocalJWKSet>

/** Imported keys, kept as long as the set that they came from. */
const imported = new WeakMap<JSONWebKeySet, KeySet>()

/** A JWT that a key of the client signed and that meets the options. The reason otherwise is for the trail. */
export type VerifiedByClient = { readonly claims: JWTPayload } | { readonly rejected: string }

/** Seconds ahead of us at which a JWT may say that it was made (FAPI 2.0 Security Profile §5.3.2.1). */
const AHEAD = 60

/** RFC 7515 §7.1, §5.2: base64url with no line breaks, whitespace, or other additional characters. */
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** What a JWT of a client must be. `acceptsType`: whether its `typ` may be this one (RFC 8725 §3.11). */
export type ClientJwtChecks = JWTVerifyOptions & {
  readonly algorithms: string[]
  readonly currentDate: Date
  readonly acceptsType?: (typ: unknown) => boolean
}

/**
 * Verifies a JWT that a relying party signed: a client assertion (RFC 7523 §3) or a request object (RFC 9101 §6.2).
 * `options.algorithms` must name asymmetric algorithms only: then neither `none` nor a public key taken for a secret
 * can pass (RFC 8725 §3.1, §3.2). Never throws.
 */
export async function verifySignedByClient(
  text: string,
  party: KeyHolder,
  keys: ClientKeys,
  { acceptsType = () => true, ...options }: ClientJwtChecks,
): Promise<VerifiedByClient> {
  try {
    const { kid, alg, typ } = decodeProtectedHeader(text)
    if (!acceptsType(typ)) return { rejected: 'another kind of JWT' }
    // Before anything is fetched. A key that the token brings itself (`jwk`, `jku`, `x5c`, `x5u`) is not looked at
    // (RFC 8725 §3.10).
    if (alg === undefined || !options.algorithms.includes(alg)) return { rejected: `alg ${alg}` }
    // The same JWT in other letters would be another text with the same signature: jose forgives blanks and padding.
    if (!COMPACT.test(text)) return { rejected: 'it is not one compact JWS (RFC 7515 §5.2)' }
    const set = await keys.of(party, kid)
    if ('unavailable' in set) return { rejected: set.unavailable }
    const claims = await verified(text, keySetOf(set.jwks), options)
    const now = options.currentDate.getTime() / 1000
    return claims.iat !== undefined && claims.iat > now + AHEAD
      ? { rejected: 'iat lies in the future' }
      : { claims }
  } catch (error) {
    return { rejected: error instanceof errors.JOSEError ? error.message : 'unreadable' }
  }
}

function keySetOf(jwks: JSONWebKeySet): KeySet {
  const known = imported.get(jwks)
  if (known !== undefined) return known
  // Held to the shape of public keys when it was registered or fetched; jose checks each again as it imports it.
  const fresh = createLocalJWKSet(jwks)
  imported.set(jwks, fresh)
  return fresh
}

/** A set may hold several keys and the header name none of them: then each that fits is tried. */
async function verified(text: string, keys: KeySet, options: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(text, keys, options)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    for await (const key of error) {
      try {
        return (await jwtVerify(text, key, options)).payload
      } catch (again) {
        if (!(again instanceof errors.JWSSignatureVerificationFailed)) throw again
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}
