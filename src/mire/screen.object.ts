import type { ObjectName } from '../kernel/identifiers.ts'
import { type LoginObject, objectInteractions } from './login.object.ts'

/**
 * Someone in front of the mire without the browser's cookie: the sandbox's robots, whose browser is a test client
 * somewhere else. It reads and presses what the page offers, and nothing more.
 */
export function objectScreen(namespace: DurableObjectNamespace<LoginObject>) {
  const pages = objectInteractions(namespace)
  const refusals = {
    'not-allowed': 'phone-not-accepted',
    'too-many-attempts': 'phone-not-accepted',
    closed: 'already-decided',
  } as const
  return {
    /** Chooses the phone and reads the typed code and the dynamic code. */
    async startPhone(
      login: ObjectName,
    ): Promise<
      | { readonly typedCode: string; readonly dynamicCode: string }
      | { readonly already: 'proved' }
      | { readonly refused: 'gone' | 'phone-not-accepted' | 'already-decided' }
    > {
      const browser = await namespace.getByName(login).browser()
      if (browser === undefined) return { refused: 'gone' }
      const asked = await pages.askPhone(login, browser, undefined)
      const seen = await pages.view(login, browser)
      if ('absent' in asked || 'absent' in seen) return { refused: 'gone' }
      if (seen.view.state.status === 'proved') return { already: 'proved' }
      if (asked.outcome === 'waiting' && seen.view.pairing !== undefined && seen.view.code !== undefined)
        return { typedCode: seen.view.pairing.code, dynamicCode: seen.view.code }
      return {
        refused:
          asked.outcome === 'waiting' || asked.outcome === 'ringing'
            ? 'already-decided'
            : refusals[asked.outcome],
      }
    },
    /** Reads what the service will get, and goes on. */
    async acknowledge(login: ObjectName): Promise<void> {
      const browser = await namespace.getByName(login).browser()
      if (browser !== undefined) await pages.acknowledge(login, browser)
    },
  }
}
