import * as z from 'zod'
import type { Trail } from '../audit/trail.ts'
import { sha256 } from '../kernel/digest.ts'
import { type Clock, instant } from '../kernel/instant.ts'
import { hexOf } from '../protocol/pki/der.ts'
import { nameKey } from '../protocol/pki/distinguished-name.ts'
import type { Binding, Bindings } from './bindings.ts'
import { organisationOf } from './software.ts'
import { isOf } from './structure.ts'
import { d1Structures, type SqlDatabase, StructureRow } from './structures.d1.ts'

const BIND = `INSERT INTO structure_certificate
  (id, structure_id, subject, name, range, thumbprint, not_after, reminded, bound_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, NULL, ?8)
ON CONFLICT (id) DO UPDATE SET structure_id = excluded.structure_id,
  thumbprint = iif(excluded.not_after > not_after, excluded.thumbprint, thumbprint),
  reminded = iif(excluded.not_after > not_after, NULL, reminded), not_after = max(excluded.not_after, not_after)`
const ADD_CLIENTS = `INSERT INTO structure_certificate_client (client_id, certificate_id)
SELECT value, ?2 FROM json_each(?1) WHERE true ON CONFLICT DO NOTHING`
const TAKE_CLIENTS = `DELETE FROM structure_certificate_client WHERE certificate_id = ?1
  AND (?2 = '[]' OR client_id IN (SELECT value FROM json_each(?2))) RETURNING client_id`
const SWEEP = `DELETE FROM structure_certificate WHERE id = ?1
  AND NOT EXISTS (SELECT 1 FROM structure_certificate_client WHERE certificate_id = ?1)`
const ALL = `SELECT c.id AS certificate, c.name AS software, c.range, c.not_after,
  (SELECT json_group_array(client_id) FROM structure_certificate_client WHERE certificate_id = c.id) AS clients,
  s.id, s.finess, s.siret, s.name, s.entity
FROM structure_certificate AS c JOIN structure AS s ON s.id = c.structure_id ORDER BY s.name, c.name, c.range`

const Row = StructureRow.extend({
  certificate: z.string(),
  software: z.string(),
  range: z.string(),
  not_after: z.number(),
  clients: z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text))),
})

export function d1Bindings(database: SqlDatabase, clock: Clock, trail: Trail): Bindings {
  const structures = d1Structures(database)
  const run = (sql: string, ...values: (string | number | null)[]) =>
    database
      .prepare(sql)
      .bind(...values)
      .all()
  const all = async (): Promise<readonly Binding[]> => {
    const { results } = await database.prepare(ALL).all()
    return results.map((result) => {
      const { certificate, software, range, not_after, clients, id, name } = Row.parse(result)
      return {
        id: certificate,
        structure: id,
        structureName: name,
        software,
        range,
        notAfter: instant(not_after),
        clients,
      }
    })
  }
  return {
    all,
    async bind(shown, clients) {
      const { certificate, range, thumbprint } = shown
      const organisation = organisationOf(certificate)
      if ('refused' in organisation) return organisation
      const { unit, software } = organisation
      const structure = await structures.find(unit)
      if (structure === undefined || !isOf(unit, structure))
        return { refused: `no structure ${unit} in the registry: import it, or add it` }
      const subject = nameKey(certificate.subject)
      const id = hexOf(await sha256(new TextEncoder().encode(`${range}\n${subject}`)))
      const at = clock()
      await run(BIND, id, structure.id, subject, software, range, thumbprint, certificate.notAfter, at)
      await run(ADD_CLIENTS, JSON.stringify(clients), id)
      trail.record({
        at,
        kind: 'structure.bound',
        detail: `${structure.id}, ${range}, to ${clients.join(', ')}: ${id}`,
      })
      const bound = (await all()).find((one) => one.id === id)
      return bound === undefined ? { refused: 'it was taken away meanwhile' } : { bound }
    },
    async unbind(id, clients) {
      const { results } = await run(TAKE_CLIENTS, id, JSON.stringify(clients))
      await run(SWEEP, id)
      if (results.length === 0) return false
      const whom = clients.length === 0 ? 'all' : clients.join(', ')
      trail.record({ at: clock(), kind: 'structure.unbound', detail: `${id} from ${whom}` })
      return true
    },
  }
}
