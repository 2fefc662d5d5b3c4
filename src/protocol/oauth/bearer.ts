import { OAuthError } from './errors.ts'
import type { Parameters } from './parameters.ts'

/**
 * The access token of a request: `Authorization: Bearer` (RFC 6750 §2.1) or the form's `access_token` (§2.2).
 * The query (§2.3) is refused by whoever reads it: URLs end in logs.
 * @returns `undefined` when the request carries none: the answer is then a challenge without an error (§3.1).
 * @throws OAuthError `invalid_request` when it carries two, or one that is malformed (§2, §3.1).
 */
export function presentedToken(
  authorization: string | undefined,
  form: Parameters | undefined,
): string | undefined {
  const posted = form?.get('access_token')
  const scheme = authorization === undefined ? null : /^Bearer(?: +(.*))?$/is.exec(authorization)
  if (scheme === null) return posted
  // RFC 6750 §2: "Clients MUST NOT use more than one method to transmit the token in each request."
  if (posted !== undefined) throw new OAuthError('invalid_request', 'the access token is there in two ways')
  const token = scheme[1]
  // RFC 6750 §2.1, `b64token`.
  if (token === undefined || token.length > 8192 || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token)) {
    throw new OAuthError('invalid_request', 'the access token is malformed')
  }
  return token
}

/** The `WWW-Authenticate` value that goes with a refusal (RFC 6750 §3). Without an error it only says what is wanted. */
export function bearerChallenge(issuer: string, refusal?: OAuthError): string {
  const realm = `Bearer realm="${issuer}"`
  if (refusal === undefined) return realm
  // The description was held to the characters that a quoted-string may carry bare.
  return `${realm}, error="${refusal.code}", error_description="${refusal.description}"`
}
