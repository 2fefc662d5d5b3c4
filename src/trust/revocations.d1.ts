import * as z from 'zod'
import { instant } from '../kernel/instant.ts'
import type { SqlDatabase } from './authorities.d1.ts'
import { Scope } from './lists.ts'
import type { Revocations, Standing } from './revocation.ts'

/**
 * One search by key for each certificate of the path in either table, in one statement: what `json_each` gives are the
 * two or three pairs of a path, never a list.
 */
export const STANDING = `SELECT asked.key AS position, list.next_update, list.scope, revoked.revoked_at, revoked.reason
FROM json_each(?1) AS asked
CROSS JOIN revocation_list AS list ON list.issuer_key = asked.value ->> 0
LEFT JOIN revoked_certificate AS revoked ON revoked.generation = list.generation AND revoked.serial = asked.value ->> 1
WHERE list.generation IS NOT NULL`

const Row = z.object({
  position: z.number(),
  next_update: z.number(),
  scope: Scope,
  revoked_at: z.number().nullable(),
  reason: z.number().nullable(),
})

/** The lists that were imported, over D1. */
export const d1Revocations = (database: SqlDatabase): Revocations => ({
  async standing(certificates) {
    if (certificates.length === 0) return []
    const asked = JSON.stringify(certificates.map(({ issuerKey, serial }) => [issuerKey, serial]))
    const { results } = await database.prepare(STANDING).bind(asked).all()
    const rows = new Map(
      results.map((result) => {
        const { position, next_update, scope, revoked_at, reason } = Row.parse(result)
        const standing: Standing = {
          list: { nextUpdate: instant(next_update), scope },
          revoked: revoked_at === null ? undefined : { at: instant(revoked_at), reason: reason ?? undefined },
        }
        return [position, standing]
      }),
    )
    return certificates.map((_, position) => rows.get(position) ?? { list: undefined, revoked: undefined })
  },
})
