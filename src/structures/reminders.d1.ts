import * as z from 'zod'
import { after, type Instant, instant } from '../kernel/instant.ts'
import { type EndingCertificate, REMINDERS } from './reminders.ts'
import type { SqlDatabase } from './structures.d1.ts'

/** The certificates that end soon. */
export interface EndingCertificates {
  soon(now: Instant): Promise<readonly EndingCertificate[]>
  /** Writes down that this reminder is sent; `false` when somebody else did, or a later one. */
  claim(id: string, days: number): Promise<boolean>
}

/** More than this in one run wait for the next. */
const MOST = 200

const SOON = `SELECT c.id, c.structure_id, s.name AS structure_name, c.name, c.not_after, c.reminded,
  (SELECT json_group_array(json_object('clientId', p.client_id, 'name', p.name,
      'contacts', json(coalesce(p.metadata -> '$.contacts', '[]'))))
    FROM structure_certificate_client AS k JOIN relying_party AS p ON p.client_id = k.client_id
    WHERE k.certificate_id = c.id) AS parties
FROM structure_certificate AS c JOIN structure AS s ON s.id = c.structure_id
WHERE c.not_after > ?1 AND c.not_after <= ?2 AND (c.reminded IS NULL OR c.reminded > ?3) ORDER BY c.not_after LIMIT ${MOST}`

const CLAIM = `UPDATE structure_certificate SET reminded = ?2
WHERE id = ?1 AND (reminded IS NULL OR reminded > ?2) RETURNING id`

const Parties = z.array(z.object({ clientId: z.string(), name: z.string(), contacts: z.array(z.string()) }))
const Row = z.object({
  id: z.string(),
  structure_id: z.string(),
  structure_name: z.string(),
  name: z.string(),
  not_after: z.number(),
  reminded: z.number().nullable(),
  parties: z.string().transform((text) => Parties.parse(JSON.parse(text))),
})

/** Over D1; the registrations are read for whom to tell. */
export const d1EndingCertificates = (database: SqlDatabase): EndingCertificates => ({
  async soon(now) {
    const [first, last] = [Math.max(...REMINDERS), Math.min(...REMINDERS)]
    const { results } = await database
      .prepare(SOON)
      .bind(now, after(now, first * 86_400), last)
      .all()
    return results.map((result) => {
      const { id, structure_id, structure_name, name, not_after, reminded, parties } = Row.parse(result)
      return {
        id,
        structure: structure_id,
        structureName: structure_name,
        software: name,
        notAfter: instant(not_after),
        reminded: reminded ?? undefined,
        parties,
      }
    })
  },
  async claim(id, days) {
    const { results } = await database.prepare(CLAIM).bind(id, days).all()
    return results.length > 0
  },
})
