import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { keepingBonds, newBondSecret, readBonds, withBond } from '../../src/mire/bonds.ts'

const fresh = () => newBondSecret(systemEntropy).value

describe('the bond cookie', () => {
  it('keeps four, the latest first', () => {
    const made = [fresh(), fresh(), fresh(), fresh(), fresh()]
    const cookie = made.reduce<string | undefined>(withBond, undefined)
    expect(cookie?.split('~')).toEqual(made.slice(1).reverse())
    expect(readBonds(cookie)).toHaveLength(4)
  })
  it('loses what is no longer good', () => {
    const [one, two] = [fresh(), fresh()]
    const cookie = withBond(one, two)
    expect(keepingBonds(cookie, new Set([one.slice(0, 22)]))).toBe(one)
    expect(keepingBonds(cookie, new Set())).toBe('')
  })
  it.each([undefined, '', '~', '~~~~', 'a.b', `${'A'.repeat(22)}.`, `.${'A'.repeat(43)}`])(
    'reads nothing in %j',
    (cookie) => {
      expect(readBonds(cookie)).toEqual([])
    },
  )
  it('reads anything without throwing, and writes back only what it read', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const cookie = `${text}~${fresh()}`
        const ids = new Set(readBonds(cookie).map(({ id }) => id))
        return readBonds(keepingBonds(cookie, ids)).length === readBonds(cookie).length
      }),
    )
  })
})
