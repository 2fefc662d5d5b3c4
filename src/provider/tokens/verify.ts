import { createLocalJWKSet, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import type * as z from 'zod'
import type { Instant } from '../../kernel/instant.ts'
import { ACCESS_TOKEN_TYPE, AccessTokenClaims } from '../../protocol/oauth/access-token.ts'

/** For no use of a token but its end. */
export const ANY_AUDIENCE = Symbol('any audience')

type KeySet = ReturnType<typeof createLocalJWKSet>

/** Imported keys, kept as long as the copy of the JWKS that they came from. */
const imported = new WeakMap<JSONWebKeySet, KeySet>()

/** An access token of ours that holds: signature, `typ`, `iss`, `aud`, `exp` (RFC 9068 §4). */
export type VerifiedAccessToken =
  | { readonly claims: z.infer<typeof AccessTokenClaims> }
  /** The reason is for the trail. */
  | { readonly rejected: string }

/**
 * Verifies an access token without asking anybody; whether its family still lives is for the session to say.
 * `audience` is whom it must be for, one of them at least: ourselves, unless an API asks about its own tokens, and
 * whoever it is (`ANY_AUDIENCE`) where a client only gives it up.
 */
export async function verifyAccessToken(
  token: string,
  jwks: JSONWebKeySet,
  issuer: string,
  now: Instant,
  audience: string | string[] | typeof ANY_AUDIENCE = issuer,
): Promise<VerifiedAccessToken> {
  const keys = imported.get(jwks) ?? createLocalJWKSet(jwks)
  imported.set(jwks, keys)
  try {
    const { payload } = await jwtVerify(token, keys, {
      typ: ACCESS_TOKEN_TYPE,
      issuer,
      ...(audience === ANY_AUDIENCE ? {} : { audience }),
      algorithms: ['ES256'],
      requiredClaims: ['exp', 'jti'],
      currentDate: new Date(now * 1000),
    })
    const claims = AccessTokenClaims.safeParse(payload)
    return claims.success ? { claims: claims.data } : { rejected: 'claims are missing' }
  } catch (error) {
    return { rejected: error instanceof errors.JOSEError ? error.message : 'unreadable' }
  }
}
