import { createReadStream } from 'node:fs'
import { basename, join } from 'node:path'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { assembly } from '../../src/rpps/assemble.ts'
import { type FileReport, type ImportSummary, readFile, type Suspension } from '../../src/rpps/import.ts'
import { d1PractitionerStore, type SqlDatabase } from '../../src/rpps/store.d1.ts'
import { PEOPLE, PEOPLE_FILES, SUSPENSIONS_FILE } from './files.ts'

export interface DirectoryImport {
  /** Paths. The kind of each is told by its header, whatever its name. */
  readonly files: readonly string[]
  readonly database: SqlDatabase
  readonly now: Instant
  /** Told what became of each file, when it has been read. */
  readonly report?: (file: FileReport) => void
}

/**
 * Reads extracts and lists of suspensions into the directory. The files are streamed, and what is kept of them until the
 * end is the people. A file that cannot be opened rejects before anything is written.
 */
export async function importDirectory(wanted: DirectoryImport): Promise<ImportSummary> {
  const { files: paths, database, now, report = () => {} } = wanted
  const people = assembly()
  const suspensions: Suspension[] = []
  const files: FileReport[] = []
  for (const path of paths) {
    const file = await readFile(basename(path), createReadStream(path, 'utf8'), {
      onLine: people.add,
      onSuspension: (suspension) => suspensions.push(suspension),
    })
    files.push(file)
    report(file)
  }
  const store = d1PractitionerStore(database)
  const written = await store.upsert(people.people(), now)
  const unknown: Suspension[] = []
  for (const suspension of suspensions) {
    if (!(await store.setStatus(suspension.nationalId, 'suspended', now))) unknown.push(suspension)
  }
  const { created, updated, unchanged } = written
  return {
    files,
    people: created + updated + unchanged,
    ...written,
    suspended: suspensions.length - unknown.length,
    unknownSuspended: unknown.map((suspension) => suspension.nationalId),
  }
}

/**
 * Puts the sandbox's people into a database, or brings them up to date after an upgrade. Statuses are set the first time
 * only: what someone suspends or restores afterwards stays.
 * @param now milliseconds, as of `Date.now()`
 */
export async function seedSandbox(database: SqlDatabase, now: number): Promise<ImportSummary> {
  const first = (await d1PractitionerStore(database).count()) === 0
  const files = (first ? [...PEOPLE_FILES, SUSPENSIONS_FILE] : PEOPLE_FILES).map((name) => join(PEOPLE, name))
  return importDirectory({ files, database, now: instant(now / 1000) })
}
