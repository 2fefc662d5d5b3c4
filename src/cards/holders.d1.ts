import { and, eq, isNull, or, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { practitioner } from '../rpps/practitioner.table.ts'
import { entryOf } from '../rpps/record.ts'
import { cardBlock } from './card-block.table.ts'
import type { CardHolders } from './holders.ts'

const { id, nationalId, status, email, phone, record } = practitioner

export function d1CardHolders(database: D1Database): CardHolders {
  const db = drizzle(database)
  return {
    async find(wanted, card) {
      const standing = db
        .select({ one: sql`1` })
        .from(cardBlock)
        .where(
          and(
            eq(cardBlock.practitionerId, id),
            or(isNull(cardBlock.card), eq(cardBlock.card, card)),
            isNull(cardBlock.liftedAt),
          ),
        )
      const row = await db
        .select({
          practitioner: { id, nationalId, status, email, phone, record },
          blocked: sql<number>`exists ${standing}`,
        })
        .from(practitioner)
        .where(eq(nationalId, wanted))
        .get()
      return row && { entry: entryOf(row.practitioner), blocked: row.blocked === 1 }
    },
  }
}
