import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/**
 * The trail: a chain of entries that triggers (migrations, `trail_guard`) hold to be appended only. `id` is the queue
 * message's, so that a message delivered twice makes one row.
 *
 * A row without `seq` waits to be sealed: what a command wrote, for which there is no queue, and what was there before
 * the chain. `practitioner_id`, `place`, `detail` and `salt` are the personal part (see chain.ts), the only columns
 * that a sealed entry may lose.
 */
export const auditEvent = sqliteTable(
  'audit_event',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    kind: text('kind').notNull(),
    practitionerId: text('practitioner_id'),
    clientId: text('client_id'),
    detail: text('detail'),
    place: text('place'),
    means: text('means'),
    seq: integer('seq'),
    previous: text('previous'),
    hash: text('hash'),
    commitment: text('commitment'),
    salt: text('salt'),
  },
  (table) => [
    index('audit_event_practitioner').on(table.practitionerId, table.at),
    index('audit_event_at').on(table.at),
    uniqueIndex('audit_event_seq').on(table.seq),
    // What retention still has to do: without it each run would walk over all that it has done.
    index('audit_event_personal').on(table.at).where(sql`salt IS NOT NULL`),
  ],
)
