import { and, eq, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import { practitioner } from '../rpps/practitioner.table.ts'
import { acquaintance } from './acquaintance.table.ts'
import { covers, widened } from './acquaintance.ts'
import type { AcquaintanceBook } from './acquaintances.ts'

export function d1Acquaintances(database: D1Database): AcquaintanceBook {
  const db = drizzle(database)
  const scopeShown = async (practitionerId: string, clientId: string): Promise<string | undefined> => {
    const row = await db
      .select({ scope: acquaintance.scope })
      .from(acquaintance)
      .where(and(eq(acquaintance.practitionerId, practitionerId), eq(acquaintance.clientId, clientId)))
      .get()
    return row?.scope
  }
  return {
    async standing(practitionerId, clientId, scope) {
      const person = eq(practitioner.id, practitionerId)
      const shown = and(eq(acquaintance.practitionerId, practitionerId), eq(acquaintance.clientId, clientId))
      const row = await db.get<{ scope: string | null; status: string | null }>(sql`
        select (select ${acquaintance.scope} from ${acquaintance} where ${shown}) as scope,
               (select ${practitioner.status} from ${practitioner} where ${person}) as status`)
      if (row.status === 'suspended') return 'suspended'
      return covers(row.scope ?? undefined, scope) ? 'told' : 'untold'
    },
    async of(practitionerId) {
      const rows = await db
        .select({ clientId: acquaintance.clientId, scope: acquaintance.scope })
        .from(acquaintance)
        .where(eq(acquaintance.practitionerId, practitionerId))
      return Object.fromEntries(rows.map(({ clientId, scope }) => [clientId, scope]))
    },
    async remember(practitionerId, clientId, scope, at) {
      const shown = widened(await scopeShown(practitionerId, clientId), scope)
      await db
        .insert(acquaintance)
        .values({ practitionerId, clientId, scope: shown, firstAt: at })
        .onConflictDoUpdate({
          target: [acquaintance.practitionerId, acquaintance.clientId],
          set: { scope: shown },
        })
    },
  }
}
