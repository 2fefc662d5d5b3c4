import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** The trail, append-only. `id` is the queue message's, so that a message delivered twice makes one row. */
export const auditEvent = sqliteTable(
  'audit_event',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    kind: text('kind').notNull(),
    practitionerId: text('practitioner_id'),
    clientId: text('client_id'),
    detail: text('detail'),
  },
  (table) => [
    index('audit_event_practitioner').on(table.practitionerId, table.at),
    index('audit_event_at').on(table.at),
  ],
)
