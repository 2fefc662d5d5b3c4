import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPENING_CODE_LENGTH, openingText } from '../../src/card-activation/opening-code.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import {
  newPairingCode,
  pairingText,
  readPairingCode,
  shownPairingCode,
} from '../../src/mire/pairing-code.ts'
import {
  openingQr,
  ourQr,
  receivedCode,
  typedCode,
  typedNationalId,
  typedOpening,
  typedUserCode,
} from '../../web/ecps/scanned.ts'
import { anyText } from '../actors/any-text.ts'

describe('a QR code', () => {
  it('of a mire is taken as it is', () => {
    const text = pairingText(newObjectName(systemEntropy), 'a'.repeat(43))
    expect(ourQr(text)).toBe(text)
  })

  it.each(['', 'https://example.org', 'serment1:abc', ' SERMENT1:abc', `SERMENT1:${'a'.repeat(2000)}`])(
    'refuses %j',
    (text) => expect(ourQr(text)).toBeUndefined(),
  )
})

describe('a typed code', () => {
  it('is what the mire shows, however it is written', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.constantFrom('-', ' ', '', '–', '.'), (lower, between) => {
        const code = newPairingCode(systemEntropy)
        const shown = shownPairingCode(code).replace('-', between)
        const typed = typedCode(lower ? ` ${shown.toLowerCase()} ` : shown)
        expect(typed).toBe(code)
        expect(readPairingCode(typed ?? '')).toBe(code)
      }),
    )
  })

  it.each(['', 'K7QM', 'K7QM-2XRDX', 'K7QM-2X!D'])('refuses %j', (text) =>
    expect(typedCode(text)).toBeUndefined(),
  )

  it('never throws', () => {
    fc.assert(fc.property(anyText(), (text) => /^[A-Z0-9]{8}$/.test(typedCode(text) ?? 'AAAAAAAA')))
  })
})

// CIBA Core 1.0 §7.1 user_code
describe('a code for the requests of services', () => {
  it.each([
    ['4821', '4821'],
    ['0000', '0000'],
    ['12345678', '12345678'],
    [' 48 21-07 ', '482107'],
  ])('%j is %j', (text, code) => expect(typedUserCode(text)).toBe(code))

  it.each(['', '482', '123456789', '48a21', '٤٨٢١', '48\n2', '4821!'])('refuses %j', (text) =>
    expect(typedUserCode(text)).toBeUndefined(),
  )

  it('is digits or nothing', () => {
    fc.assert(fc.property(anyText(), (text) => /^[0-9]{4,8}$/.test(typedUserCode(text) ?? '0000')))
  })
})

describe('PSC-1.6 a national identifier as people type it', () => {
  it.each([
    ['10001045367', '810001045367'],
    ['810001045367', '810001045367'],
    [' 8 10001 04536 7 ', '810001045367'],
    ['759900123', '0759900123'],
    ['0759900123', '0759900123'],
    ['330B0057881/CPET0002', '330B0057881/CPET0002'],
  ])('%j is %s', (typed, id) => expect(typedNationalId(typed)).toBe(id))

  it.each(['', '123', 'Moreau', '8100010453671'.repeat(6), '81000104536<'])('refuses %j', (text) =>
    expect(typedNationalId(text)).toBeUndefined(),
  )
})

describe('a received code', () => {
  it.each([
    ['123 456', '123456'],
    [' 12-34-56.', '123456'],
    ['1'.repeat(40), '1'.repeat(12)],
  ])('%j is %s', (typed, code) => expect(receivedCode(typed)).toBe(code))
})

describe('an activation by card', () => {
  const name = newObjectName(systemEntropy)
  it('its QR is not a login’s, nor the reverse', () => {
    const [opening, login] = [openingText(name, 'a'.repeat(22)), pairingText(name, 'a'.repeat(22))]
    expect([openingQr(opening), ourQr(opening)]).toEqual([opening, undefined])
    expect([openingQr(login), ourQr(login)]).toEqual([undefined, login])
  })

  it('nor is its code', () => {
    const [opening, login] = [
      newPairingCode(systemEntropy, OPENING_CODE_LENGTH),
      newPairingCode(systemEntropy),
    ]
    expect([typedOpening(shownPairingCode(opening).toLowerCase()), typedCode(opening)]).toEqual([
      opening,
      undefined,
    ])
    expect([typedOpening(login), typedCode(login)]).toEqual([undefined, login])
  })
})
