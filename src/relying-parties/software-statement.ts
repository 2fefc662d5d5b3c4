import { createLocalJWKSet, decodeJwt, errors, type JSONWebKeySet, jwtVerify } from 'jose'
import type { Instant } from '../kernel/instant.ts'
import { OAuthError } from '../protocol/oauth/errors.ts'

/** Who may speak for a software is asymmetric: what everybody holds proves nothing (RFC 8725 §3.1). */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
/** About the statement itself, not about the client. */
const ABOUT_ITSELF = new Set(['iss', 'sub', 'aud', 'iat', 'nbf', 'exp', 'jti'])

/** What a software statement says of the client. It comes before what the client says of itself (RFC 7591 §2.3). */
export type Stated = Readonly<Record<string, unknown>>

/**
 * Verifies a software statement (RFC 7591 §2.3) against the keys of those whom this deployment trusts to make them.
 * @throws OAuthError `unapproved_software_statement` when no such key is its signer's, or there are none at all;
 * `invalid_software_statement` when it is no JWT, was changed, or is over (RFC 7591 §3.2.2).
 */
export async function verifySoftwareStatement(
  statement: string,
  keys: JSONWebKeySet | undefined,
  now: Instant,
): Promise<Stated> {
  if (keys === undefined || keys.keys.length === 0) {
    throw new OAuthError('unapproved_software_statement', 'no software statement is accepted here')
  }
  try {
    const { payload } = await jwtVerify(statement, createLocalJWKSet(keys), {
      algorithms: ALGORITHMS,
      // RFC 7591 §2.3: "the software statement MUST be digitally signed … and MUST contain an iss claim".
      requiredClaims: ['iss'],
      currentDate: new Date(now * 1000),
    })
    return ofTheClient(payload)
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
      throw new OAuthError('unapproved_software_statement', 'it was signed by nobody who is trusted here')
    }
    const detail = error instanceof errors.JOSEError ? error.message : 'unreadable'
    throw new OAuthError(
      'invalid_software_statement',
      'it cannot be verified, or is not valid any more',
      detail,
    )
  }
}

/** What a statement said that was accepted before: it may be over by now, and what it said still holds. */
export const acceptedBefore = (statement: string): Stated => ofTheClient(decodeJwt(statement))

const ofTheClient = (claims: Stated): Stated =>
  Object.fromEntries(Object.entries(claims).filter(([name]) => !ABOUT_ITSELF.has(name)))
