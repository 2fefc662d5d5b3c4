import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Instant, instant, after as later } from '../../src/kernel/instant.ts'
import { ANNOUNCEMENT, nextTurn, PERIOD, plan, RETIREMENT } from '../../src/keys/rotation.ts'
import { SIGNING_ALGORITHMS } from '../../src/keys/signer.ts'
import type { KeyFacts } from '../../src/keys/signing-key.ts'

const T0 = instant(1_700_000_000)

let made = 0

/** Applies a plan to facts alone, as the object does to keys. */
function turn(ring: readonly KeyFacts[], now: Instant, early = false): readonly KeyFacts[] {
  const keys = new Map(ring.map((key) => [key.kid, key]))
  for (const step of plan(ring, now, early)) {
    if (step.step === 'generate') {
      const kid = `${step.alg}-${made++}`
      keys.set(kid, { kid, alg: step.alg, state: step.state, since: now })
      continue
    }
    const key = keys.get(step.kid)
    if (key === undefined) throw new Error('a step for a key that is not there')
    if (step.step === 'remove') keys.delete(step.kid)
    else keys.set(step.kid, { ...key, state: step.to, since: now })
  }
  return [...keys.values()]
}

const states = (ring: readonly KeyFacts[], alg = 'ES256') =>
  ring
    .filter((key) => key.alg === alg)
    .map((key) => key.state)
    .sort()
    .join(' ')

describe('a ring turns', () => {
  it('begins with one active key of each algorithm', () => {
    const ring = turn([], T0)
    expect(ring.map((key) => key.alg).sort()).toEqual([...SIGNING_ALGORITHMS].sort())
    expect(ring.every((key) => key.state === 'active')).toBe(true)
  })

  it.each([
    ['leaves a young key alone', PERIOD - ANNOUNCEMENT - 1, 'active'],
    ['announces the next one a day before its use', PERIOD - ANNOUNCEMENT, 'active next'],
  ])('%s', (_, age, expected) => {
    expect(states(turn(turn([], T0), later(T0, age)))).toBe(expected)
  })

  it.each([
    ['does not use a key announced less than a day ago', ANNOUNCEMENT - 1, 'active next'],
    ['uses it after a day and retires the other', ANNOUNCEMENT, 'active retired'],
    ['uses it late if the alarm was late', ANNOUNCEMENT * 30, 'active retired'],
  ])('%s', (_, wait, expected) => {
    const announced = turn(turn([], T0), T0, true)
    expect(states(turn(announced, later(T0, wait)))).toBe(expected)
  })

  it('removes a retired key after a day, not before', () => {
    const moved = later(T0, ANNOUNCEMENT)
    const ring = turn(turn(turn([], T0), T0, true), moved)
    expect(states(turn(ring, later(moved, RETIREMENT - 1)))).toBe('active retired')
    expect(states(turn(ring, later(moved, RETIREMENT)))).toBe('active')
  })

  it('asked early twice announces once', () => {
    expect(states(turn(turn(turn([], T0), T0, true), later(T0, 60), true))).toBe('active next')
  })

  it('whenever it is turned: one active key, never two of a kind to come, nothing left to do at once', () => {
    const waits = fc.array(fc.tuple(fc.integer({ min: 0, max: PERIOD * 2 }), fc.boolean()), { maxLength: 20 })
    fc.assert(
      fc.property(waits, (steps) => {
        let now = T0
        let ring = turn([], now)
        for (const [wait, early] of steps) {
          now = later(now, wait)
          const before = ring
          ring = turn(ring, now, early)
          for (const alg of SIGNING_ALGORITHMS) {
            const keys = ring.filter((key) => key.alg === alg)
            expect(keys.filter((key) => key.state === 'active')).toHaveLength(1)
            expect(keys.filter((key) => key.state === 'next').length).toBeLessThanOrEqual(1)
            const signing = keys.find((key) => key.state === 'active')
            const was = before.find((key) => key.kid === signing?.kid)
            if (was?.state === 'next') expect(now - was.since).toBeGreaterThanOrEqual(ANNOUNCEMENT)
          }
          expect(nextTurn(ring, now)).toBeGreaterThan(now)
        }
      }),
    )
  })
})
