import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OPENING_CODE_LENGTH, openingText, readOpeningText } from '../../src/card-activation/opening-code.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import {
  newPairingCode,
  pairingText,
  readPairingCode,
  readPairingText,
  shownPairingCode,
} from '../../src/mire/pairing-code.ts'

const name = newObjectName(systemEntropy)
const secret = 's'.repeat(22)

describe('what the computer shows', () => {
  it('is read as it was written', () => {
    expect(readOpeningText(openingText(name, secret))).toEqual({ activation: name, secret })
    const code = newPairingCode(systemEntropy, OPENING_CODE_LENGTH)
    expect(shownPairingCode(code)).toMatch(/^\w{4}-\w{4}-\w{4}$/)
    expect(readPairingCode(` ${shownPairingCode(code).toLowerCase()} `, OPENING_CODE_LENGTH)).toBe(code)
  })

  it('is never what a login shows, and the reverse', () => {
    expect(readPairingText(openingText(name, secret))).toBeUndefined()
    expect(readOpeningText(pairingText(name, secret))).toBeUndefined()
    expect(readPairingCode(newPairingCode(systemEntropy, OPENING_CODE_LENGTH))).toBeUndefined()
    expect(readPairingCode(newPairingCode(systemEntropy), OPENING_CODE_LENGTH)).toBeUndefined()
  })

  it('any other text is none', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `SERMENT1A:${text}`),
        ),
        (text) => {
          const read = readOpeningText(text)
          if (read !== undefined) expect(openingText(read.activation, read.secret)).toBe(text)
        },
      ),
    )
  })
})
