import { base64url } from 'jose'
import type { Brand } from '../../kernel/brand.ts'
import { sha256 } from '../../kernel/digest.ts'
import { OAuthError } from './errors.ts'

/** The S256 challenge of a request: 43 base64url characters (RFC 7636 §4.2). */
export type CodeChallenge = Brand<string, 'CodeChallenge'>
/** 43 to 128 unreserved characters (RFC 7636 §4.1). */
export type CodeVerifier = Brand<string, 'CodeVerifier'>

/**
 * The challenge of an authorization request, `undefined` when it carries none. Only S256: `plain` protects nothing
 * from whoever reads the request (RFC 9700 §2.1.1).
 * @throws OAuthError `invalid_request` (RFC 7636 §4.4.1).
 */
export function codeChallenge(
  challenge: string | undefined,
  method: string | undefined,
): CodeChallenge | undefined {
  if (challenge === undefined) {
    if (method === undefined) return undefined
    throw new OAuthError('invalid_request', 'code_challenge_method is there without code_challenge')
  }
  // RFC 7636 §4.3: a missing method means `plain`.
  if (method !== 'S256') {
    throw new OAuthError('invalid_request', 'code_challenge_method must be S256 (RFC 7636 section 4.3)')
  }
  if (!/^[A-Za-z0-9_-]{43}$/.test(challenge)) {
    throw new OAuthError(
      'invalid_request',
      'code_challenge must be 43 base64url characters (RFC 7636 section 4.2)',
    )
  }
  return challenge as CodeChallenge
}

/**
 * The verifier of a token request. A malformed one cannot match any challenge: it is refused as a mismatch.
 * @throws OAuthError `invalid_grant` (RFC 7636 §4.1, §4.6).
 */
export function codeVerifier(text: string): CodeVerifier {
  if (!/^[A-Za-z0-9._~-]{43,128}$/.test(text)) {
    throw new OAuthError(
      'invalid_grant',
      'code_verifier must be 43 to 128 unreserved characters (RFC 7636 section 4.1)',
    )
  }
  return text as CodeVerifier
}

/** S256: base64url(SHA-256(ASCII(verifier))), RFC 7636 §4.2. */
export async function challenge(verifier: CodeVerifier): Promise<CodeChallenge> {
  return base64url.encode(await sha256(verifier)) as CodeChallenge
}
