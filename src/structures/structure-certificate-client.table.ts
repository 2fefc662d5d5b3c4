import { primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Which relying parties a structure's certificate speaks for. */
export const structureCertificateClient = sqliteTable(
  'structure_certificate_client',
  {
    clientId: text('client_id').notNull(),
    certificateId: text('certificate_id').notNull(),
  },
  // In this order: a client's certificates are asked for at each of its requests.
  (table) => [primaryKey({ columns: [table.clientId, table.certificateId] })],
)
