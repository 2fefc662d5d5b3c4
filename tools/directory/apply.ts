import type { DatabaseSync } from 'node:sqlite'
import { NationalId } from '../../src/kernel/identifiers.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Staging } from './staging.ts'

const ROWS_AT_A_TIME = 5_000

const upsert = (withContact: boolean): string => `INSERT INTO main.practitioner
  (id, national_id, family_name, given_name, email, phone, record, updated_at)
SELECT national_id, national_id, family_name, given_name, email, phone, record, ?1 FROM staged.change
WHERE rowid > ?2 AND rowid <= ?3 AND with_contact = ${withContact ? 1 : 0}
ON CONFLICT (national_id) DO UPDATE SET
  family_name = excluded.family_name, given_name = excluded.given_name, record = excluded.record,
  ${withContact ? 'email = excluded.email, phone = excluded.phone,' : ''} updated_at = excluded.updated_at
ON CONFLICT (id) DO NOTHING`

/**
 * Does what the staging says, in one transaction: whoever opens the directory finds it as it was or as it is to be,
 * also after this process was killed in the middle, when SQLite takes the half of it back.
 */
export function applyDifference(
  staging: Staging,
  directory: DatabaseSync,
  now: Instant,
  onRows: (done: number, of: number) => void,
): { readonly suspended: number; readonly unknownSuspended: readonly NationalId[] } {
  directory.prepare('ATTACH ? AS staged').run(staging.file)
  directory.exec('BEGIN IMMEDIATE')
  try {
    directory
      .prepare(
        `UPDATE main.practitioner SET updated_at = ?1,
           national_id = (SELECT current FROM staged.moved WHERE former = practitioner.national_id)
         WHERE national_id IN (SELECT former FROM staged.moved)`,
      )
      .run(now)
    const changes = Number(
      directory.prepare('SELECT coalesce(max(rowid), 0) AS n FROM staged.change').get()?.n,
    )
    const statements = [directory.prepare(upsert(true)), directory.prepare(upsert(false))]
    for (let done = 0; done < changes; done += ROWS_AT_A_TIME) {
      for (const statement of statements) statement.run(now, done, done + ROWS_AT_A_TIME)
      onRows(Math.min(done + ROWS_AT_A_TIME, changes), changes)
    }
    const set = (what: string, which: string) =>
      directory
        .prepare(
          `UPDATE main.practitioner SET ${what}, updated_at = ?1
           WHERE national_id IN (SELECT national_id FROM staged.${which})`,
        )
        .run(now)
    set("status = 'active', vanished_at = NULL", 'back')
    set("status = 'suspended', vanished_at = ?1", 'vanished')
    // Last: a suspension that somebody wrote down outlives a coming back.
    const suspended = Number(set("status = 'suspended', vanished_at = NULL", 'suspension').changes)
    const unknownSuspended = directory
      .prepare(
        `SELECT national_id FROM staged.suspension
         WHERE national_id NOT IN (SELECT national_id FROM main.practitioner) ORDER BY national_id`,
      )
      .all()
      .map((row) => NationalId.parse(row.national_id))
    directory.exec('COMMIT')
    return { suspended, unknownSuspended }
  } catch (error) {
    directory.exec('ROLLBACK')
    throw error
  } finally {
    directory.exec('DETACH staged')
  }
}
