import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** Structures known by their FINESS number or SIRET, from the open extracts or entered by an operator. */
export const structure = sqliteTable(
  'structure',
  {
    /** `1` and the FINESS number, or `3` and the SIRET. */
    id: text('id').primaryKey(),
    finess: text('finess'),
    siret: text('siret'),
    name: text('name').notNull(),
    /** FINESS number of the legal entity of an establishment. */
    entity: text('entity'),
    updatedAt: integer('updated_at').notNull(),
  },
  (table) => [index('structure_siret').on(table.siret)],
)
