import { describe, expect, it } from 'vitest'
import type { ExtractLine } from '../../src/rpps/extract.ts'
import { readFile, SUSPENSIONS_HEADER, type Suspension } from '../../src/rpps/import.ts'
import { inPieces, OPEN_HEADER, openLine } from './extracts.ts'

async function read(text: string) {
  const lines: ExtractLine[] = []
  const suspensions: Suspension[] = []
  const report = await readFile('file.txt', inPieces(text, 500), {
    onLine: (line) => lines.push(line),
    onSuspension: (suspension) => suspensions.push(suspension),
  })
  return { lines, suspensions, report }
}

const file = (...lines: readonly string[]): string => [OPEN_HEADER, ...lines].join('\r\n')

describe('a file', () => {
  it('is read line by line, and a bad one never stops the rest', async () => {
    const good = openLine()
    const { lines, report } = await read(
      file(good, 'cut|short', good, '', openLine({ nationalId: '8123' }), `${'x'.repeat(40_000)}`, good, ''),
    )
    expect(lines).toHaveLength(3)
    expect(report).toEqual({
      name: 'file.txt',
      kind: 'open',
      accepted: 3,
      rejected: 3,
      rejectedLines: [
        { line: 3, reason: 'wrong-number-of-columns' },
        { line: 6, reason: 'malformed-identifier' },
        { line: 7, reason: 'too-long' },
      ],
      refusal: undefined,
    })
  })

  it('lists the first hundred bad lines and counts them all', async () => {
    const { report } = await read(file(...Array.from({ length: 250 }, () => 'no')))
    expect(report).toMatchObject({ accepted: 0, rejected: 250 })
    expect(report.rejectedLines).toHaveLength(100)
  })

  it('may have a header only', async () => {
    expect((await read(OPEN_HEADER)).report).toMatchObject({ kind: 'open', accepted: 0, rejected: 0 })
  })

  it.each([
    ['empty', '', { refused: 'empty' }],
    ['a blank first line', `\n${OPEN_HEADER}`, { refused: 'empty' }],
    ['no header', openLine(), { refused: 'not-an-extract' }],
    ['not text at all', '\u0000'.repeat(100_000), { refused: 'not-an-extract' }],
  ])('is refused whole: %s', async (_, text, refusal) => {
    const { lines, report } = await read(text)
    expect(lines).toEqual([])
    expect(report).toMatchObject({ kind: undefined, accepted: 0, refusal })
  })
})

describe('a list of suspensions', () => {
  it('is told by its header', async () => {
    const text = `\ufeff${SUSPENSIONS_HEADER}\r\n899700900117;interdiction; un an\r\n8123;non\r\n0759300018\r\n`
    const { suspensions, report } = await read(text)
    expect(suspensions).toEqual([
      { nationalId: '899700900117', reason: 'interdiction; un an' },
      { nationalId: '0759300018', reason: '' },
    ])
    expect(report).toMatchObject({
      kind: 'suspensions',
      accepted: 2,
      rejectedLines: [{ line: 3, reason: 'malformed-suspension' }],
    })
  })
})
