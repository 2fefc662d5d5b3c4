import * as z from 'zod'
import type { Instant } from '../kernel/instant.ts'
import { type Structure, StructureIdText } from './structure.ts'

/** What of D1 is used, so that a command outside the Workers runtime can hand over a database of its own. */
export interface SqlDatabase {
  prepare(sql: string): SqlStatement
}
interface SqlStatement {
  bind(...values: (string | number | null)[]): SqlStatement
  all(): Promise<{ readonly results: readonly unknown[] }>
}

/** The registry of structures, for whoever keeps it. */
export interface Structures {
  /** Adds or rewrites; answers how many were new or otherwise than before. */
  upsert(structures: readonly Structure[], now: Instant): Promise<number>
  /** By its identifier, or by the SIRET of an establishment that has a FINESS number. */
  find(id: string): Promise<Structure | undefined>
}

/** One text parameter, however many rows. What an extract does not know of a structure is not taken from it. */
const UPSERT = `INSERT INTO structure (id, finess, siret, name, entity, updated_at)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, ?2 FROM json_each(?1) WHERE true
ON CONFLICT (id) DO UPDATE SET siret = coalesce(excluded.siret, siret), name = excluded.name,
  entity = coalesce(excluded.entity, entity), updated_at = excluded.updated_at
WHERE structure.name <> excluded.name OR structure.siret IS NOT coalesce(excluded.siret, structure.siret)
  OR structure.entity IS NOT coalesce(excluded.entity, structure.entity)
RETURNING id`

const FIND = `SELECT id, finess, siret, name, entity FROM structure WHERE id = ?1
UNION ALL
SELECT id, finess, siret, name, entity FROM structure WHERE siret = substr(?1, 2) AND ?1 LIKE '3%' AND id <> ?1
LIMIT 1`

const optional = z
  .string()
  .nullable()
  .transform((text) => text ?? undefined)
export const StructureRow = z.object({
  id: StructureIdText,
  finess: optional,
  siret: optional,
  name: z.string(),
  entity: optional,
})

/** The registry over D1. */
export const d1Structures = (database: SqlDatabase): Structures => ({
  async upsert(structures, now) {
    if (structures.length === 0) return 0
    const rows = structures.map(({ id, finess, siret, name, entity }) => [
      id,
      finess ?? null,
      siret ?? null,
      name,
      entity ?? null,
    ])
    const { results } = await database.prepare(UPSERT).bind(JSON.stringify(rows), now).all()
    return results.length
  },
  async find(id) {
    const { results } = await database.prepare(FIND).bind(id).all()
    return results.length === 0 ? undefined : StructureRow.parse(results[0])
  },
})
