import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import {
  newPairingCode,
  pairingText,
  readPairingCode,
  readPairingText,
  shownPairingCode,
} from '../../src/mire/pairing-code.ts'

/** Any UTF-16, lone surrogates included. */
const anyText = fc.uint16Array({ maxLength: 40 }).map((units) => String.fromCharCode(...units))

describe('the typed code', () => {
  it('is eight letters that nobody takes for others, shown in two halves', () => {
    for (let i = 0; i < 200; i++) {
      const code = newPairingCode(systemEntropy)
      expect(code).toMatch(/^[2-9A-HJKMNP-TV-Z]{8}$/)
      expect(shownPairingCode(code)).toBe(`${code.slice(0, 4)}-${code.slice(4)}`)
    }
  })
  it.each(['K7QM2XRD', 'K7QM-2XRD', 'k7qm-2xrd', ' k7qm 2xrd ', 'K7QM–2XRD', 'k7q.m2x.rd'])(
    'reads %j',
    (typed) => {
      expect(readPairingCode(typed)).toBe('K7QM2XRD')
    },
  )
  it.each(['', 'K7QM2XR', 'K7QM2XRDD', 'K7QM2XR0', 'K7QM2XRI', 'K7QM2XRÉ', 'K7QM/2XRD', 'K'.repeat(40)])(
    'refuses %j',
    (typed) => {
      expect(readPairingCode(typed)).toBeUndefined()
    },
  )
  it('reads anything without throwing', () => {
    fc.assert(
      fc.property(anyText, (typed) => {
        const read = readPairingCode(typed)
        return read === undefined || /^[2-9A-Z]{8}$/.test(read)
      }),
    )
  })
})

describe('the text of the QR', () => {
  const login = newObjectName(systemEntropy)
  const secret = 'abcdefghijklmnopqrstuv'
  it('comes back as it was written', () => {
    expect(pairingText(login, secret)).toBe(`SERMENT1:${login}.${secret}`)
    expect(readPairingText(pairingText(login, secret))).toEqual({ login, secret })
  })
  it.each([
    ['https://serment.example/', 'a link'],
    [`serment1:${login}.${secret}`, 'another scheme'],
    [`SERMENT2:${login}.${secret}`, 'a later version'],
    [`SERMENT1:${login}`, 'no secret'],
    [`SERMENT1:${login}.${secret} `, 'something after it'],
    [`SERMENT1:../../x.${secret}`, 'a name that is none'],
  ])('refuses %j (%s)', (text) => {
    expect(readPairingText(text)).toBeUndefined()
  })
  it('reads anything without throwing', () => {
    fc.assert(fc.property(anyText, (text) => readPairingText(`SERMENT1:${text}`) === undefined))
  })
})
