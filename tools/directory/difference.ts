import type { DatabaseSync } from 'node:sqlite'
import type { NationalId } from '../../src/kernel/identifiers.ts'
import type { Assembled } from '../../src/rpps/assemble.ts'
import { recordOf } from '../../src/rpps/record.ts'
import { LARGEST_RECORD } from '../../src/rpps/store.d1.ts'
import type { Staging } from './staging.ts'

/** What an import would do to the directory. Numbers of people. */
export interface Difference {
  /** In the directory before. */
  readonly known: number
  readonly people: number
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** No longer in the files: suspended until they are again. */
  readonly vanished: number
  /** In the files again. Counted among the updated or the unchanged too. */
  readonly back: number
  readonly tooLarge: readonly NationalId[]
}

interface Existing {
  readonly nationalId: string
  readonly status: string
  readonly email: string
  readonly phone: string
  readonly record: string
  readonly vanished: boolean
}

/**
 * Compares the staged people with those who are there, both in the order of their identifier, so that each is read once
 * and one of each is held; leaves what is to be done in the staging.
 *
 * `whole`: who is not in the files has vanished. Files speak only of the kinds of identifier of which they hold one
 * (an extract of the RPPS says nothing of students), and of ADELI numbers nobody vanishes, whatever is missing: those
 * registers are moving to RPPS, and a person whose number has been replaced must still be found under it.
 */
export function differenceOf(
  staging: Staging,
  directory: DatabaseSync,
  whole: boolean,
  onRow: () => void,
): Difference {
  const { database } = staging
  movedIn(staging, directory)
  const moved = database.prepare('SELECT former FROM moved WHERE current = ?')
  const replaced = database.prepare('SELECT 1 FROM succession WHERE former = ?')
  const change = database.prepare('INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?)')
  const back = database.prepare('INSERT INTO back VALUES (?)')
  const byId = directory.prepare('SELECT 1 FROM practitioner WHERE id = ?')
  const byNumber = directory.prepare(`${SELECT} WHERE national_id = ?`)
  byNumber.setReturnArrays(true)
  const kinds = new Set(
    whole
      ? database
          .prepare(
            "SELECT DISTINCT substr(person, 1, 1) AS kind FROM line WHERE substr(person, 1, 1) NOT IN ('0', '1')",
          )
          .all()
          .map((row) => String(row.kind))
      : [],
  )
  const vanish = database.prepare('INSERT INTO vanished VALUES (?)')
  const tooLarge: NationalId[] = []
  const count = { known: 0, people: 0, created: 0, updated: 0, vanished: 0, back: 0 }

  const present = existing(directory)
  let there = present.next()
  const absent = (one: Existing) => {
    if (one.status !== 'active' || !kinds.has(one.nationalId.slice(0, 1))) return
    if (replaced.get(one.nationalId) !== undefined) return
    vanish.run(one.nationalId)
    count.vanished += 1
  }
  const next = () => {
    count.known += 1
    there = present.next()
  }

  for (const person of staging.people(onRow)) {
    const { nationalId } = person.practitioner
    while (!there.done && there.value.nationalId < nationalId) {
      absent(there.value)
      next()
    }
    let now: Existing | undefined
    if (!there.done && there.value.nationalId === nationalId) {
      now = there.value
      next()
    } else {
      const former = moved.get(nationalId)?.former
      if (former !== undefined) now = existingOf(byNumber.get(String(former)))
      // Their number was another one, which they have in another's row: the directory knows them already.
      else if (byId.get(nationalId) !== undefined) continue
    }
    const record = recordOf(person.practitioner)
    if (record.length > LARGEST_RECORD) {
      tooLarge.push(nationalId)
      continue
    }
    count.people += 1
    if (now?.vanished) {
      back.run(nationalId)
      count.back += 1
    }
    if (now !== undefined && now.nationalId === nationalId && isSame(now, person, record)) continue
    if (now === undefined) count.created += 1
    else count.updated += 1
    const { familyName, givenName } = person.practitioner
    const { email, phone } = person.contact ?? { email: '', phone: '' }
    change.run(nationalId, familyName, givenName, person.contact === undefined ? 0 : 1, email, phone, record)
  }
  while (!there.done) {
    absent(there.value)
    next()
  }
  database.exec('COMMIT')
  return { ...count, unchanged: count.people - count.created - count.updated, tooLarge }
}

/** The records say the names too. */
const isSame = (now: Existing, { contact }: Assembled, record: string): boolean =>
  now.record === record &&
  (contact === undefined || (contact.email === now.email && contact.phone === now.phone))

/**
 * People who are there under a number that a register has replaced: their row takes the new one, and their `id` stays.
 * When the new number has a row already, the old row is left alone.
 */
function movedIn({ database }: Staging, directory: DatabaseSync): void {
  const there = directory.prepare('SELECT 1 FROM practitioner WHERE national_id = ?')
  const insert = database.prepare('INSERT OR IGNORE INTO moved (former, current) VALUES (?, ?)')
  for (const row of database.prepare('SELECT former, current FROM succession ORDER BY former').iterate()) {
    const former = String(row.former)
    const current = String(row.current)
    if (former === current || there.get(former) === undefined || there.get(current) !== undefined) continue
    insert.run(former, current)
  }
}

const SELECT = 'SELECT national_id, status, email, phone, record, vanished_at FROM practitioner'

function* existing(directory: DatabaseSync): Generator<Existing> {
  const rows = directory.prepare(`${SELECT} ORDER BY national_id`)
  rows.setReturnArrays(true)
  for (const row of rows.iterate()) {
    const one = existingOf(row)
    if (one !== undefined) yield one
  }
}

function existingOf(row: unknown): Existing | undefined {
  if (!Array.isArray(row)) return undefined
  const [nationalId, status, email, phone, record, vanishedAt] = row
  return {
    nationalId: String(nationalId),
    status: String(status),
    email: String(email),
    phone: String(phone),
    record: String(record),
    vanished: vanishedAt !== null,
  }
}
