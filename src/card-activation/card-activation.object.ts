import { DurableObject } from 'cloudflare:workers'
import type { Opening } from '../ecps/card-activations.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import { type Entropy, newObjectName, systemEntropy } from '../kernel/handle.ts'
import type { ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import { systemClock } from '../kernel/instant.ts'
import { lifetimesOf } from '../kernel/lifetimes.ts'
import type { Pairing } from '../mire/login.ts'
import { newPairing } from '../mire/new-pairing.ts'
import {
  begunActivation,
  type CardActivation,
  calledOff,
  cameBack,
  cardPresented,
  finished,
  finishing,
  type Holder,
  needsPairing,
  type Status,
  statusOf,
  taken,
  viewed,
  wayBackStrayed,
} from './card-activation.ts'
import type { Absent, Desks, DeskView } from './desks.ts'
import { OPENING_CODE_LENGTH, openingText } from './opening-code.ts'

/** What a method of the port answers, as the object says it. */
type Answer<Method extends keyof Desks> = Awaited<ReturnType<Desks[Method]>>

/** One activation of an e-CPS by card. Stores what `card-activation.ts` says, and forgets everything at the end. */
export class CardActivationObject extends DurableObject<Env> {
  begin(input: Parameters<typeof begunActivation>[0]): void {
    this.#keep(undefined, begunActivation(input, systemClock()))
  }

  comeBack(browser: Digest, back: Digest): Answer<'comeBack'> {
    const found = this.#of(browser)
    if ('absent' in found) {
      const before = this.#activation()
      if (before !== undefined) this.#keep(before, wayBackStrayed(before, back, systemClock()))
      return found
    }
    const { next, outcome } = cameBack(found.activation, back, systemClock())
    this.#keep(found.activation, next)
    return typeof outcome === 'string'
      ? { outcome }
      : { outcome: 'opened', practitionerId: outcome.holder.practitionerId }
  }

  async view(browser: Digest): Promise<Answer<'view'>> {
    const shown = this.#of(browser)
    // Made before the step: it asks another object, and a step may not wait.
    const needed = 'activation' in shown && needsPairing(shown.activation, systemClock())
    const pairing = needed ? await this.#newPairing(shown.activation.name) : undefined
    const found = this.#of(browser)
    if ('absent' in found) return found
    const next = viewed(found.activation, pairing, systemClock())
    this.#keep(found.activation, next)
    return { view: viewOf(next) }
  }

  look(browser: Digest): { status: Status } | { absent: Absent } {
    const found = this.#of(browser)
    return 'absent' in found ? found : { status: statusOf(found.activation) }
  }

  callOff(browser: Digest): Answer<'callOff'> {
    const found = this.#of(browser)
    if ('absent' in found) return found
    const next = calledOff(found.activation)
    this.#keep(found.activation, next)
    const { phase } = next
    const off = next !== found.activation && phase.status === 'shown'
    return { practitionerId: off ? phase.holder.practitionerId : undefined }
  }

  /** Towards the card host, which has found the card good. */
  presentCard(shown: {
    readonly handle: Digest
    readonly back: Digest
    readonly holder: Holder
  }): { outcome: 'presented' } | { refused: 'unknown' | 'gone' } {
    const activation = this.#activation()
    if (activation === undefined) return { refused: 'gone' }
    const { next, outcome } = cardPresented(activation, shown, systemClock())
    this.#keep(activation, next)
    return outcome === 'presented' ? { outcome } : { refused: outcome }
  }

  // Towards the phone: the caller is the e-CPS.

  take(
    by: Parameters<typeof taken>[1],
    taking: ObjectName,
  ): { practitionerId: PractitionerId } | { refused: 'unknown' | 'expired' | 'already-taken' } {
    const activation = this.#activation()
    if (activation === undefined) return { refused: 'unknown' }
    const { next, outcome } = taken(activation, by, taking, systemClock())
    this.#keep(activation, next)
    return typeof outcome === 'string' ? { refused: outcome } : outcome
  }

  finishing(opening: Opening): { holder: Holder | undefined } {
    const activation = this.#activation()
    if (activation === undefined) return { holder: undefined }
    const { next, outcome } = finishing(activation, opening)
    this.#keep(activation, next)
    return { holder: outcome }
  }

  finished(opening: Opening, device: string): void {
    const activation = this.#activation()
    if (activation !== undefined) this.#keep(activation, finished(activation, opening, device))
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }

  #activation(): CardActivation | undefined {
    const activation = this.ctx.storage.kv.get<CardActivation>('activation')
    return activation === undefined || systemClock() >= activation.expiresAt ? undefined : activation
  }

  #of(browser: Digest): { activation: CardActivation } | { absent: Absent } {
    const activation = this.#activation()
    if (activation === undefined) return { absent: 'gone' }
    return sameDigest(activation.browser, browser) ? { activation } : { absent: 'other-browser' }
  }

  #keep(before: CardActivation | undefined, next: CardActivation): void {
    if (next === before) return
    this.ctx.storage.kv.put('activation', next)
    if (next.expiresAt !== before?.expiresAt) void this.ctx.storage.setAlarm(next.expiresAt * 1000)
  }

  #newPairing(name: ObjectName): Promise<Pairing> {
    return newPairing({
      standsFor: 'activation',
      name,
      lifetime: lifetimesOf(this.env).pairing,
      length: OPENING_CODE_LENGTH,
      claim: (code, ...claimed) => this.env.PAIRING.getByName(code).claim(...claimed),
      entropy: systemEntropy,
      clock: systemClock,
    })
  }
}

function viewOf({ name, phase }: CardActivation): DeskView {
  switch (phase.status) {
    case 'shown': {
      const { displayName } = phase.holder
      const newest = phase.pairings.at(-1)
      const pairing = newest && {
        text: openingText(name, newest.secret),
        code: newest.code,
        until: newest.expiresAt,
      }
      return { status: 'shown', displayName, pairing }
    }
    case 'taken':
      return { status: 'taken', displayName: phase.holder.displayName, finishing: phase.finishing }
    case 'done':
      return { status: 'done', displayName: phase.holder.displayName, device: phase.device }
    default:
      return { status: 'card' }
  }
}

/** The pages' port over the objects. */
export const objectDesks = (
  namespace: DurableObjectNamespace<CardActivationObject>,
  entropy: Entropy,
): Desks => ({
  async begin(browser, handle) {
    const name = newObjectName(entropy)
    await namespace.getByName(name).begin({ name, browser, handle })
    return name
  },
  comeBack: (name, browser, back) => namespace.getByName(name).comeBack(browser, back),
  view: (name, browser) => namespace.getByName(name).view(browser),
  look: (name, browser) => namespace.getByName(name).look(browser),
  callOff: (name, browser) => namespace.getByName(name).callOff(browser),
})
