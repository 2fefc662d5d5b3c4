import type { Trail } from '../../audit/trail.ts'
import type { WaitingApprovals } from '../../ecps/approvals.ts'
import type { Phones } from '../../ecps/professionals.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Channel } from '../../protocol/ciba/authentication-request.ts'
import type { Directory } from '../../rpps/directory.ts'
import { type Named, ringName } from './person.ts'
import type { BackchannelRequests } from './requests.ts'

export interface RingNeeds {
  readonly clock: Clock
  readonly trail: Trail
  readonly directory: Directory
  readonly requests: Pick<BackchannelRequests, 'address'>
  readonly phones: Pick<Phones, 'announce'>
  readonly approvals: Pick<WaitingApprovals, 'cancel'>
}

/**
 * Rings the person's phone, or lists the request for their card, behind the answer: one query and two object calls,
 * whoever the person is and whether there is one. What came of it is told to nobody but the trail.
 */
export async function ring(
  { clock, trail, directory, requests, phones, approvals }: RingNeeds,
  request: {
    readonly name: ObjectName
    readonly channel: Channel
    readonly clientId: ClientId
    readonly clientName: string
    /** From a client that asks people for theirs. */
    readonly userCode: string | undefined
  },
  person: Named,
): Promise<void> {
  const { name, channel, clientId, clientName, userCode } = request
  const record = (detail: string) => trail.record({ at: clock(), kind: 'approval.asked', clientId, detail })
  try {
    const practitionerId = await ringName(directory, person)
    const { outcome } = await requests.address(name, practitionerId)
    if (outcome === 'gone') return record('service: gone')
    const { approval } = outcome
    const announced = await phones.announce({
      practitionerId,
      approval: approval.id,
      loginName: name,
      service: clientName,
      expiresAt: approval.expiresAt,
      askedBy: clientId,
      forCard: channel === 'CARD',
      userCode,
    })
    record(`service: ${announced.outcome}`)
    if (announced.outcome === 'two-at-once')
      for (const id of new Set([...announced.cancel, approval.id])) await approvals.cancel(id, 'two-at-once')
  } catch (thrown) {
    record(`service: failed, ${String(thrown).slice(0, 200)}`)
  }
}
