import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** One row a person. `record` is the `Practitioner` of practitioner.ts as JSON: one read gives the whole identity. */
export const practitioner = sqliteTable(
  'practitioner',
  {
    id: text('id').primaryKey(),
    nationalId: text('national_id').notNull().unique(),
    familyName: text('family_name').notNull(),
    givenName: text('given_name').notNull(),
    status: text('status', { enum: ['active', 'suspended'] })
      .notNull()
      .default('active'),
    email: text('email').notNull().default(''),
    phone: text('phone').notNull().default(''),
    record: text('record').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** Set while the person is suspended for this reason alone: an import of the whole directory no longer had them. */
    vanishedAt: integer('vanished_at'),
  },
  (table) => [index('practitioner_name').on(table.familyName, table.givenName)],
)
