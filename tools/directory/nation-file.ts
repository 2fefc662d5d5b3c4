import { closeSync, openSync, writeSync } from 'node:fs'
import { OPEN_HEADER, openLine, RESTRICTED_HEADER, restrictedLine } from './columns.ts'
import { type Nation, nationOf } from './nation.ts'

const PIECE = 1_000_000

/** Writes the extract of an invented nation, and gives how many lines it has under its header. */
export function writeNation(path: string, nation: Nation, kind: 'open' | 'restricted'): number {
  const lineOf = kind === 'open' ? openLine : restrictedLine
  const file = openSync(path, 'w')
  try {
    let held = `${kind === 'open' ? OPEN_HEADER : RESTRICTED_HEADER}\n`
    let lines = 0
    for (const row of nationOf(nation)) {
      held += `${lineOf(row)}\n`
      lines += 1
      if (held.length < PIECE) continue
      writeSync(file, held)
      held = ''
    }
    writeSync(file, held)
    return lines
  } finally {
    closeSync(file)
  }
}
