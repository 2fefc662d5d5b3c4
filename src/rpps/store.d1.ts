import * as z from 'zod'
import type { NationalId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Assembled } from './assemble.ts'
import { recordOf } from './record.ts'

/** How many rows an import made, and how many it changed. Rows that were right already are not written. */
export interface Written {
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  /** People whose record is larger than a row may be; everybody else was written. */
  readonly tooLarge: readonly NationalId[]
}

/** The directory, write side: for imports and for the operators who suspend a person. */
export interface PractitionerStore {
  /** Adds or rewrites people. Never touches a status, nor contact details that the extract does not speak of. */
  upsert(people: Iterable<Assembled>, now: Instant): Promise<Written>
  /** Whether there was such a person. */
  setStatus(id: NationalId, status: 'active' | 'suspended', now: Instant): Promise<boolean>
  count(): Promise<number>
}

/**
 * D1 takes 100 bound parameters and 100 KB of SQL in a statement, and 2 MB in a value. Rows therefore travel as one
 * JSON parameter that the statement unfolds: a fixed text, two parameters, and as many rows as fit in this many
 * characters (under 100 KB of UTF-8 for anything a register prints).
 */
const CHARACTERS_PER_STATEMENT = 60_000

/** Largest record kept, in UTF-16 units; D1's row takes 2 MB. The largest real person has some hundred activities. */
export const LARGEST_RECORD = 600_000

/**
 * The number of a person that a register has replaced (`otherIds`, `qualite` 2) becomes the new one in their row; their
 * `id` stays. OR IGNORE: if the new number has a row already, the old row is left alone.
 */
const SUCCEED = `UPDATE OR IGNORE practitioner
SET national_id = (SELECT value ->> 1 FROM json_each(?1) WHERE value ->> 0 = practitioner.national_id), updated_at = ?2
WHERE national_id IN (SELECT value ->> 0 FROM json_each(?1))`

const upsertSql = (withContact: boolean): string => `INSERT INTO practitioner
  (id, national_id, family_name, given_name, email, phone, record, updated_at)
SELECT value ->> 0, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, ?2
FROM json_each(?1) WHERE true
ON CONFLICT (national_id) DO UPDATE SET
  family_name = excluded.family_name, given_name = excluded.given_name, record = excluded.record,
  ${withContact ? 'email = excluded.email, phone = excluded.phone,' : ''} updated_at = excluded.updated_at
  WHERE practitioner.record <> excluded.record
  ${withContact ? 'OR practitioner.email <> excluded.email OR practitioner.phone <> excluded.phone' : ''}
ON CONFLICT (id) DO NOTHING`

const WITH_CONTACT = upsertSql(true)
const WITHOUT_CONTACT = upsertSql(false)

/** What of D1 is used, so that a command outside the Workers runtime can hand over a database of its own. */
export interface SqlDatabase {
  prepare(sql: string): SqlStatement
}
interface SqlStatement {
  bind(...values: unknown[]): SqlStatement
  run(): Promise<{ readonly meta: { readonly changes: number } }>
  first(): Promise<unknown>
}

const Count = z.object({ people: z.number() })

/** The store over D1. */
export function d1PractitionerStore(db: SqlDatabase): PractitionerStore {
  const count = async (): Promise<number> =>
    Count.parse(await db.prepare('SELECT count(*) AS people FROM practitioner').first()).people

  return {
    count,
    setStatus: async (id, status, now) => {
      const statement = db.prepare(
        'UPDATE practitioner SET status = ?1, vanished_at = NULL, updated_at = ?2 WHERE national_id = ?3',
      )
      return (await statement.bind(status, now, id).run()).meta.changes > 0
    },
    upsert: async (people, now) => {
      const before = await count()
      let seen = 0
      let changed = 0
      const tooLarge: NationalId[] = []
      const run = async (sql: string, rows: readonly string[]): Promise<number> =>
        (
          await db
            .prepare(sql)
            .bind(`[${rows.join(',')}]`, now)
            .run()
        ).meta.changes
      const successions = statements((rows) => run(SUCCEED, rows))
      const known = statements((rows) => run(WITH_CONTACT, rows))
      const unknown = statements((rows) => run(WITHOUT_CONTACT, rows))
      for (const { practitioner, contact } of people) {
        const { nationalId, familyName, givenName } = practitioner
        const record = recordOf(practitioner)
        if (record.length > LARGEST_RECORD) {
          tooLarge.push(nationalId)
          continue
        }
        seen += 1
        for (const other of practitioner.otherIds) {
          if (other.qualite === 2) await successions.add([other.identifiant, practitioner.nationalId])
        }
        const row = [nationalId, familyName, givenName, contact?.email ?? '', contact?.phone ?? '', record]
        // A number is replaced before anything is written under the new one, or the person would exist twice.
        if (practitioner.otherIds.some((other) => other.qualite === 2)) await successions.flush()
        changed += await (contact === undefined ? unknown : known).add(row)
      }
      changed += (await known.flush()) + (await unknown.flush())
      const created = (await count()) - before
      return { created, updated: changed - created, unchanged: seen - changed, tooLarge }
    },
  }
}

/** Gathers rows into statements of the size that D1 takes; each call gives how many rows were changed meanwhile. */
function statements(run: (rows: readonly string[]) => Promise<number>) {
  let rows: string[] = []
  let characters = 0
  const flush = async (): Promise<number> => {
    if (rows.length === 0) return 0
    const full = rows
    rows = []
    characters = 0
    return await run(full)
  }
  const add = async (row: readonly string[]): Promise<number> => {
    const json = JSON.stringify(row)
    const changed = characters + json.length > CHARACTERS_PER_STATEMENT ? await flush() : 0
    rows.push(json)
    characters += json.length + 1
    return changed
  }
  return { add, flush }
}
