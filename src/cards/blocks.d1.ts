import { and, desc, eq, isNull } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { PractitionerId } from '../kernel/identifiers.ts'
import { instant } from '../kernel/instant.ts'
import type { CardBlock, CardBlocks } from './blocks.ts'
import { cardBlock } from './card-block.table.ts'
import type { CardReference } from './card-reference.ts'

export function d1CardBlocks(database: D1Database): CardBlocks {
  const db = drizzle(database)
  return {
    async add(block) {
      await db.insert(cardBlock).values({ ...block, card: block.card ?? null })
    },
    async lift(id, by, at) {
      const [row] = await db
        .update(cardBlock)
        .set({ liftedBy: by, liftedAt: at })
        .where(and(eq(cardBlock.id, id), isNull(cardBlock.liftedAt)))
        .returning({ practitionerId: cardBlock.practitionerId })
      return row && PractitionerId.parse(row.practitionerId)
    },
    async of(practitionerId) {
      const rows = await db
        .select()
        .from(cardBlock)
        .where(eq(cardBlock.practitionerId, practitionerId))
        .orderBy(desc(cardBlock.blockedAt))
        .limit(100)
      return rows.map(blockOf)
    },
  }
}

const blockOf = ({ liftedAt, liftedBy, ...row }: typeof cardBlock.$inferSelect): CardBlock => ({
  ...row,
  practitionerId: PractitionerId.parse(row.practitionerId),
  card: row.card === null ? undefined : (row.card as CardReference),
  blockedAt: instant(row.blockedAt),
  lifted: liftedAt === null ? undefined : { by: liftedBy ?? '', at: instant(liftedAt) },
})
