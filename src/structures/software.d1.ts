import * as z from 'zod'
import type { Trail } from '../audit/trail.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import { type Clock, type Instant, instant } from '../kernel/instant.ts'
import {
  type BoundSubject,
  bindingOf,
  isRenewal,
  type ShownCertificate,
  type StructureSoftware,
} from './software.ts'
import { type SqlDatabase, StructureRow } from './structures.d1.ts'

/** Seconds for which a client's bindings are believed without asking anew. */
const STALE = 60
/** Clients kept in one isolate; the oldest leaves first. */
const MOST = 500

/** One search by key, and what it leads to. */
export const BOUND = `SELECT c.id AS certificate, c.subject, c.range, c.thumbprint, c.not_after,
  s.id, s.finess, s.siret, s.name, s.entity
FROM structure_certificate_client AS k
JOIN structure_certificate AS c ON c.id = k.certificate_id
JOIN structure AS s ON s.id = c.structure_id
WHERE k.client_id = ?1`

const RENEW = `UPDATE structure_certificate SET thumbprint = ?2, not_after = ?3, reminded = NULL
WHERE id = ?1 AND not_after < ?3 RETURNING id`

const Row = StructureRow.extend({
  certificate: z.string(),
  subject: z.string(),
  range: z.string(),
  thumbprint: z.string(),
  not_after: z.number(),
})

export interface SoftwareNeeds {
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly trail: Trail
  /** Keeps work going behind an answer (`waitUntil`). It must not throw. */
  readonly defer: (work: Promise<unknown>) => void
}

/**
 * Bindings over D1, kept in the isolate for a minute, those of clients that have none too: a client that is known by its
 * certificate costs one query a minute, and what an operator binds or unbinds is felt within one.
 */
export function d1StructureSoftware({ database, clock, trail, defer }: SoftwareNeeds): StructureSoftware {
  const kept = new Map<ClientId, { readonly bound: readonly BoundSubject[]; readonly at: Instant }>()

  const bindings = async (clientId: ClientId): Promise<readonly BoundSubject[]> => {
    const entry = kept.get(clientId)
    const now = clock()
    if (entry !== undefined && now - entry.at < STALE) return entry.bound
    const { results } = await database.prepare(BOUND).bind(clientId).all()
    const bound = results.map((result): BoundSubject => {
      const { certificate: id, subject, range, thumbprint, not_after, ...structure } = Row.parse(result)
      return { id, structure, subject, range, thumbprint, notAfter: instant(not_after) }
    })
    kept.delete(clientId)
    kept.set(clientId, { bound, at: now })
    const oldest = kept.keys().next()
    if (kept.size > MOST && !oldest.done) kept.delete(oldest.value)
    return bound
  }

  const renew = async (clientId: ClientId, { id, structure }: BoundSubject, shown: ShownCertificate) => {
    const { thumbprint, certificate } = shown
    kept.delete(clientId)
    const { results } = await database.prepare(RENEW).bind(id, thumbprint, certificate.notAfter).all()
    // Of all isolates that see it first, one writes it down.
    if (results.length === 0) return
    const detail = `${structure.id}: another certificate of the same subject, serial ${certificate.serial}, until ${certificate.notAfter}`
    trail.record({ at: clock(), kind: 'structure.renewed', clientId, detail })
  }

  return {
    async admit(clientId, shown) {
      const binding = bindingOf(await bindings(clientId), shown)
      if (binding === undefined) return { structure: undefined }
      if ('refused' in binding) return binding
      if (isRenewal(binding, shown)) defer(renew(clientId, binding, shown))
      return { structure: binding.structure }
    },
  }
}
