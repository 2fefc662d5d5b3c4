import {
  createLocalJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { after, type Instant, instant } from '../../kernel/instant.ts'
import { ASSERTION_ALGORITHMS } from '../../protocol/oauth/client-metadata.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** Seconds ahead of now that an assertion may expire: how long its `jti` must be remembered. */
export const LONGEST_ASSERTION = 300
/** Seconds by which the client's clock may be wrong. */
const SKEW = 10

/** An assertion that holds, but for its having been seen before. */
export interface Assertion {
  readonly jti: string
  readonly expiresAt: Instant
}

/**
 * Verifies a client assertion (RFC 7523 §3, OIDC Core §9) against the keys of the registration.
 * @param audiences what the client may call us: the issuer, or the URL of the token endpoint.
 * @returns the reason for refusing it otherwise; it is for the trail.
 */
export async function verifyAssertion(
  text: string,
  party: RelyingParty,
  audiences: readonly string[],
  now: Instant,
): Promise<Assertion | { readonly rejected: string }> {
  const { jwks, token_endpoint_auth_signing_alg: registered } = party.metadata
  if (jwks === undefined) return { rejected: 'no keys registered' }
  const options: JWTVerifyOptions = {
    // `none` and the HMACs are not in the list, so a public key can never be taken for a secret (RFC 8725 §3.1).
    algorithms: registered === undefined ? [...ASSERTION_ALGORITHMS] : [registered],
    issuer: party.clientId,
    subject: party.clientId,
    audience: [...audiences],
    requiredClaims: ['iss', 'sub', 'aud', 'exp', 'jti'],
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  }
  let claims: JWTPayload
  try {
    claims = await verified(text, jwks, options)
  } catch (error) {
    return { rejected: error instanceof errors.JOSEError ? error.message : 'unreadable' }
  }
  const { aud, exp, jti } = claims
  // A token made for two servers could be replayed here by the other one.
  if (Array.isArray(aud) && aud.length !== 1) return { rejected: 'more than one audience' }
  if (exp === undefined || exp > after(now, LONGEST_ASSERTION + SKEW))
    return { rejected: 'exp is too far ahead' }
  if (typeof jti !== 'string' || jti === '' || jti.length > 255) return { rejected: 'jti is not usable' }
  return { jti, expiresAt: instant(exp + SKEW) }
}

/** A registration may hold several keys and the header name none of them: then each that fits is tried. */
async function verified(
  text: string,
  jwks: NonNullable<RelyingParty['metadata']['jwks']>,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    // Held to the shape of public keys when it was registered; jose checks each again as it imports it.
    return (await jwtVerify(text, createLocalJWKSet(jwks as JSONWebKeySet), options)).payload
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
