import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { below, decoysOf, dynamicCode, dynamicCodeOf } from '../../src/mire/dynamic-code.ts'

const twoDigits = fc.integer({ min: 10, max: 99 }).map(String)
/** Bytes that fast-check chooses, repeated when there are not enough. */
const entropies = fc
  .uint8Array({ minLength: 64, maxLength: 64 })
  .filter((bytes) => new Set(bytes).size > 16)
  .map((bytes) => {
    let at = 0
    return (count: number) =>
      Uint8Array.from({ length: count }, () => (bytes[at++ % bytes.length] ?? 0) ^ ((at * 37) % 256))
  })

const unlike = (a: string, b: string) => a[0] !== b[0] && a[1] !== b[1] && a !== [...b].reverse().join('')

describe('the dynamic code', () => {
  it('has 71 decoys or more, whatever it is, all unlike it', () => {
    fc.assert(
      fc.property(twoDigits, (code) => {
        const decoys = decoysOf(code)
        return (
          decoys.length >= 71 && decoys.every((decoy) => unlike(code, decoy) && /^[1-9][0-9]$/.test(decoy))
        )
      }),
    )
  })

  it('of a service comes with decoys of the same kind, from 00 to 99, and unlike it', () => {
    const any = fc.integer({ min: 0, max: 99 }).map((code) => String(code).padStart(2, '0'))
    fc.assert(
      fc.property(any, (code) => {
        const { values } = dynamicCodeOf(code, systemEntropy)
        const [first = '', second = ''] = values.filter((value) => value !== code)
        return values.length === 3 && unlike(code, first) && unlike(code, second) && unlike(first, second)
      }),
    )
    const leading = Array.from({ length: 400 }, () => dynamicCodeOf('47', systemEntropy).values).flat()
    expect(leading.some((value) => value.startsWith('0'))).toBe(true)
  })

  it('comes with two decoys unlike it and unlike each other', () => {
    fc.assert(
      fc.property(entropies, (entropy) => {
        const { code, values } = dynamicCode(entropy)
        const others = values.filter((value) => value !== code)
        const [first = '', second = ''] = others
        return (
          /^[1-9][0-9]$/.test(code) &&
          values.length === 3 &&
          others.length === 2 &&
          unlike(code, first) &&
          unlike(code, second) &&
          unlike(first, second)
        )
      }),
    )
  })

  it('is in each of the three places, and takes every value from 10 to 99', () => {
    const places = [0, 0, 0]
    const seen = new Set<string>()
    for (let i = 0; i < 3000; i++) {
      const { code, values } = dynamicCode(systemEntropy)
      seen.add(code)
      const place = values.indexOf(code)
      places[place] = (places[place] ?? 0) + 1
    }
    // 3000 draws: each place has 1000 ± 10 standard deviations; a value is missed once in 10^13 runs.
    expect(Math.min(...places)).toBeGreaterThan(740)
    expect(seen.size).toBe(90)
  })

  it('throws bytes away rather than fold them unevenly', () => {
    let calls = 0
    const entropy = (count: number) => new Uint8Array(count).fill(calls++ === 0 ? 255 : 7)
    expect(below(90, entropy)).toBe(7)
    expect(calls).toBe(2)
  })
})
