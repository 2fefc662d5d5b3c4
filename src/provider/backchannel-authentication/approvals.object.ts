import type { Trail } from '../../audit/trail.ts'
import type { WaitingApprovals } from '../../ecps/approvals.ts'
import { address } from '../../kernel/handle.ts'
import type { Clock } from '../../kernel/instant.ts'
import { phoneAuthentication } from '../../mire/phone.ts'
import type { Pings } from './ping.ts'
import type { CibaObject } from './request.object.ts'
import { APPROVAL_PREFIX } from './request.ts'

interface Needs {
  readonly clock: Clock
  readonly trail: Trail
  readonly pings: Pings
}

/** The e-CPS's port over the requests that services sent. */
export function backchannelApprovals(
  namespace: DurableObjectNamespace<CibaObject>,
  { clock, trail, pings }: Needs,
): WaitingApprovals {
  const requestOf = (id: string) => {
    const at = id.startsWith(APPROVAL_PREFIX) ? address(id.slice(APPROVAL_PREFIX.length)) : undefined
    return at === undefined ? undefined : namespace.getByName(at.object)
  }
  return {
    async find(id, practitionerId) {
      return (await requestOf(id)?.findApproval(id, practitionerId))?.approval
    },
    async decide(id, choice, by) {
      const request = requestOf(id)
      if (request === undefined) return { refused: 'gone' }
      const now = clock()
      const authentication = phoneAuthentication(by, now)
      const practitionerId = authentication.practitioner.id
      const decided = await request.decide({
        id,
        choice,
        subject: {
          practitionerId,
          authTime: authentication.authTime,
          contextClass: authentication.contextClass,
          authentication: JSON.stringify(authentication),
        },
      })
      if ('refused' in decided) return decided
      const { outcome, clientId, ping } = decided
      if (outcome === 'approved')
        trail.record({ at: now, kind: 'login.proved', practitionerId, clientId, detail: 'MOBILE, CIBA' })
      // CIBA Core §10.2: "after a successful or failed end-user authentication".
      if (ping !== undefined) pings.send(ping)
      return { outcome }
    },
    async cancel(id, reason) {
      await requestOf(id)?.cancelApproval(id, reason)
    },
  }
}
