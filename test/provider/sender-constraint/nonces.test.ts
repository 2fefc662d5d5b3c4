import { describe, expect, it } from 'vitest'
import { derivedMac } from '../../../src/kernel/derived-key.ts'
import { instant, after as later } from '../../../src/kernel/instant.ts'
import { dpopNonces, NONCE_LIFETIME } from '../../../src/provider/sender-constraint/nonces.ts'

const mac = derivedMac('YW4taW52ZW50ZWQta2V5LWZvci10ZXN0cy1vbmx5ISE', 'DPoP nonce')
const now = instant(1_800_000_000)

describe('RFC 9449 §8: nonces that nobody keeps', () => {
  const nonces = dpopNonces(mac)
  it.each([
    ['at once', 0, true],
    ['two minutes later', 120, true],
    ['when another isolate’s clock is a little behind', -5, true],
    ['when it is old', NONCE_LIFETIME, false],
    ['an hour later', 3600, false],
  ])('given out now, taken %s', async (_, seconds, taken) => {
    expect(await nonces.accepts(await nonces.current(now), later(now, seconds))).toBe(taken)
  })
  it('are renewed each minute, and the same in every isolate', async () => {
    const current = await nonces.current(now)
    expect(await dpopNonces(mac).current(later(now, 59))).toBe(current)
    expect(await nonces.current(later(now, 60))).not.toBe(current)
  })
  it('are made with a key that nobody else has: those of another are refused', async () => {
    const other = dpopNonces(derivedMac('YW5vdGhlci1rZXktZm9yLXRlc3RzLW9ubHktMTIzNCE', 'DPoP nonce'))
    const theirs = await other.current(now)
    expect(theirs).not.toBe(await nonces.current(now))
    expect(await nonces.accepts(theirs, now)).toBe(false)
  })
  it.each(['', 'x', 'A'.repeat(22)])('refuses %j', async (text) => {
    expect(await nonces.accepts(text, now)).toBe(false)
  })
})
