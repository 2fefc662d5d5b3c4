import type { Trail } from '../audit/trail.ts'
import type { CardDestination } from '../cards/destination.ts'
import { digest } from '../kernel/digest.ts'
import { address, type Entropy, newHandle } from '../kernel/handle.ts'
import type { Clock } from '../kernel/instant.ts'
import type { AcquaintanceBook } from './acquaintances.ts'
import { cardAuthentication } from './card.ts'
import type { LoginObject } from './login.object.ts'

interface Needs {
  readonly issuer: string
  readonly acquaintances: Pick<AcquaintanceBook, 'of'>
  readonly clock: Clock
  readonly entropy: Entropy
  readonly trail: Trail
}

/** Cards that are shown to sign in: the card host's port over `LoginObject`s. One query, one object call. */
export const loginsByCard = (
  namespace: DurableObjectNamespace<LoginObject>,
  { issuer, acquaintances, clock, entropy, trail }: Needs,
): CardDestination => ({
  async present(handle, shown) {
    const at = address(handle)
    if (at === undefined) return { refused: 'link-expired', detail: 'not a handle' }
    const now = clock()
    const practitionerId = shown.practitioner.id
    const back = newHandle(entropy)
    const presented = await namespace.getByName(at.object).presentCard({
      handle: await digest(at.secret),
      back: await digest(back),
      authentication: cardAuthentication(shown, now),
      known: await acquaintances.of(practitionerId),
    })
    if ('refused' in presented) return { refused: 'link-expired', detail: `login: ${presented.refused}` }
    // The card as blocks name it, so that what a lost one did can be found.
    const detail = `${shown.card.type}, card ${shown.reference}`
    trail.record({ at: now, kind: 'card.presented', practitionerId, detail })
    return { next: `${issuer}/login/${at.object}/card/${back}` }
  },
  withoutCard(handle) {
    const at = address(handle)
    return at && `${issuer}/login/${at.object}`
  },
})
