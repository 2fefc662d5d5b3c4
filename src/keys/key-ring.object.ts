import { DurableObject } from 'cloudflare:workers'
import { systemEntropy } from '../kernel/handle.ts'
import { type Clock, type Instant, instant, systemClock } from '../kernel/instant.ts'
import { nextTurn, plan, type RotationStep } from './rotation.ts'
import { newSigningKey, type SigningKey } from './signing-key.ts'
import { keyEncryptionKey } from './wrapping.ts'

const PREFIX = 'key:'

/**
 * The signing keys of a deployment, one object for all: keys are made here and nowhere else, so two isolates can
 * never make two. Private keys are stored wrapped and leave wrapped; this object never keeps one in the clear.
 */
export class KeyRingObject extends DurableObject<Env> {
  /** Replaced by tests. */
  clock: Clock = systemClock
  #turning: Promise<unknown> = Promise.resolve()

  /**
   * Every key of the ring, public parts and wrapped private parts. What is due is done first: the first keys on the
   * first call ever, those of an algorithm that a deployment added, a turn whose alarm was lost.
   */
  async ring(): Promise<SigningKey[]> {
    const now = this.clock()
    if (plan(this.#stored(), now).length > 0) await this.#turn(now, false)
    return this.#stored()
  }

  /**
   * Begins a rotation before its day. `now` is for whoever drives time.
   * @returns what was done.
   */
  async rotate(now: number = this.clock()): Promise<RotationStep[]> {
    return this.#turn(instant(now), true)
  }

  override async alarm(): Promise<void> {
    await this.#turn(this.clock(), false)
  }

  #stored(): SigningKey[] {
    return [...this.ctx.storage.kv.list<SigningKey>({ prefix: PREFIX })].map(([, key]) => key)
  }

  /** Turns wait for one another: key generation is asynchronous, and two at once would make two active keys. */
  #turn(now: Instant, early: boolean): Promise<RotationStep[]> {
    const turn = this.#turning.then(() => this.#apply(now, early))
    this.#turning = turn.catch(() => undefined)
    return turn
  }

  async #apply(now: Instant, early: boolean): Promise<RotationStep[]> {
    const steps = plan(this.#stored(), now, early)
    const kek = await keyEncryptionKey(this.env.KEY_ENCRYPTION_KEY)
    const fresh = await Promise.all(
      steps.flatMap((step) =>
        step.step === 'generate' ? [newSigningKey(step.alg, step.state, now, kek, systemEntropy)] : [],
      ),
    )
    // From here to the alarm nothing waits: the ring changes as a whole or not at all.
    const { kv } = this.ctx.storage
    for (const key of fresh) kv.put(PREFIX + key.kid, key)
    for (const step of steps) {
      if (step.step === 'remove') kv.delete(PREFIX + step.kid)
      if (step.step !== 'move') continue
      const key = kv.get<SigningKey>(PREFIX + step.kid)
      if (key !== undefined) kv.put(PREFIX + step.kid, { ...key, state: step.to, since: now })
    }
    await this.ctx.storage.setAlarm(nextTurn(this.#stored(), now) * 1000)
    if (steps.length > 0) this.#record(steps, now)
    return [...steps]
  }

  /** In the trail, without waiting: a queue that refuses must not stop keys from turning. */
  #record(steps: readonly RotationStep[], at: Instant): void {
    const said = steps.map((step) =>
      step.step === 'generate'
        ? `${step.alg} ${step.state}`
        : `${step.kid} ${step.step === 'move' ? step.to : 'removed'}`,
    )
    const event = { at, kind: 'key.rotated', detail: said.join(', ') } as const
    const sent = this.env.EVENTS.send({ type: 'audit', id: crypto.randomUUID(), event })
    this.ctx.waitUntil(sent.catch(() => undefined))
  }
}
