/** Under each realm, what an endpoint is called at Pro Santé Connect (PSC §1.1), and what it is called here. */
const ENDPOINTS: ReadonlyMap<string, string> = new Map([
  ['auth', '/authorize'],
  ['auth/device', '/device_authorization'],
  ['token', '/token'],
  ['token/introspect', '/introspect'],
  ['userinfo', '/userinfo'],
  ['certs', '/jwks'],
  ['logout', '/logout'],
  ['revoke', '/revoke'],
  ['ext/par/request', '/par'],
  ['ext/ciba/auth', '/bc-authorize'],
])

/** A realm's name is of no consequence: there is one issuer here, and its name has no realm in it. */
const REALM =
  /^\/auth\/realms\/[A-Za-z0-9._-]{1,64}\/(?:protocol\/openid-connect\/([a-z/]{1,64})|(\.well-known\/[a-z-]{1,64}))$/

/**
 * The path that a request is answered by: the endpoint's own where it came by a path of Pro Santé Connect's software,
 * and otherwise the one that it has. The request itself stays as it came, so that whatever is bound to its address
 * (RFC 9449 §4.2, `htu`) is compared with the address that the client used.
 */
export function realmPath(path: string): string {
  const [, endpoint = '', wellKnown] = REALM.exec(path) ?? []
  return wellKnown === undefined ? (ENDPOINTS.get(endpoint) ?? path) : `/${wellKnown}`
}
