import type { Trail } from '../audit/trail.ts'
import type { CardDestination } from '../cards/destination.ts'
import { digest } from '../kernel/digest.ts'
import { address, type Entropy, newHandle } from '../kernel/handle.ts'
import type { Clock } from '../kernel/instant.ts'
import { shownName } from '../rpps/shown-name.ts'
import type { CardRequestsObject } from './visit.object.ts'

/** Cards that are shown to answer a service: the card host's port over `CardRequestsObject`s. One object call. */
export const visitsByCard = (
  namespace: DurableObjectNamespace<CardRequestsObject>,
  {
    issuer,
    clock,
    entropy,
    trail,
  }: {
    readonly issuer: string
    readonly clock: Clock
    readonly entropy: Entropy
    readonly trail: Trail
  },
): CardDestination => ({
  async present(handle, { practitioner, card, reference }) {
    const at = address(handle)
    if (at === undefined) return { refused: 'link-expired', detail: 'not a handle' }
    const now = clock()
    const back = newHandle(entropy)
    const { id, givenName, familyName } = practitioner
    const presented = await namespace.getByName(at.object).presentCard({
      handle: await digest(at.secret),
      back: await digest(back),
      holder: {
        practitionerId: id,
        nationalId: card.nationalId,
        displayName: shownName(givenName, familyName),
        card: reference,
        shownAt: now,
      },
    })
    if ('refused' in presented) return { refused: 'link-expired', detail: `requests: ${presented.refused}` }
    const detail = `${card.type} ${reference}, to answer a service`
    trail.record({ at: now, kind: 'card.presented', practitionerId: id, detail })
    return { next: `${issuer}/requests/${at.object}/card/${back}` }
  },
  withoutCard: () => undefined,
})
