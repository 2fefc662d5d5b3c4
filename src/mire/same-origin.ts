/**
 * Whether a request that changes something comes from our own pages. `Sec-Fetch-Site` cannot be set by a page, and
 * every current browser sends it; our pages' `Referrer-Policy: no-referrer` makes the `Origin` of their forms `null`,
 * so `Origin` is asked only where the better header is missing. Neither: not from a page of ours.
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export function comesFromHere(headers: { get(name: string): string | null }, issuer: string): boolean {
  const site = headers.get('sec-fetch-site')
  return site === null ? headers.get('origin') === issuer : site === 'same-origin'
}
