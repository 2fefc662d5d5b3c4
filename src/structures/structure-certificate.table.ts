import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A structure's certificate, by what stays when it is renewed: its subject, and the range of its authority. */
export const structureCertificate = sqliteTable(
  'structure_certificate',
  {
    /** SHA-256 of range and subject, hexadecimal. */
    id: text('id').primaryKey(),
    structureId: text('structure_id').notNull(),
    /** `nameKey` of the subject: one text for equal names. */
    subject: text('subject').notNull(),
    /** The subject's common name, for people to read. */
    name: text('name').notNull(),
    /** As the registry of authorities has it: ELEMENTAIRE, STANDARD… */
    range: text('range').notNull(),
    /** `x5t#S256` and end of the one with this subject that is good for the longest, of those seen. */
    thumbprint: text('thumbprint').notNull(),
    notAfter: integer('not_after').notNull(),
    /** Days before that end of the last reminder of it; null before the first. */
    reminded: integer('reminded'),
    boundAt: integer('bound_at').notNull(),
  },
  (table) => [index('structure_certificate_end').on(table.notAfter)],
)
