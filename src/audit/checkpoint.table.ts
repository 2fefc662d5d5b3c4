import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Heads of the chain, signed by the key ring: what nobody who only holds the database can write anew. */
export const auditCheckpoint = sqliteTable(
  'audit_checkpoint',
  {
    id: integer('id').primaryKey(),
    seq: integer('seq').notNull(),
    hash: text('hash').notNull(),
    at: integer('at').notNull(),
    jws: text('jws').notNull(),
  },
  (table) => [index('audit_checkpoint_seq').on(table.seq)],
)

/** Public keys that signed checkpoints: the ring forgets a retired key, and an old signature should stay readable. */
export const auditKey = sqliteTable('audit_key', {
  /** RFC 7638 thumbprint of the key. */
  kid: text('kid').primaryKey(),
  /** The public JWK, as JSON. */
  jwk: text('jwk').notNull(),
})
