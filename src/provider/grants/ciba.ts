import { digest } from '../../kernel/digest.ts'
import { address, newObjectName } from '../../kernel/handle.ts'
import type { ObjectName } from '../../kernel/identifiers.ts'
import { NOWHERE } from '../../kernel/place.ts'
import type { CIBA_GRANT } from '../../protocol/oauth/backchannel-metadata.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { TokenRequest } from '../../protocol/oauth/token-request.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import type { BackchannelRequests } from '../backchannel-authentication/requests.ts'
import { newRefreshToken } from '../tokens/issue.ts'
import { type Granted, type GrantNeeds, grantRefused, type OnGranted, type Shown } from './grant.ts'

export interface CibaNeeds {
  readonly backchannelRequests: Pick<BackchannelRequests, 'poll'>
  readonly sessions: Pick<Sessions, 'grant'>
  readonly onGranted?: OnGranted
}

/** What the client that polls is told while there is nothing for it (CIBA Core §11). */
const DESCRIPTIONS = {
  authorization_pending: 'the person has not answered yet',
  slow_down: 'the person has not answered yet; leave five more seconds between requests from now on',
  expired_token: 'the auth_req_id has expired; make a new authentication request',
  access_denied: 'the person refused, or did not recognise the request',
} as const

/**
 * The CIBA grant (CIBA Core §10.1, §11): one call of the request's object while it waits; when it is approved, one
 * more opens a session for this client alone. Only one poll gets the result.
 * @throws OAuthError a code of §11, or `invalid_grant`
 */
export async function ciba(
  { backchannelRequests, sessions, entropy, onGranted }: Pick<GrantNeeds, 'entropy'> & CibaNeeds,
  party: RelyingParty,
  request: Extract<TokenRequest, { grantType: typeof CIBA_GRANT }>,
  { holder }: Shown,
): Promise<Granted> {
  const authReqId = address(request.authReqId)
  if (authReqId === undefined) throw grantRefused('unknown')
  const secret = await digest(authReqId.secret)
  const polled = await backchannelRequests.poll(authReqId.object, { secret, clientId: party.clientId })
  switch (polled.outcome) {
    case 'unknown':
    case 'other-client':
    case 'already-used':
      throw grantRefused(polled.outcome)
    case 'approved': {
      const session: ObjectName = newObjectName(entropy)
      const refresh = await newRefreshToken(party, session, entropy)
      const opened = await sessions.grant(session, {
        subject: polled.subject,
        place: NOWHERE,
        clientId: party.clientId,
        serviceName: polled.clientName,
        scope: polled.scope,
        acr: polled.acr,
        refresh: refresh?.digest,
        holder,
      })
      if ('refused' in opened) throw grantRefused(opened.refused)
      onGranted?.({ grant: opened.grant, serviceName: polled.clientName, place: NOWHERE })
      return { grant: opened.grant, refresh }
    }
    default:
      throw new OAuthError(polled.outcome, DESCRIPTIONS[polled.outcome])
  }
}
