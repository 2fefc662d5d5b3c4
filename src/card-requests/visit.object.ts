import { DurableObject } from 'cloudflare:workers'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import { type Entropy, newObjectName } from '../kernel/handle.ts'
import { systemClock } from '../kernel/instant.ts'
import * as machine from './visit.ts'
import type { Absent, Visits } from './visits.ts'

/** One visit to the services that wait for a card. Stores what `visit.ts` says, and forgets it at the end. */
export class CardRequestsObject extends DurableObject<Env> {
  begin(browser: Digest, handle: Digest): void {
    this.#keep(undefined, machine.begun(browser, handle, systemClock()))
  }

  /** Towards the card host, which has found the card good. */
  presentCard(
    shown: Parameters<typeof machine.presented>[1],
  ): { outcome: 'presented' } | { refused: 'unknown' | 'gone' } {
    const visit = this.#visit()
    if (visit === undefined) return { refused: 'gone' }
    const { next, outcome } = machine.presented(visit, shown, systemClock())
    this.#keep(visit, next)
    return outcome === 'presented' ? { outcome } : { refused: outcome }
  }

  comeBack(browser: Digest, back: Digest): { outcome: 'opened' | 'spent' } | { absent: Absent } {
    const found = this.#of(browser)
    if ('absent' in found) {
      const visit = this.#visit()
      if (visit !== undefined) this.#keep(visit, machine.strayed(visit, back, systemClock()))
      return found
    }
    const { next, outcome } = machine.cameBack(found.visit, back, systemClock())
    this.#keep(found.visit, next)
    return { outcome }
  }

  look(browser: Digest): { holder: machine.Holder } | { absent: Absent } {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const holder = machine.holderOf(found.visit)
    return holder === undefined ? { absent: 'gone' } : { holder }
  }

  answer(browser: Digest): { holder: machine.Holder } | { absent: Absent } {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const { next, outcome: holder } = machine.answered(found.visit)
    this.#keep(found.visit, next)
    return holder === undefined ? { absent: 'gone' } : { holder }
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #visit(): machine.Visit | undefined {
    const visit = this.ctx.storage.kv.get<machine.Visit>('visit')
    return visit === undefined || systemClock() >= visit.expiresAt ? undefined : visit
  }

  #of(browser: Digest): { visit: machine.Visit } | { absent: Absent } {
    const visit = this.#visit()
    if (visit === undefined) return { absent: 'gone' }
    return sameDigest(visit.browser, browser) ? { visit } : { absent: 'other-browser' }
  }

  #keep(before: machine.Visit | undefined, next: machine.Visit): void {
    if (next === before) return
    this.ctx.storage.kv.put('visit', next)
    if (next.expiresAt !== before?.expiresAt) void this.ctx.storage.setAlarm(next.expiresAt * 1000)
  }
}

/** The pages' port over the objects. */
export const objectVisits = (
  namespace: DurableObjectNamespace<CardRequestsObject>,
  entropy: Entropy,
): Visits => ({
  async begin(browser, handle) {
    const name = newObjectName(entropy)
    await namespace.getByName(name).begin(browser, handle)
    return name
  },
  comeBack: (name, browser, back) => namespace.getByName(name).comeBack(browser, back),
  look: (name, browser) => namespace.getByName(name).look(browser),
  answer: (name, browser) => namespace.getByName(name).answer(browser),
})
