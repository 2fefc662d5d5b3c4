import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

/** A card that may not be used any more, or all cards of a person, until the block is lifted. */
export const cardBlock = sqliteTable(
  'card_block',
  {
    id: text('id').primaryKey(),
    /** Whose cards. Always known: a card is blocked in the name of its holder. */
    practitionerId: text('practitioner_id').notNull(),
    /** `CardReference`; null for all cards of this person. */
    card: text('card'),
    /** As the authority wrote it. */
    reason: text('reason').notNull(),
    /** The client id of the authority that blocked. */
    blockedBy: text('blocked_by').notNull(),
    blockedAt: integer('blocked_at').notNull(),
    liftedBy: text('lifted_by'),
    liftedAt: integer('lifted_at'),
  },
  (table) => [index('card_block_practitioner').on(table.practitionerId)],
)
