import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** An authority that certificates may lead to. Never deleted: a retired one says since when. */
export const trustAuthority = sqliteTable('trust_authority', {
  /** SHA-256 of the DER, hexadecimal. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** Base64. */
  der: text('der').notNull(),
  role: text('role', { enum: ['anchor', 'intermediate'] }).notNull(),
  /** JSON list: `person`, `organisation`. */
  purposes: text('purposes').notNull(),
  range: text('range').notNull(),
  environment: text('environment', { enum: ['test', 'production'] }).notNull(),
  /** JSON list of dotted identifiers. */
  policies: text('policies').notNull(),
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal. */
  issuerKey: text('issuer_key').notNull(),
  /** JSON list. */
  crlUrls: text('crl_urls').notNull(),
  ocspUrl: text('ocsp_url'),
  addedAt: integer('added_at').notNull(),
  retiredAt: integer('retired_at'),
})
