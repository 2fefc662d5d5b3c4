import type { Brand } from '../../kernel/brand.ts'
import { withQuery } from '../../protocol/oauth/redirect-uri.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** Where a browser may go after signing out, `state` included. Only `postLogoutAddress` makes one. */
export type PostLogoutAddress = Brand<string, 'PostLogoutAddress'>

/**
 * The address of a request, `undefined` when there is none or it is not registered: compared as text, character by
 * character (RP-Initiated Logout §3). `state` is passed on as it came (§2).
 */
export function postLogoutAddress(
  party: RelyingParty,
  uri: string | undefined,
  state: string | undefined,
): PostLogoutAddress | undefined {
  if (uri === undefined || !party.metadata.post_logout_redirect_uris.includes(uri)) return undefined
  return (state === undefined ? uri : withQuery(uri, new URLSearchParams({ state }))) as PostLogoutAddress
}
