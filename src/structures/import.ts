import { linesOf } from '../rpps/lines.ts'
import { type FinessRejection, LONGEST_LINE, readFinessLine } from './finess.ts'
import type { Structure } from './structure.ts'

/** What became of one file. */
export interface FinessReport {
  readonly name: string
  readonly structures: number
  readonly rejected: number
  readonly changed: number
}

export interface FinessReading {
  /** Answers how many structures were new or otherwise than before. Called with some hundreds at a time. */
  readonly write: (structures: readonly Structure[]) => Promise<number>
  /** Told of each line that was not taken. */
  readonly onRejected: (line: number, reason: FinessRejection, text: string) => void
}

const TOGETHER = 400

/**
 * Reads an extract, line by line: what is held of it is one batch. A line that cannot be taken stops nothing, blank ones
 * are nothing. Read twice, the second time changes nothing.
 */
export async function importFiness(
  name: string,
  chunks: AsyncIterable<string>,
  { write, onRejected }: FinessReading,
): Promise<FinessReport> {
  let batch: Structure[] = []
  let structures = 0
  let rejected = 0
  let changed = 0
  for await (const { number, text } of linesOf(chunks, LONGEST_LINE)) {
    if (text?.trim() === '') continue
    const line = text === undefined ? { rejected: 'too-long' as const } : readFinessLine(text)
    if ('passed' in line) continue
    if ('rejected' in line) {
      rejected += 1
      onRejected(number, line.rejected, text ?? '')
      continue
    }
    structures += 1
    batch.push(line.structure)
    if (batch.length === TOGETHER) {
      changed += await write(batch)
      batch = []
    }
  }
  if (batch.length > 0) changed += await write(batch)
  return { name, structures, rejected, changed }
}
