import { OAuthError } from './errors.ts'

/** What kind of software the client is (OIDC Registration §2). */
export type ApplicationType = 'web' | 'native'

/** RFC 3986 §2: what a URI may be written with. A backslash or a blank is where two parsers begin to disagree. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]{1,2048}$/
const LOOPBACK = /^(?:localhost|[a-z0-9.-]+\.localhost|127\.0\.0\.1|\[::1\])$/

/** Whether this host never leaves the machine (RFC 8252 §7.3; RFC 6761 §6.3 for `.localhost`). */
export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname)

/** A registered URI with an answer added: its own query is kept as it is (RFC 6749 §3.1.2). */
export const withQuery = (uri: string, answer: URLSearchParams): string =>
  `${uri}${!uri.includes('?') ? '?' : /[?&]$/.test(uri) ? '' : '&'}${answer}`

/**
 * A URI that may be registered as a place to send browsers to.
 * Web: https, or http on the loopback. Native: also a private scheme named after a domain (RFC 8252 §7.1).
 * @throws OAuthError `invalid_redirect_uri` (RFC 7591 §3.2.2) saying which rule it breaks.
 */
export function registrableUri(uri: string, type: ApplicationType): string {
  const refuse = (why: string) =>
    new OAuthError('invalid_redirect_uri', `redirect URI '${uri.slice(0, 120)}' ${why}`)
  if (!URI_CHARACTERS.test(uri)) throw refuse('is not a URI')
  // RFC 6749 §3.1.2: "The endpoint URI MUST NOT include a fragment component."
  if (uri.includes('#')) throw refuse('must not have a fragment (RFC 6749 section 3.1.2)')
  if (!URL.canParse(uri)) throw refuse('is not an absolute URI (RFC 6749 section 3.1.2)')
  const url = new URL(uri)
  if (url.username !== '' || url.password !== '') throw refuse('must not carry a user name or password')
  if (url.hostname.includes('*')) throw refuse('must not have a wildcard (RFC 9700 section 2.1)')
  if (url.protocol === 'https:') return uri
  if (url.protocol === 'http:') {
    if (isLoopback(url.hostname)) return uri
    throw refuse('must be https, or http on localhost')
  }
  if (type === 'web') throw refuse('must be https (application_type is web)')
  if (!url.protocol.slice(0, -1).includes('.')) {
    throw refuse('must use a scheme named after a domain, such as org.example.app (RFC 8252 section 7.1)')
  }
  return uri
}
