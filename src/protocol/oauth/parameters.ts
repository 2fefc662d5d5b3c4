import { OAuthError } from './errors.ts'

/** The parameters of one request, each once and with a value. */
export type Parameters = ReadonlyMap<string, string>

/** Bounds on what is read at all, in parameters and in UTF-16 units. Far above any real request. */
const MOST_PARAMETERS = 64
const LONGEST_NAME = 128
const LONGEST_VALUE = 8192
const LONGEST_TOGETHER = 20_000

/**
 * The parameters of a query or a form.
 * @throws OAuthError `invalid_request` for one that is there twice (RFC 6749 §3.1, §3.2), even if one of the two is
 * empty, and for a request beyond the bounds above.
 */
export function parameters(search: URLSearchParams): Parameters {
  const seen = new Set<string>()
  const found = new Map<string, string>()
  let together = 0
  for (const [name, value] of search) {
    together += name.length + value.length
    if (seen.size >= MOST_PARAMETERS || together > LONGEST_TOGETHER) {
      throw new OAuthError('invalid_request', 'the request is too large')
    }
    if (name.length > LONGEST_NAME || value.length > LONGEST_VALUE) {
      throw new OAuthError('invalid_request', `parameter '${name.slice(0, 40)}' is too long`)
    }
    // RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
    if (seen.has(name)) throw new OAuthError('invalid_request', `parameter '${name}' must not be there twice`)
    seen.add(name)
    // RFC 6749 §3.1: a parameter without a value is treated as omitted.
    if (value !== '') found.set(name, value)
  }
  return found
}
