import type { Brand } from '../../kernel/brand.ts'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { ClientMetadata } from './client-metadata.ts'
import type { ResponseMode } from './response-mode.ts'

/**
 * A place where an answer may be sent: a redirect URI that this client registered. No address, no redirect; only
 * `returnAddress` makes one, so an open redirect does not compile.
 */
export type ReturnAddress = Brand<
  {
    readonly clientId: ClientId
    readonly redirectUri: string
    readonly state: string | undefined
    readonly responseMode: ResponseMode
  },
  'ReturnAddress'
>

/** What of a client decides where it may be answered. */
export interface Registered {
  readonly clientId: ClientId
  readonly metadata: Pick<ClientMetadata, 'redirect_uris' | 'application_type'>
}

/** http on the loopback: host, then everything after the port (RFC 8252 §7.3). */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)(?::[0-9]{1,5})?((?:[/?].*)?)$/

/**
 * The address for this request, `undefined` when its `redirect_uri` is absent (OIDC Core §3.1.2.1 requires it) or is
 * not registered. Compared as text, character by character (RFC 9700 §2.1, RFC 3986 §6.2.1); a native application
 * may listen on any port of the loopback (RFC 8252 §7.3).
 */
export function returnAddress(
  client: Registered,
  redirectUri: string | undefined,
  state: string | undefined,
  responseMode: ResponseMode = 'query',
): ReturnAddress | undefined {
  if (redirectUri === undefined) return undefined
  const { redirect_uris: registered, application_type: type } = client.metadata
  const found = registered.includes(redirectUri)
  if (!found && !(type === 'native' && registered.some((uri) => sameButForPort(uri, redirectUri))))
    return undefined
  return { clientId: client.clientId, redirectUri, state, responseMode } as ReturnAddress
}

function sameButForPort(registered: string, asked: string): boolean {
  const a = LOOPBACK.exec(registered)
  const b = LOOPBACK.exec(asked)
  // Five digits may still be no port: what cannot be parsed cannot be gone to.
  return a !== null && b !== null && a[1] === b[1] && a[2] === b[2] && URL.canParse(asked)
}
