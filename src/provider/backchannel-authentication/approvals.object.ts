import type { Trail } from '../../audit/trail.ts'
import type { CardApprovals } from '../../card-requests/approvals.ts'
import type { WaitingApprovals } from '../../ecps/approvals.ts'
import { address } from '../../kernel/handle.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Authentication } from '../../mire/authentication.ts'
import { phoneAuthentication } from '../../mire/phone.ts'
import type { Channel } from '../../protocol/ciba/authentication-request.ts'
import type { Pings } from './ping.ts'
import type { CibaObject } from './request.object.ts'
import { APPROVAL_PREFIX } from './request.ts'

interface Needs {
  readonly clock: Clock
  readonly trail: Trail
  readonly pings: Pings
}

/** The request that an approval's id leads to. */
const requestOf = (namespace: DurableObjectNamespace<CibaObject>, id: string) => {
  const at = id.startsWith(APPROVAL_PREFIX) ? address(id.slice(APPROVAL_PREFIX.length)) : undefined
  return at === undefined ? undefined : namespace.getByName(at.object)
}

/** The e-CPS's port over the requests that services sent to the phone. */
export function backchannelApprovals(
  namespace: DurableObjectNamespace<CibaObject>,
  needs: Needs,
): WaitingApprovals {
  return {
    async find(id, practitionerId) {
      return (await requestOf(namespace, id)?.findApproval('MOBILE', id, practitionerId))?.approval
    },
    decide: (id, choice, by) =>
      decided(namespace, needs, id, choice, phoneAuthentication(by, needs.clock()), 'MOBILE'),
    async cancel(id, reason) {
      await requestOf(namespace, id)?.cancelApproval(id, reason)
    },
  }
}

/** The port of the card's page over the requests that services sent to the card. */
export const backchannelCardApprovals = (
  namespace: DurableObjectNamespace<CibaObject>,
  needs: Needs,
): CardApprovals => ({
  async find(id, practitionerId) {
    return (await requestOf(namespace, id)?.findApproval('CARD', id, practitionerId))?.approval
  },
  decide: (id, choice, authentication) => decided(namespace, needs, id, choice, authentication, 'CARD'),
})

async function decided(
  namespace: DurableObjectNamespace<CibaObject>,
  { clock, trail, pings }: Needs,
  id: string,
  choice: string,
  authentication: Authentication,
  channel: Channel,
): ReturnType<CardApprovals['decide']> {
  const request = requestOf(namespace, id)
  if (request === undefined) return { refused: 'gone' }
  const practitionerId = authentication.practitioner.id
  const answer = await request.decide({
    channel,
    id,
    choice,
    subject: {
      practitionerId,
      authTime: authentication.authTime,
      contextClass: authentication.contextClass,
      authentication: JSON.stringify(authentication),
    },
  })
  if ('refused' in answer) return answer
  const { outcome, clientId, ping } = answer
  if (outcome === 'approved')
    trail.record({ at: clock(), kind: 'login.proved', practitionerId, clientId, detail: `${channel}, CIBA` })
  // CIBA Core §10.2: "after a successful or failed end-user authentication".
  if (ping !== undefined) pings.send(ping)
  return { outcome }
}
