import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A browser that a professional said to trust after a strong sign-in: the only kind that may ring their phone. */
export const bond = sqliteTable(
  'bond',
  {
    id: text('id').primaryKey(),
    practitionerId: text('practitioner_id').notNull(),
    secretDigest: text('secret_digest').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('bond_practitioner').on(table.practitionerId)],
)
