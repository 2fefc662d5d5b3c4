import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Which services a professional has already been told about, and for which scope: the first time is shown once. */
export const acquaintance = sqliteTable(
  'acquaintance',
  {
    practitionerId: text('practitioner_id').notNull(),
    clientId: text('client_id').notNull(),
    scope: text('scope').notNull(),
    firstAt: integer('first_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.practitionerId, table.clientId] })],
)
