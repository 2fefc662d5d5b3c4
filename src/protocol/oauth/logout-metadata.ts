import * as z from 'zod'
import { OAuthError } from './errors.ts'
import { notPublic, plainUri } from './public-uri.ts'
import { isLoopback } from './redirect-uri.ts'

/** How a client wants to be told that a session ended (Back-Channel Logout §2.2, Front-Channel Logout §2). */
export const LOGOUT_MEMBERS = {
  backchannel_logout_uri: z.string().max(2048).optional(),
  backchannel_logout_session_required: z.boolean().default(false),
  frontchannel_logout_uri: z.string().max(2048).optional(),
  frontchannel_logout_session_required: z.boolean().default(false),
}

interface LogoutMetadata {
  readonly redirect_uris: readonly string[]
  readonly backchannel_logout_uri?: string | undefined
  readonly frontchannel_logout_uri?: string | undefined
}

/**
 * Whether a logout token may be sent there: a public address, and where `inward` is set (the sandbox) any other that
 * could be registered.
 */
export const mayReceiveLogout = (uri: string, inward: boolean): boolean =>
  notPublic(uri) === undefined || (inward && plainUri(uri) !== undefined)

/**
 * Holds the addresses to their specifications. Whether we go to the first one is decided again when we do.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function checkLogoutMetadata(metadata: LogoutMetadata): void {
  const { backchannel_logout_uri: back, frontchannel_logout_uri: front } = metadata
  if (back !== undefined) webAddress('backchannel_logout_uri', back)
  if (front === undefined) return
  const { origin } = webAddress('frontchannel_logout_uri', front)
  // Front-Channel Logout §2: "The domain, port, and scheme of this URL MUST be the same as that of a registered
  // Redirection URI value."
  if (!metadata.redirect_uris.some((uri) => URL.canParse(uri) && new URL(uri).origin === origin)) {
    throw invalid('frontchannel_logout_uri must be on the origin of a redirect URI')
  }
}

function webAddress(member: string, uri: string): URL {
  const url = plainUri(uri)
  if (url === undefined) throw invalid(`${member} is not an absolute URI without fragment`)
  if (url.username !== '' || url.password !== '') {
    throw invalid(`${member} must not carry a user name or password`)
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return url
  throw invalid(`${member} must be https, or http on localhost`)
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', why)
