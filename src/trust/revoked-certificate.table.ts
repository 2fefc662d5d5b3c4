import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** One entry of a list. The key is what a look-up asks for, so that its cost does not grow with the list. */
export const revokedCertificate = sqliteTable(
  'revoked_certificate',
  {
    /** Of one import of one issuer's list: no two have the same. */
    generation: integer('generation').notNull(),
    /** As `Certificate.serial`. */
    serial: text('serial').notNull(),
    revokedAt: integer('revoked_at').notNull(),
    /** `CRLReason` (RFC 5280 §5.3.1); null when the list does not say. */
    reason: integer('reason'),
  },
  (table) => [primaryKey({ columns: [table.generation, table.serial] })],
)
