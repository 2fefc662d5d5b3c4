import type { NationalId } from '../kernel/identifiers.ts'
import type { ExtractLine, HeaderRefusal, LineRejection } from './extract.ts'
import { LONGEST_LINE, openExtract } from './extract.ts'
import { linesOf } from './lines.ts'
import { readNationalId } from './national-id.ts'
import { openOther, type SkillLine } from './skills.ts'

/** A line that was not taken, and why. */
export interface RejectedLine {
  readonly line: number
  readonly reason: LineRejection | 'malformed-suspension'
}

/** What became of one file. Only the first rejected lines are listed; all are counted. */
export interface FileReport {
  readonly name: string
  readonly kind: 'open' | 'restricted' | 'skills' | 'diplomas' | 'suspensions' | undefined
  readonly accepted: number
  readonly rejected: number
  readonly rejectedLines: readonly RejectedLine[]
  /** Why nothing of the file was read, when its header was not understood. */
  readonly refusal: HeaderRefusal | undefined
}

/** The outcome of an import. */
export interface ImportSummary {
  readonly files: readonly FileReport[]
  readonly people: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly suspended: number
  /** Listed as suspended, yet not in the directory. */
  readonly unknownSuspended: readonly NationalId[]
  readonly tooLarge: readonly NationalId[]
}

/** A person whose right is suspended. The reason is for the operator who reads the file; it is not kept. */
export interface Suspension {
  readonly nationalId: NationalId
  readonly reason: string
}

/** Where the lines of a file go. `text` is the line as it stood in the file. */
export interface Reading {
  readonly onLine: (line: ExtractLine, text: string) => void
  readonly onSuspension: (suspension: Suspension) => void
  readonly onSkill?: (line: SkillLine) => void
  /** The header of an extract that was understood: what its lines can be read with again. */
  readonly onHeader?: (header: string) => void
  /** Each line that was not taken; without a text when it was too long to be held. */
  readonly onRejected?: (rejected: RejectedLine, text: string | undefined) => void
}

export const SUSPENSIONS_HEADER = 'nationalId;reason'
const LISTED = 100

/**
 * Reads a file of any of the kinds, told apart by its header. A line that cannot be taken is counted and listed
 * and never stops the rest; blank lines are nothing.
 */
export async function readFile(
  name: string,
  chunks: AsyncIterable<string>,
  reading: Reading,
): Promise<FileReport> {
  const rejectedLines: RejectedLine[] = []
  let accepted = 0
  let rejected = 0
  let opened: Opened | HeaderRefusal = { refused: 'empty' }

  for await (const { number, text } of linesOf(chunks, LONGEST_LINE)) {
    if (number === 1) {
      opened = open(text, reading)
      if ('refused' in opened) break
      continue
    }
    if ('refused' in opened || text?.trim() === '') continue
    const reason = text === undefined ? 'too-long' : opened.take(text)
    if (reason === undefined) accepted += 1
    else {
      rejected += 1
      reading.onRejected?.({ line: number, reason }, text)
      if (rejectedLines.length < LISTED) rejectedLines.push({ line: number, reason })
    }
  }
  const refusal = 'refused' in opened ? opened : undefined
  return {
    name,
    kind: 'refused' in opened ? undefined : opened.kind,
    accepted,
    rejected,
    rejectedLines,
    refusal,
  }
}

interface Opened {
  readonly kind: NonNullable<FileReport['kind']>
  readonly take: (line: string) => RejectedLine['reason'] | undefined
}

function open(
  header: string | undefined,
  { onHeader, onLine, onSkill, onSuspension }: Reading,
): Opened | HeaderRefusal {
  if (header === undefined) return { refused: 'not-an-extract', missing: [] }
  if (header.replace(/^\ufeff/, '').trim() === SUSPENSIONS_HEADER) {
    return {
      kind: 'suspensions',
      take: (line) => {
        const suspension = suspensionOf(line)
        if (suspension === undefined) return 'malformed-suspension'
        onSuspension(suspension)
        return undefined
      },
    }
  }
  const extract = openExtract(header)
  if ('refused' in extract) {
    const other = header.length > LONGEST_LINE ? undefined : openOther(header)
    if (other === undefined) return extract
    if (other.kind === 'diplomas') return { kind: 'diplomas', take: () => undefined }
    return {
      kind: 'skills',
      take: (line) => {
        const read = other.read(line)
        if ('rejected' in read) return read.rejected
        onSkill?.(read)
        return undefined
      },
    }
  }
  onHeader?.(header)
  return {
    kind: extract.kind,
    take: (line) => {
      const read = extract.read(line)
      if ('rejected' in read) return read.rejected
      onLine(read, line)
      return undefined
    },
  }
}

function suspensionOf(line: string): Suspension | undefined {
  const [text = '', ...reason] = line.split(';')
  const id = readNationalId(text.trim())?.id
  return id === undefined ? undefined : { nationalId: id, reason: reason.join(';').trim() }
}
