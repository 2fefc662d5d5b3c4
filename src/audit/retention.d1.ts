import { after, type Instant } from '../kernel/instant.ts'

/** Entries of one statement, and statements of one call: what is left is for the next cron. */
const CHUNK = 500
const CHUNKS = 40
const DAY = 86_400

/** What speaks of no professional keeps its detail: who is trusted, with which keys, and who looked into the trail. */
const KEPT = ['key.', 'trust.', 'structure.', 'directory.', 'trail.']

const AGE = `UPDATE audit_event SET practitioner_id = NULL, place = NULL, detail = NULL, salt = NULL
WHERE rowid IN (
  SELECT rowid FROM audit_event
  WHERE at < ?1 AND seq IS NOT NULL AND salt IS NOT NULL AND NOT (practitioner_id IS NULL AND (${KEPT.map(
    (prefix) => `substr(kind, 1, ${prefix.length}) = '${prefix}'`,
  ).join(' OR ')}))
  ORDER BY at LIMIT ${CHUNK})`

/**
 * Takes person, place and detail from entries older than so many days, with the salt without which nobody can try
 * persons against the commitment. The chain holds: it never held them.
 * @returns how many entries lost theirs.
 */
export async function ageTrail(database: D1Database, now: Instant, days: number): Promise<number> {
  let aged = 0
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    const { meta } = await database
      .prepare(AGE)
      .bind(after(now, -days * DAY))
      .run()
    aged += meta.changes
    if (meta.changes < CHUNK) break
  }
  return aged
}
