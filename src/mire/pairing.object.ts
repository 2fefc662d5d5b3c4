import { DurableObject } from 'cloudflare:workers'
import type { ObjectName } from '../kernel/identifiers.ts'
import { type Instant, systemClock } from '../kernel/instant.ts'
import type { StandsFor } from './new-pairing.ts'

interface Claim {
  readonly standsFor: StandsFor
  readonly name: ObjectName
  readonly expiresAt: Instant
  readonly resolved: boolean
}

/**
 * Which object a typed code stands for. One object a code, named by the code's digest: whoever has no code cannot even
 * name it. The code is good for one resolution.
 */
export class PairingObject extends DurableObject<Env> {
  /** False when the code stands for another object already: take another code. */
  claim(standsFor: StandsFor, name: ObjectName, expiresAt: Instant): boolean {
    const claim = this.ctx.storage.kv.get<Claim>('claim')
    if (claim !== undefined && systemClock() < claim.expiresAt) return false
    this.ctx.storage.kv.put<Claim>('claim', { standsFor, name, expiresAt, resolved: false })
    // Kept a while after its end, so that a code typed late is called expired rather than unknown.
    void this.ctx.storage.setAlarm((expiresAt + 60) * 1000)
    return true
  }

  /** The object's name, once. A code for something else is unknown, and stays good for what it is for. */
  resolve(
    standsFor: StandsFor,
  ): { name: ObjectName } | { refused: 'unknown' | 'expired' | 'already-paired' } {
    const claim = this.ctx.storage.kv.get<Claim>('claim')
    if (claim === undefined || claim.standsFor !== standsFor) return { refused: 'unknown' }
    if (systemClock() >= claim.expiresAt) return { refused: 'expired' }
    if (claim.resolved) return { refused: 'already-paired' }
    this.ctx.storage.kv.put<Claim>('claim', { ...claim, resolved: true })
    return { name: claim.name }
  }

  override async alarm(): Promise<void> {
    await this.ctx.storage.deleteAll()
  }
}
