import * as z from 'zod'
import { instant } from '../kernel/instant.ts'
import type { SqlDatabase } from './authorities.d1.ts'
import type { ListState, Lists } from './lists.ts'

/**
 * Rows deleted by one statement: D1 is one thread, and sign-ins wait behind it. Entries travel as one JSON parameter
 * that the statement unfolds, for D1 takes a hundred parameters, and 2 MB in one of them.
 */
const ROWS_PER_DELETE = 10_000

const COLUMNS = 'number, this_update, next_update, url, etag, last_modified, fetched_at, entries, problem'

/** Generations grow, over all lists: the greatest is always in one of these rows, which are never deleted. */
const BEGIN = `INSERT INTO revocation_list (issuer_key, tried_at, importing)
VALUES (?1, ?2, (SELECT 1 + coalesce(max(max(coalesce(generation, 0), coalesce(importing, 0))), 0) FROM revocation_list))
ON CONFLICT (issuer_key) DO UPDATE SET importing = excluded.importing, tried_at = excluded.tried_at
RETURNING importing, ${COLUMNS}`

const WRITE = `INSERT INTO revoked_certificate (generation, serial, revoked_at, reason)
SELECT ?1, value ->> 0, value ->> 1, value ->> 2 FROM json_each(?2) WHERE true
ON CONFLICT (generation, serial) DO UPDATE SET revoked_at = excluded.revoked_at, reason = excluded.reason`

const PUBLISH = `UPDATE revocation_list SET generation = ?2, importing = NULL, number = ?3, this_update = ?4,
  next_update = ?5, scope = ?6, entries = ?7, url = ?8, etag = ?9, last_modified = ?10, fetched_at = ?11, problem = NULL
WHERE issuer_key = ?1 AND importing = ?2`

const UNCHANGED = `UPDATE revocation_list SET url = ?2, etag = ?3, last_modified = ?4, fetched_at = ?5, tried_at = ?5,
  problem = NULL WHERE issuer_key = ?1`

const FAILED = `INSERT INTO revocation_list (issuer_key, problem, tried_at) VALUES (?1, ?2, ?3)
ON CONFLICT (issuer_key) DO UPDATE SET problem = excluded.problem, tried_at = excluded.tried_at`

/** Steps from generation to generation by the key, rather than through all of their entries. */
const SUPERSEDED = `WITH RECURSIVE kept(generation) AS (
  SELECT min(generation) FROM revoked_certificate
  UNION ALL
  SELECT (SELECT min(generation) FROM revoked_certificate WHERE generation > kept.generation)
  FROM kept WHERE kept.generation IS NOT NULL
)
SELECT generation FROM kept WHERE generation IS NOT NULL AND generation NOT IN (
  SELECT generation FROM revocation_list WHERE generation IS NOT NULL
  UNION SELECT importing FROM revocation_list WHERE importing IS NOT NULL
)`

const REMOVE = `DELETE FROM revoked_certificate WHERE generation = ?1 AND serial IN (
  SELECT serial FROM revoked_certificate WHERE generation = ?1 LIMIT ${ROWS_PER_DELETE})`

/** The lists over D1. */
export function d1Lists(database: SqlDatabase): Lists {
  return {
    async state(issuerKey) {
      const { results } = await database
        .prepare(`SELECT ${COLUMNS} FROM revocation_list WHERE issuer_key = ?1`)
        .bind(issuerKey)
        .all()
      return results[0] === undefined ? undefined : State.parse(results[0])
    },
    async begin(issuerKey, at) {
      const { results } = await database.prepare(BEGIN).bind(issuerKey, at).all()
      const { importing } = Begun.parse(results[0])
      return { generation: importing, state: State.parse(results[0]) }
    },
    async write(generation, entries) {
      if (entries.length === 0) return
      const rows = JSON.stringify(entries.map(({ serial, at, reason }) => [serial, at, reason ?? null]))
      await database.prepare(WRITE).bind(generation, rows).run()
    },
    async publish(issuerKey, generation, { number, thisUpdate, nextUpdate, scope, entries }, source) {
      const { url, etag, lastModified, at } = source
      const { meta } = await database
        .prepare(PUBLISH)
        .bind(
          issuerKey,
          generation,
          number,
          thisUpdate,
          nextUpdate,
          JSON.stringify(scope),
          entries,
          url,
          etag ?? null,
          lastModified ?? null,
          at,
        )
        .run()
      return meta.changes > 0
    },
    async unchanged(issuerKey, { url, etag, lastModified, at }) {
      await database
        .prepare(UNCHANGED)
        .bind(issuerKey, url, etag ?? null, lastModified ?? null, at)
        .run()
    },
    async failed(issuerKey, problem, at) {
      await database.prepare(FAILED).bind(issuerKey, problem, at).run()
    },
    async sweep() {
      const { results } = await database.prepare(SUPERSEDED).all()
      for (const { generation } of results.map((row) => Generation.parse(row))) {
        const remove = () => database.prepare(REMOVE).bind(generation).run()
        while ((await remove()).meta.changes >= ROWS_PER_DELETE) {
          // Until less than a full portion was left.
        }
      }
    },
  }
}

/** Every list, by `Authority.issuerKey`: for people to read. */
export async function allListStates(database: SqlDatabase): Promise<ReadonlyMap<string, ListState>> {
  const { results } = await database.prepare(`SELECT issuer_key, ${COLUMNS} FROM revocation_list`).all()
  return new Map(results.map((row) => [Key.parse(row).issuer_key, State.parse(row)]))
}

const Key = z.object({ issuer_key: z.string() })
const time = z
  .number()
  .nullable()
  .transform((seconds) => (seconds === null ? undefined : instant(seconds)))
const words = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined)
const Begun = z.object({ importing: z.number() })
const Generation = z.object({ generation: z.number() })
const State = z
  .object({
    number: words,
    this_update: time,
    next_update: time,
    url: words,
    etag: words,
    last_modified: words,
    fetched_at: time,
    entries: z
      .number()
      .nullable()
      .transform((count) => count ?? undefined),
    problem: words,
  })
  .transform(
    ({ this_update, next_update, last_modified, fetched_at, ...row }): ListState => ({
      ...row,
      thisUpdate: this_update,
      nextUpdate: next_update,
      lastModified: last_modified,
      fetchedAt: fetched_at,
    }),
  )
