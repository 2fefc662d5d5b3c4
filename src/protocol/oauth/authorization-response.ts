import { OAuthError } from './errors.ts'
import { withQuery } from './redirect-uri.ts'
import type { ReturnAddress } from './return-address.ts'

/** What an authorization response says: a code, or a refusal. */
export type AuthorizationResponse = { readonly code: string } | { readonly refused: OAuthError }

/**
 * The URL that carries an authorization response (RFC 6749 §4.1.2, §4.1.2.1): the redirect URI with its own query
 * kept (§3.1.2), then the answer, `state` as it was sent, and who answers (`iss`, RFC 9207 §2).
 */
export function authorizationResponse(
  address: ReturnAddress,
  response: AuthorizationResponse,
  issuer: string,
): string {
  const answer = new URLSearchParams()
  if ('code' in response) {
    answer.set('code', response.code)
  } else {
    answer.set('error', response.refused.code)
    answer.set('error_description', response.refused.description)
  }
  if (address.state !== undefined) answer.set('state', address.state)
  answer.set('iss', issuer)
  return withQuery(address.redirectUri, answer)
}

/**
 * Refuses every `response_mode` but the code flow's own, `query` (OAuth 2.0 Multiple Response Types §2.1).
 * @throws OAuthError `invalid_request`
 */
export function responseMode(mode: string | undefined): void {
  if (mode !== undefined && mode !== 'query') {
    throw new OAuthError('invalid_request', 'response_mode must be query')
  }
}
