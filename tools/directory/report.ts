import type { FileReport, RejectedLine } from '../../src/rpps/import.ts'
import type { LocalOutcome } from './import-local.ts'

const REASONS: Readonly<Record<RejectedLine['reason'], string>> = {
  'wrong-number-of-columns': 'not as many columns as the header',
  'no-identifier': 'no identifier',
  'malformed-identifier': 'the identifier has not the form of its type',
  'no-name': 'no name',
  'not-text': 'control characters, or not UTF-8',
  'too-long': 'longer than any real line',
  'malformed-suspension': 'not a national identifier',
}

/**
 * What became of a file, for a terminal: one line, and one for each rejected line that is listed. `rejects` is where all
 * of them are.
 */
export function describeFile(
  { name, kind, accepted, rejected, rejectedLines, refusal }: FileReport,
  rejects: string,
): string {
  if (refusal?.refused === 'empty') return `${name}: empty`
  if (refusal !== undefined) {
    const missing = refusal.missing.length === 0 ? '' : ` (no column ${refusal.missing.join(', ')})`
    return `${name}: neither an extract of persons and activities nor a list of suspensions${missing}`
  }
  const lines = rejectedLines.map(({ line, reason }) => `  line ${line}: ${REASONS[reason]}`)
  const more = [
    ...(rejected > rejectedLines.length ? [`  and ${rejected - rejectedLines.length} more`] : []),
    ...(rejected > 0 ? [`  all of them are in ${rejects}`] : []),
  ]
  return [`${name} (${kind}): ${accepted} lines read, ${rejected} rejected`, ...lines, ...more].join('\n')
}

/** What became of the people, or would have, for a terminal. */
export function describeOutcome(outcome: LocalOutcome): string {
  const { people, created, updated, unchanged, vanished, back, tooLarge } = outcome
  const counts = [
    `${people} people: ${created} new, ${updated} changed, ${unchanged} as they were`,
    ...(vanished > 0 ? [`${vanished} no longer there: suspended until they are again`] : []),
    ...(back > 0 ? [`${back} there again: no longer suspended for having been away`] : []),
  ]
  const late = tooLarge.map((id) => `${id}: too many activities to be kept; nothing of them was written`)
  if (outcome.applied) {
    const { suspended, unknownSuspended } = outcome
    return [
      ...counts,
      ...(suspended > 0 ? [`${suspended} suspended`] : []),
      ...unknownSuspended.map((id) => `${id}: listed as suspended, not in the directory`),
      ...late,
    ].join('\n')
  }
  const why =
    outcome.why === 'dry-run'
      ? 'Nothing was written: this was a dry run.'
      : `Nothing was written: ${percent(outcome.share)} of the people known would change or vanish.\nIf the files are only a part of the directory: --partial. If it is right: --allow-change ${Math.ceil(outcome.share * 100)}%`
  return [...counts, ...late, why].join('\n')
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
