import type { ClientId } from '../../kernel/identifiers.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'

/** Services whose frames are loaded; a browser that signed in to more is told of them by the back channel. */
const MOST = 10

/**
 * What to load in the browser so that services forget it (Front-Channel Logout §2): the address of each that
 * registered one, with `iss` and `sid`, which tell it that we ask and for which session.
 */
export async function logoutFrames(
  services: readonly { readonly clientId: ClientId; readonly sid: string }[],
  relyingParties: Pick<RelyingParties, 'find'>,
  issuer: string,
): Promise<readonly string[]> {
  const frames = await Promise.all(
    services.map(async ({ clientId, sid }) => {
      const uri = (await relyingParties.find(clientId))?.metadata.frontchannel_logout_uri
      if (uri === undefined) return []
      const url = new URL(uri)
      url.searchParams.set('iss', issuer)
      url.searchParams.set('sid', sid)
      return [url.href]
    }),
  )
  return frames.flat().slice(0, MOST)
}
