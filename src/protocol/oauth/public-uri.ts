/** RFC 3986 §2: what an absolute URI without a fragment may be written with. */
const URI_CHARACTERS = /^[A-Za-z0-9\-._~:/?[\]@!$&'()*+,;=%]{1,2048}$/
/** A name of the public DNS: two labels at least, the last one letters, so that no address is one. */
const PUBLIC_NAME = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,20}(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/
/** Names that lead inward or nowhere (RFC 6761, RFC 6762, RFC 8375, RFC 9476, and what networks use by habit). */
const INWARD =
  /(?:^|\.)(?:localhost|local|internal|intranet|private|corp|home|lan|localdomain|arpa|onion|alt)$/

/**
 * Why we do not go to an address that a client chose, `undefined` where we do: https on its own port, at a name of the
 * public DNS. Redirects are refused by whoever fetches it.
 */
export function notPublic(uri: string): string | undefined {
  const url = plainUri(uri)
  if (url === undefined) return 'is not an absolute URI without fragment'
  if (url.protocol !== 'https:') return 'must be https'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  if (url.port !== '') return 'must be on port 443'
  if (!PUBLIC_NAME.test(url.hostname) || INWARD.test(url.hostname))
    return 'must be at a name of the public DNS'
  return undefined
}

/** An absolute URI without a fragment, written with the characters of RFC 3986 only; `undefined` otherwise. */
export const plainUri = (uri: string): URL | undefined =>
  URI_CHARACTERS.test(uri) && URL.canParse(uri) ? new URL(uri) : undefined
