import type { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import type { AcquaintanceBook } from '../mire/acquaintances.ts'
import type { Interactions } from '../mire/interactions.ts'
import type { LoginObject } from './login.object.ts'
import type { MireScreen } from './robot.ts'

/**
 * Someone in front of the mire without the browser's cookie: the sandbox's robots, whose browser is a test client
 * somewhere else. It reads and presses what the page offers, and nothing more.
 */
export function objectScreen(
  namespace: DurableObjectNamespace<LoginObject>,
  {
    pages,
    acquaintances,
    clock,
  }: { pages: Interactions; acquaintances: Pick<AcquaintanceBook, 'remember'>; clock: Clock },
): MireScreen {
  const refusals = {
    'not-allowed': 'phone-not-accepted',
    'too-many-attempts': 'phone-not-accepted',
    closed: 'already-decided',
  } as const
  return {
    async startPhone(login: ObjectName) {
      const browser = await namespace.getByName(login).browser()
      if (browser === undefined) return { refused: 'gone' }
      const asked = await pages.askPhone(login, browser, undefined)
      const seen = await pages.view(login, browser)
      if ('absent' in asked || 'absent' in seen) return { refused: 'gone' }
      const { state, pairing, code, resultAt } = seen.view
      if (state.status === 'proved') return { already: 'proved', resultAt }
      if (asked.outcome === 'waiting' && pairing !== undefined && code !== undefined)
        return { typedCode: pairing.code, dynamicCode: code, resultAt }
      return {
        refused:
          asked.outcome === 'waiting' || asked.outcome === 'ringing'
            ? 'already-decided'
            : refusals[asked.outcome],
      }
    },
    async acknowledge(login: ObjectName) {
      const browser = await namespace.getByName(login).browser()
      const read = browser === undefined ? undefined : await pages.acknowledge(login, browser)
      if (read === undefined || !('outcome' in read) || read.outcome !== 'acknowledged') return
      await acquaintances.remember(read.practitionerId, read.clientId, read.scope, clock())
    },
  }
}
