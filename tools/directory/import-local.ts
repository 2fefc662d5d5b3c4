import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../src/kernel/instant.ts'
import { type FileReport, type ImportSummary, readFile } from '../../src/rpps/import.ts'
import { applyDifference } from './apply.ts'
import { type Difference, differenceOf } from './difference.ts'
import { decoded } from './encoding.ts'
import type { Progress } from './progress.ts'
import { rejectFile } from './rejects.ts'
import type { Source } from './sources.ts'
import { openStaging, type Staging } from './staging.ts'

export interface LocalImport {
  readonly sources: readonly Source[]
  /** The embedded database, held by us alone. */
  readonly directory: DatabaseSync
  /** A folder for what waits between two steps; it is made, and emptied. */
  readonly folder: string
  readonly now: Instant
  /** The files are the whole directory: who is not in them has vanished. */
  readonly whole: boolean
  /** Largest share of the people known who may change or vanish, from 0 to 1. */
  readonly allowed: number
  readonly dryRun: boolean
  readonly progress: Progress
  readonly report: (file: FileReport, rejects: string) => void
}

export type LocalOutcome = Difference & { readonly files: readonly FileReport[] } & (
    | ({ readonly applied: true } & Pick<ImportSummary, 'suspended' | 'unknownSuspended'>)
    | { readonly applied: false; readonly why: 'dry-run' | 'too-much'; readonly share: number }
  )

/** How many rows of lines are read between two looks at the clock of the progress bar. */
const ROWS = 5_000

/** Reads files of any of the kinds into the embedded directory: lines to the staging, a difference, one transaction. */
export async function importLocally(wanted: LocalImport): Promise<LocalOutcome> {
  const { directory, progress } = wanted
  const staging = openStaging(join(wanted.folder, 'staging.sqlite'))
  try {
    const files: FileReport[] = []
    for (const source of wanted.sources) files.push(await staged(source, staging, wanted))
    progress.show('sorting', 0, 0)
    const rows = staging.sort()
    let read = 0
    const difference = differenceOf(staging, directory, wanted.whole && files.every(isRead), () => {
      read += 1
      if (read % ROWS === 0) progress.show('comparing', read, rows)
    })
    const share = difference.known === 0 ? 0 : (difference.updated + difference.vanished) / difference.known
    const found = { ...difference, files }
    if (wanted.dryRun) return { ...found, applied: false, why: 'dry-run', share }
    if (share > wanted.allowed) return { ...found, applied: false, why: 'too-much', share }
    const applied = applyDifference(staging, directory, wanted.now, (done, of) =>
      progress.show('writing', done, of),
    )
    return { ...found, ...applied, applied: true }
  } finally {
    progress.clear()
    staging.close()
  }
}

const isRead = (file: FileReport): boolean => file.refusal === undefined

async function staged(source: Source, staging: Staging, wanted: LocalImport): Promise<FileReport> {
  const rejects = rejectFile(source.rejects)
  let extract = -1
  let bytes = 0
  const counted = async function* () {
    for await (const chunk of await source.open()) {
      bytes += chunk.length
      wanted.progress.show(source.name, bytes, source.size)
      yield chunk
    }
  }
  try {
    const report = await readFile(source.name, decoded(counted()), {
      onHeader: (header) => {
        extract = staging.extract(header)
      },
      onLine: (line, text) => staging.line(extract, line, text),
      onSkill: staging.skill,
      onSuspension: staging.suspension,
      onRejected: rejects.add,
    })
    wanted.progress.clear()
    wanted.report(report, source.rejects)
    return report
  } finally {
    rejects.close()
  }
}
