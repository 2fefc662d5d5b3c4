import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A registered relying party. `metadata` is the validated RFC 7591 metadata as JSON. */
export const relyingParty = sqliteTable('relying_party', {
  clientId: text('client_id').primaryKey(),
  name: text('name').notNull(),
  profile: text('profile', { enum: ['compatible', 'strict'] }).notNull(),
  status: text('status', { enum: ['active', 'suspended'] })
    .notNull()
    .default('active'),
  secretDigest: text('secret_digest'),
  metadata: text('metadata').notNull(),
  registeredAt: integer('registered_at').notNull(),
  /** Digest of the token by which a party manages its own registration (RFC 7592 §3). */
  registrationTokenDigest: text('registration_token_digest'),
  /** Of `serment_api`: what tokens for this API name as their audience. One API each. */
  apiAudience: text('api_audience').unique(),
})
