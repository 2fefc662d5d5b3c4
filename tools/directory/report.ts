import type { FileReport, ImportSummary, RejectedLine } from '../../src/rpps/import.ts'

const REASONS: Readonly<Record<RejectedLine['reason'], string>> = {
  'wrong-number-of-columns': 'not as many columns as the header',
  'no-identifier': 'no identifier',
  'malformed-identifier': 'the identifier has not the form of its type',
  'no-name': 'no name',
  'not-text': 'control characters, or not UTF-8',
  'too-long': 'longer than any real line',
  'malformed-suspension': 'not a national identifier',
}

/** What became of a file, for a terminal: one line, and one for each rejected line that is listed. */
export function describeFile({ name, kind, accepted, rejected, rejectedLines, refusal }: FileReport): string {
  if (refusal?.refused === 'empty') return `${name}: empty`
  if (refusal !== undefined) {
    const missing = refusal.missing.length === 0 ? '' : ` (no column ${refusal.missing.join(', ')})`
    return `${name}: neither an extract of persons and activities nor a list of suspensions${missing}`
  }
  const lines = rejectedLines.map(({ line, reason }) => `  line ${line}: ${REASONS[reason]}`)
  const more = rejected > rejectedLines.length ? [`  and ${rejected - rejectedLines.length} more`] : []
  return [`${name} (${kind}): ${accepted} lines read, ${rejected} rejected`, ...lines, ...more].join('\n')
}

/** What became of the people, for a terminal. */
export function describeSummary(summary: ImportSummary): string {
  const { people, created, updated, unchanged, suspended, unknownSuspended, tooLarge } = summary
  return [
    `${people} people: ${created} new, ${updated} changed, ${unchanged} as they were`,
    ...(suspended > 0 ? [`${suspended} suspended`] : []),
    ...unknownSuspended.map((id) => `${id}: listed as suspended, not in the directory`),
    ...tooLarge.map((id) => `${id}: too many activities to be kept; nothing of them was written`),
  ].join('\n')
}
