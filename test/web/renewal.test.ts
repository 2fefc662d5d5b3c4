import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renewIn } from '../../web/mire/renewal.ts'

describe('a QR that is shown is renewed', () => {
  it.each([
    ['17 seconds before its end', 1_000_090, 73_000],
    ['soon, when it lives shorter than that', 1_000_005, 2_000],
    ['soon, when its end has passed', 999_000, 2_000],
    ['within two minutes, whatever the clock says', 2_000_000, 120_000],
  ])('%s', (_when, expiresAt, milliseconds) => expect(renewIn(expiresAt, 1_000_000_000)).toBe(milliseconds))

  it('never at once, and never after two minutes', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (expiresAt, now) => {
        const wait = renewIn(expiresAt, now)
        return wait >= 2_000 && wait <= 120_000
      }),
    )
  })
})
