import type { Trail } from '../audit/trail.ts'
import type { Clock } from '../kernel/instant.ts'
import { type Approval, shownIn } from './approval.ts'
import type { Approvals } from './approvals.ts'
import { type Caller, notAdmitted } from './caller.ts'
import type { Professionals } from './professionals.ts'
import { type Refused, refuse } from './refusal.ts'

export interface RequestsNeeds {
  readonly clock: Clock
  readonly approvals: Approvals
  readonly professionals: Professionals
  readonly trail: Trail
}

/** The requests that wait for this person now. One at most, save for a moment. */
export async function waitingRequests(
  { clock, approvals, professionals }: RequestsNeeds,
  caller: Caller,
): Promise<{ readonly approvals: readonly Approval[] } | Refused> {
  const { id } = caller.practitioner
  const pending = await professionals.pending(id, caller.proof)
  if ('refused' in pending) return notAdmitted(pending)
  const found = await Promise.all(
    pending.waiting.map(async (approval) => ({ approval, waits: await approvals.find(approval, id) })),
  )
  // Cancelled on the computer meanwhile: it must not stand in the way of the next one.
  const gone = found.filter(({ waits }) => waits === undefined)
  await Promise.all(gone.map(({ approval }) => professionals.withdrawn(id, approval)))
  const now = clock()
  return {
    approvals: found.flatMap(({ waits }) => (waits === undefined || waits.expiresAt <= now ? [] : [waits])),
  }
}

/** Attaches this phone to the request behind a scanned or typed code. */
export async function pair(
  { clock, approvals, professionals, trail }: RequestsNeeds,
  caller: Caller,
  scanned: { readonly qr: string } | { readonly code: string },
): Promise<Approval | Refused> {
  const { id } = caller.practitioner
  if (!(await professionals.mayPair(id))) return refuse('try-later', 'too many misses')
  const paired = await approvals.pair(scanned, id)
  if ('refused' in paired) {
    if (paired.refused === 'expired') return refuse('request-expired')
    if (paired.refused === 'already-paired') return refuse('request-gone', 'already paired')
    // Counted: eight characters are enough against guessing only if nobody may guess for long.
    const counted = await professionals.missed(id, caller.proof)
    return 'refused' in counted ? notAdmitted(counted) : refuse('code-unknown')
  }
  const { approval } = paired
  const { service, clientId } = shownIn(approval)
  const listed = await professionals.paired(id, caller.proof, {
    approval: approval.id,
    service,
    expiresAt: approval.expiresAt,
  })
  if ('refused' in listed) return notAdmitted(listed)
  switch (listed.outcome) {
    case 'listed':
      trail.record({ at: clock(), kind: 'approval.paired', practitionerId: id, clientId })
      return approval
    case 'two-at-once':
      await Promise.all(listed.cancel.map((each) => approvals.cancel(each, 'two-at-once')))
      return refuse('two-at-once')
    default:
      return refuse('try-later', listed.outcome)
  }
}
