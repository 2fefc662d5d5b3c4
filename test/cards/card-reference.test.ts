import { describe, expect, it } from 'vitest'
import { cardReferences } from '../../src/cards/card-reference.ts'
import { derivedMac } from '../../src/kernel/derived-key.ts'
import { digest } from '../../src/kernel/digest.ts'

const CARD = '8025000001/2600301752'
const [one, other] = ['A', 'B'].map((letter) => cardReferences(derivedMac(letter.repeat(43), 'card')))

describe('what a card is called at rest', () => {
  it('the same each time, and another for another card', async () => {
    expect(await one?.(CARD)).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await one?.(CARD)).toBe(await one?.(CARD))
    expect(await one?.('8025000001/2600301753')).not.toBe(await one?.(CARD))
  })
  it('attack: whoever reads the table and counts through all numbers finds none without the key', async () => {
    expect(await one?.(CARD)).not.toBe(await other?.(CARD))
    for (const guess of [CARD, `card ${CARD}`]) expect(await digest(guess)).not.toBe(await one?.(CARD))
  })
})
