import * as z from 'zod'
import type { TrailDatabase } from './records.d1.ts'

/** What is looked for: everything that is said must hold. */
export interface TrailQuery {
  readonly practitionerId?: string
  readonly clientId?: string
  /** A kind, or the first part of kinds with its dot: `card.`. */
  readonly kind?: string
  /** From this instant on. */
  readonly from?: number
  /** Before this instant. */
  readonly to?: number
  /** Lines at most, the newest first. */
  readonly limit: number
}

const Found = z.object({
  seq: z.number().nullable(),
  id: z.string(),
  at: z.number(),
  kind: z.string(),
  practitionerId: z.string().nullable(),
  clientId: z.string().nullable(),
  means: z.string().nullable(),
  place: z.string().nullable(),
  detail: z.string().nullable(),
})
export type Found = z.infer<typeof Found>

/**
 * Lines of the trail, the newest first. A person's come from an index; the others walk the index of time, so that a
 * search for a service or a kind wants a span of time.
 */
export async function searchTrail(database: TrailDatabase, query: TrailQuery): Promise<readonly Found[]> {
  const { practitionerId, clientId, kind, from, to, limit } = query
  const values: (string | number)[] = []
  const bound = (value: string | number): string => `?${values.push(value)}`
  const conditions = [
    ...(practitionerId === undefined ? [] : [`practitioner_id = ${bound(practitionerId)}`]),
    ...(clientId === undefined ? [] : [`client_id = ${bound(clientId)}`]),
    ...(kind === undefined
      ? []
      : [kind.endsWith('.') ? `substr(kind, 1, ${kind.length}) = ${bound(kind)}` : `kind = ${bound(kind)}`]),
    ...(from === undefined ? [] : [`at >= ${bound(from)}`]),
    ...(to === undefined ? [] : [`at < ${bound(to)}`]),
  ]
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
  const sql = `SELECT seq, id, at, kind, practitioner_id AS practitionerId, client_id AS clientId, means, place, detail
FROM audit_event ${where} ORDER BY at DESC, rowid DESC LIMIT ${bound(limit)}`
  const { results } = await database
    .prepare(sql)
    .bind(...values)
    .all()
  return z.array(Found).parse(results)
}
