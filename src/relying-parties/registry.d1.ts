import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Digest } from '../kernel/digest.ts'
import { ClientId } from '../kernel/identifiers.ts'
import type { Clock, Instant } from '../kernel/instant.ts'
import { ClientMetadata } from '../protocol/oauth/client-metadata.ts'
import { relyingParty } from './relying-party.table.ts'
import type { RelyingParties, RelyingParty } from './relying-party.ts'

/** Seconds for which an entry answers by itself, and for which it still answers while a new one is fetched. */
const FRESH = 15
const STALE = 60
/** Entries kept in one isolate; the oldest leaves first. */
const MOST = 500

export interface RegistryNeeds {
  readonly database: D1Database
  readonly clock: Clock
  /** Keeps work going behind an answer (`waitUntil`). It must not throw. */
  readonly defer: (work: Promise<unknown>) => void
}

/**
 * The registry over D1, cached in the isolate: a suspension is felt within a minute everywhere, within seconds where
 * there is traffic. An unknown client is never cached, so that one just registered is known at once.
 */
export function d1RelyingParties({ database, clock, defer }: RegistryNeeds): RelyingParties {
  const db = drizzle(database)
  const kept = new Map<ClientId, { readonly party: RelyingParty; readonly at: Instant }>()
  const underway = new Set<ClientId>()

  const keep = (party: RelyingParty) => {
    kept.delete(party.clientId)
    kept.set(party.clientId, { party, at: clock() })
    const oldest = kept.keys().next()
    if (kept.size > MOST && !oldest.done) kept.delete(oldest.value)
  }
  const fetch = async (id: ClientId): Promise<RelyingParty | undefined> => {
    const row = await db.select().from(relyingParty).where(eq(relyingParty.clientId, id)).get()
    const party = row === undefined ? undefined : fromRow(row)
    if (party === undefined) kept.delete(id)
    else keep(party)
    return party
  }
  const refresh = async (id: ClientId) => {
    if (underway.has(id)) return
    underway.add(id)
    try {
      await fetch(id)
    } catch {
      // The entry in hand answers until it is stale; then the caller gets the error.
    } finally {
      underway.delete(id)
    }
  }

  return {
    async find(id) {
      const entry = kept.get(id)
      const age = entry === undefined ? STALE : clock() - entry.at
      if (entry === undefined || age >= STALE) return fetch(id)
      if (age >= FRESH) defer(refresh(id))
      return entry.party
    },
    async add(party) {
      await db.insert(relyingParty).values({
        clientId: party.clientId,
        name: party.name,
        profile: party.profile,
        status: party.status,
        secretDigest: party.secretDigest ?? null,
        metadata: JSON.stringify(party.metadata),
        registeredAt: clock(),
      })
      keep(party)
    },
  }
}

function fromRow(row: typeof relyingParty.$inferSelect): RelyingParty {
  return {
    clientId: ClientId.parse(row.clientId),
    name: row.name,
    profile: row.profile,
    status: row.status,
    secretDigest: row.secretDigest === null ? undefined : (row.secretDigest as Digest),
    metadata: ClientMetadata.parse(JSON.parse(row.metadata)),
  }
}
