import { base64url } from 'jose'
import type { Mac } from '../../kernel/derived-key.ts'
import { sameDigest } from '../../kernel/digest.ts'
import type { Instant } from '../../kernel/instant.ts'

/** Seconds for which one nonce is given out, and for how many more slots it is then taken. */
const SLOT = 60
const SLOTS_AFTER = 2
/** Seconds after which no nonce given out now is taken any more: how long a proof must be remembered. */
export const NONCE_LIFETIME = SLOT * (SLOTS_AFTER + 1)

/** Nonces that a client must put in its DPoP proofs (RFC 9449 §8, §9): so a proof cannot be made in advance. */
export interface DpopNonces {
  current(now: Instant): Promise<string>
  /** Whether this nonce was given out in the last minutes. */
  accepts(nonce: string, now: Instant): Promise<boolean>
}

/** Nonces that are kept nowhere: a keyed digest of the minute. Every isolate gives and takes the same ones. */
export function dpopNonces(mac: Mac): DpopNonces {
  const made = new Map<number, Promise<string>>()
  const ofSlot = (slot: number): Promise<string> => {
    const known = made.get(slot)
    if (known !== undefined) return known
    const fresh = mac(String(slot)).then((digest) => base64url.encode(digest.subarray(0, 16)))
    made.set(slot, fresh)
    for (const other of made.keys()) if (other < slot - SLOTS_AFTER - 1) made.delete(other)
    return fresh
  }
  const slotOf = (now: Instant) => Math.floor(now / SLOT)
  return {
    current: (now) => ofSlot(slotOf(now)),
    async accepts(nonce, now) {
      // The next one too: isolates' clocks differ.
      for (let slot = slotOf(now) + 1; slot >= slotOf(now) - SLOTS_AFTER; slot--)
        if (sameDigest(await ofSlot(slot), nonce)) return true
      return false
    },
  }
}
