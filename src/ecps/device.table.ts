import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** An activated e-CPS: one device key bound to one passkey of one professional. */
export const device = sqliteTable(
  'device',
  {
    /** RFC 7638 thumbprint of the device key. */
    id: text('id').primaryKey(),
    practitionerId: text('practitioner_id').notNull(),
    credentialId: text('credential_id').notNull(),
    /** Public JWK of the device key (EC P-256) as JSON. */
    publicJwk: text('public_jwk').notNull(),
    name: text('name').notNull(),
    activationMode: text('activation_mode', { enum: ['CONTACT', 'CARD', 'DEVICE'] }).notNull(),
    /** The card that opened it, as `cardReference` names it. */
    card: text('card'),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    lastUsedAt: integer('last_used_at'),
    revokedAt: integer('revoked_at'),
  },
  (table) => [index('device_practitioner').on(table.practitionerId)],
)
