import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { derivedMac } from '../../../src/kernel/derived-key.ts'
import { systemEntropy } from '../../../src/kernel/handle.ts'
import {
  newUserCode,
  objectOfUserCode,
  readUserCode,
  shownUserCode,
} from '../../../src/provider/device-authorization/user-code.ts'

/** Any UTF-16, lone surrogates included. */
const anyText = fc.uint16Array({ maxLength: 80 }).map((units) => String.fromCharCode(...units))
const letter = fc.constantFrom(...'BCDFGHJKLMNPQRSTVWXZ')
const codes = fc.array(letter, { minLength: 8, maxLength: 8 }).map((letters) => letters.join(''))
const marks = fc.array(fc.constantFrom(' ', '-', '–', '.', '_', '·', '\t', '\u00a0'), { maxLength: 3 })

describe('RFC 8628 §6.1: the user code', () => {
  it('is eight consonants, shown in two halves', () => {
    for (let i = 0; i < 200; i++) {
      const code = newUserCode(systemEntropy)
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{8}$/)
      expect(shownUserCode(code)).toBe(`${code.slice(0, 4)}-${code.slice(4)}`)
    }
  })

  it.each([
    'WDJBMJHT',
    'WDJB-MJHT',
    'wdjb-mjht',
    ' wdjb mjht ',
    'WDJB–MJHT',
    'w.d.j.b.m.j.h.t',
    'ＷＤＪＢＭＪＨＴ',
  ])('reads %j', (typed) => {
    expect(readUserCode(typed)).toBe('WDJBMJHT')
  })

  it.each(['', 'WDJBMJH', 'WDJBMJHTT', 'WDJBMJHA', 'WDJBMJH8', 'WDJBMJHÉ', 'ẞDJBMJHT', 'W'.repeat(65)])(
    'refuses %j',
    (typed) => {
      expect(readUserCode(typed)).toBeUndefined()
    },
  )

  it('is read however it was written down', () => {
    fc.assert(
      fc.property(
        codes,
        fc.array(marks, { minLength: 9, maxLength: 9 }),
        fc.boolean(),
        (code, between, small) => {
          const written = [...code].map((one, i) => (between[i] ?? []).join('') + one).join('')
          return readUserCode(small ? written.toLowerCase() : written) === code
        },
      ),
    )
  })

  it('reads anything without throwing, and nothing that is no code', () => {
    fc.assert(
      fc.property(anyText, (typed) => {
        const read = readUserCode(typed)
        return read === undefined || /^[BCDFGHJKLMNPQRSTVWXZ]{8}$/.test(read)
      }),
    )
  })

  it('names an object that tells another deployment nothing', async () => {
    const key = (byte: string) => derivedMac(byte.repeat(43), 'device user code')
    const name = await objectOfUserCode(key('A'), 'WDJBMJHT')
    expect(name).toMatch(/^[\w-]{22}$/)
    expect(await objectOfUserCode(key('A'), 'WDJBMJHT')).toBe(name)
    expect(await objectOfUserCode(key('A'), 'WDJBMJHS')).not.toBe(name)
    expect(await objectOfUserCode(key('E'), 'WDJBMJHT')).not.toBe(name)
  })
})
