import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf, type NumberedLine } from '../../src/rpps/lines.ts'
import { inPieces } from './extracts.ts'

async function cut(text: string, limit = 1000, size = 3): Promise<readonly NumberedLine[]> {
  const lines: NumberedLine[] = []
  for await (const line of linesOf(inPieces(text, size), limit)) lines.push(line)
  return lines
}

describe('lines of a stream', () => {
  it.each([
    ['nothing', '', []],
    ['one without an end', 'abc', ['abc']],
    ['one with an end', 'abc\n', ['abc']],
    ['blank ones', '\n\nabc\n', ['', '', 'abc']],
    ['carriage returns, left to the reader', 'a\r\nb', ['a\r', 'b']],
  ])('%s', async (_, text, lines) => {
    expect((await cut(text)).map((line) => line.text)).toEqual(lines)
  })

  it('are numbered from 1, and one that is too long leaves the others', async () => {
    expect(await cut(`ab\n${'x'.repeat(50)}\ncd\n${'y'.repeat(11)}`, 10)).toEqual([
      { number: 1, text: 'ab' },
      { number: 2, text: undefined },
      { number: 3, text: 'cd' },
      { number: 4, text: undefined },
    ])
  })

  it('do not depend on how the stream was cut', async () => {
    const text = fc
      .array(fc.constantFrom('a', 'bc', '\n', 'dé'), { maxLength: 40 })
      .map((parts) => parts.join(''))
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (whole, size) => {
        expect(await cut(whole, 6, size)).toEqual(await cut(whole, 6, 1000))
      }),
    )
  })
})
