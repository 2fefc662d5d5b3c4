import { digest } from '../../kernel/digest.ts'
import { address, newObjectName } from '../../kernel/handle.ts'
import type { DEVICE_GRANT } from '../../protocol/oauth/device-authorization.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { TokenRequest } from '../../protocol/oauth/token-request.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import type { DeviceRequests } from '../device-authorization/requests.ts'
import { newRefreshToken } from '../tokens/issue.ts'
import { type Granted, type GrantNeeds, grantRefused, type OnGranted, type Shown } from './grant.ts'

export interface DeviceCodeNeeds {
  readonly deviceRequests: Pick<DeviceRequests, 'poll'>
  readonly sessions: Pick<Sessions, 'grant' | 'look'>
  readonly onGranted?: OnGranted
}

/** What the device that polls is told while there is nothing for it (RFC 8628 §3.5). */
const DESCRIPTIONS = {
  authorization_pending: 'nobody has answered yet',
  slow_down: 'nobody has answered yet; leave five more seconds between requests from now on',
  expired_token: 'the device_code has expired; make a new device authorization request',
  access_denied: 'the person refused',
} as const

/**
 * The device code grant (RFC 8628 §3.4, §3.5): one call of the request's object while it waits; when somebody has
 * answered, one more opens a session for this device alone, as old as the proof that it rests on. Whoever answered from
 * a session of their browser must not have ended it meanwhile, which is a third. Only one poll gets the result.
 * @throws OAuthError a code of §3.5, or `invalid_grant`
 */
export async function deviceCode(
  { deviceRequests, sessions, entropy, onGranted }: Pick<GrantNeeds, 'entropy'> & DeviceCodeNeeds,
  party: RelyingParty,
  request: Extract<TokenRequest, { grantType: typeof DEVICE_GRANT }>,
  { jkt, holder }: Shown,
): Promise<Granted> {
  const code = address(request.deviceCode)
  if (code === undefined) throw grantRefused('unknown')
  const secret = await digest(code.secret)
  const polled = await deviceRequests.poll(code.object, { secret, clientId: party.clientId, jkt })
  switch (polled.outcome) {
    case 'unknown':
    case 'other-client':
    case 'key-missing':
    case 'key-mismatch':
    case 'already-used':
      throw grantRefused(polled.outcome)
    case 'approved': {
      const { from, subject, place, clientName: serviceName, scope, acr } = polled
      if (from !== undefined && (await sessions.look(from.session, from.secret)) === undefined)
        throw grantRefused('session-ended')
      const session = newObjectName(entropy)
      const refresh = await newRefreshToken(party, session, entropy)
      const opened = await sessions.grant(session, {
        subject,
        since: subject.authTime,
        place,
        clientId: party.clientId,
        serviceName,
        scope,
        acr,
        refresh: refresh?.digest,
        holder,
      })
      if ('refused' in opened) throw grantRefused(opened.refused)
      onGranted?.({ grant: opened.grant, serviceName, place })
      return { grant: opened.grant, refresh }
    }
    default:
      throw new OAuthError(polled.outcome, DESCRIPTIONS[polled.outcome])
  }
}
