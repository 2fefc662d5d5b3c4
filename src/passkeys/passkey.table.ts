import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A WebAuthn credential of a professional. Names follow WebAuthn L3 §4 (credential record). */
export const passkey = sqliteTable(
  'passkey',
  {
    credentialId: text('credential_id').primaryKey(),
    practitionerId: text('practitioner_id').notNull(),
    /** Random 32 bytes, base64url; the same for all passkeys of a person, never their number. */
    userHandle: text('user_handle').notNull(),
    /** COSE key, base64url. */
    publicKey: text('public_key').notNull(),
    counter: integer('counter').notNull(),
    transports: text('transports').notNull().default('[]'),
    deviceType: text('device_type', { enum: ['singleDevice', 'multiDevice'] }).notNull(),
    backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
    aaguid: text('aaguid').notNull(),
    createdAt: integer('created_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('passkey_practitioner').on(table.practitionerId)],
)
