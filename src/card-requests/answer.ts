import * as z from 'zod'
import type { Trail } from '../audit/trail.ts'
import type { CardHolders } from '../cards/holders.ts'
import { type Approval, NONE, shownIn } from '../ecps/approval.ts'
import type { CardWaiting } from '../ecps/professionals.ts'
import type { Digest } from '../kernel/digest.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import { cardAuthentication } from '../mire/card.ts'
import type { CardApprovals } from './approvals.ts'
import type { Holder } from './visit.ts'
import type { Absent, Visits } from './visits.ts'

export interface AnswerNeeds {
  readonly visits: Visits
  readonly waiting: CardWaiting
  readonly approvals: CardApprovals
  /** Asked again at the decision: a card may be blocked, or a right suspended, since it was shown. One query. */
  readonly holders: CardHolders
  readonly trail: Trail
  readonly clock: Clock
}

/** A request of a service as the page shows it. */
export interface WaitingRequest {
  readonly id: string
  readonly service: string
  /** Words of the service, where it gave words rather than a code. */
  readonly message: string | undefined
  readonly values: readonly string[]
}

const Message = z.object({ message: z.string().optional() })

const shown = (approval: Approval): WaitingRequest => ({
  id: approval.id,
  service: shownIn(approval).service,
  message: Message.parse(JSON.parse(approval.context)).message,
  values: approval.values,
})

/** The requests that wait for this person's card now: one at most, save for a moment. */
export async function waitingRequests(
  { waiting, approvals }: Pick<AnswerNeeds, 'waiting' | 'approvals'>,
  { practitionerId }: Holder,
): Promise<readonly WaitingRequest[]> {
  const ids = await waiting.of(practitionerId)
  const found = await Promise.all(ids.map((id) => approvals.find(id, practitionerId)))
  return found.flatMap((approval) => (approval === undefined ? [] : [shown(approval)]))
}

/** What became of an answer. `not-asked`: a choice that was not shown, which spends nothing. */
export type Answered =
  | { readonly outcome: 'approved' | 'wrong-code' | 'denied'; readonly service: string }
  | { readonly outcome: 'gone' | 'card-refused' | 'not-asked' }
  | { readonly absent: Absent }

/** The person picks. One card, one answer: the visit is spent before anything else is tried. */
export async function answer(
  needs: AnswerNeeds,
  at: { readonly name: ObjectName; readonly browser: Digest },
  picked: { readonly id: string; readonly choice: string },
): Promise<Answered> {
  const { visits, waiting, approvals, holders, trail, clock } = needs
  const here = await visits.look(at.name, at.browser)
  if ('absent' in here) return here
  const approval = await approvals.find(picked.id, here.holder.practitionerId)
  if (approval === undefined) return { outcome: 'gone' }
  if (picked.choice !== NONE && !approval.values.includes(picked.choice)) return { outcome: 'not-asked' }

  const opened = await visits.answer(at.name, at.browser)
  if ('absent' in opened) return opened
  const { practitionerId, nationalId, card, shownAt } = opened.holder
  const { service, place, clientId } = shownIn(approval)
  const holder = await holders.find(nationalId, card)
  const good = holder?.entry.status === 'active' && !holder.blocked
  if (!good || holder.entry.practitioner.id !== practitionerId) {
    const detail = `card ${card}: not good any more at the decision`
    trail.record({ at: clock(), kind: 'card.refused', practitionerId, clientId, detail })
    return { outcome: 'card-refused' }
  }
  const { practitioner } = holder.entry
  // A question that a service sends can be relayed, whatever answers it: no more than the phone reaches.
  const authentication = {
    ...cardAuthentication({ practitioner, reference: card }, shownAt),
    contextClass: 'eidas1',
  } as const
  const decided = await approvals.decide(approval.id, picked.choice, authentication)
  if ('refused' in decided) return { outcome: 'gone' }
  const { outcome } = decided
  await waiting.settled(practitionerId, { approval: approval.id, outcome, service, place })
  trail.record({
    at: clock(),
    kind: `approval.${outcome}`,
    practitionerId,
    clientId,
    detail: `card ${card} picked ${picked.choice}`,
  })
  return { outcome, service }
}
