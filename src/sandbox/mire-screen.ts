import type { Digest } from '../kernel/digest.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import type { AcquaintanceBook } from '../mire/acquaintances.ts'
import type { Interactions } from '../mire/interactions.ts'
import type { MireScreen } from './robot.ts'

export interface MireScreenNeeds {
  /** Which browser a login belongs to. Only the sandbox may ask without being that browser. */
  readonly glance: (login: ObjectName) => Promise<{ readonly browser: Digest } | { readonly absent: 'gone' }>
  readonly interactions: Pick<Interactions, 'look' | 'askPhone' | 'view' | 'acknowledge'>
  readonly acquaintances: Pick<AcquaintanceBook, 'remember'>
  readonly clock: Clock
}

/** The person in front of the mire: the same calls as its pages make, for the browser that began the login. */
export const mireScreen = ({ glance, interactions, acquaintances, clock }: MireScreenNeeds): MireScreen => ({
  async startPhone(login) {
    const seen = await glance(login)
    if ('absent' in seen) return { refused: 'gone' }
    const at = await interactions.look(login, seen.browser)
    if ('absent' in at) return { refused: 'gone' }
    if (at.state.status === 'proved') return { already: 'proved' }
    const asked = await interactions.askPhone(login, seen.browser, undefined)
    if ('absent' in asked) return { refused: 'gone' }
    if (asked.outcome === 'not-allowed') return { refused: 'phone-not-accepted' }
    if (asked.outcome === 'too-many-attempts') return { refused: 'too-many-attempts' }
    const page = await interactions.view(login, seen.browser)
    if ('absent' in page) return { refused: 'gone' }
    const { pairing, code } = page.view
    if (pairing === undefined || code === undefined) return { refused: 'already-decided' }
    return { typedCode: pairing.code, dynamicCode: code }
  },

  async acknowledge(login) {
    const seen = await glance(login)
    if ('absent' in seen) return
    const read = await interactions.acknowledge(login, seen.browser)
    if ('outcome' in read && read.outcome === 'acknowledged')
      await acquaintances.remember(read.practitionerId, read.clientId, read.scope, clock())
  },
})
