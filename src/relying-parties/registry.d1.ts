import { eq } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/d1'
import type { Digest } from '../kernel/digest.ts'
import { ClientId } from '../kernel/identifiers.ts'
import { type Clock, type Instant, instant } from '../kernel/instant.ts'
import { ClientMetadata } from '../protocol/oauth/client-metadata.ts'
import type { Entered, Registrations } from './registrations.ts'
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
export function d1RelyingParties({ database, clock, defer }: RegistryNeeds): RelyingParties & Registrations {
  const db = drizzle(database)
  const kept = new Map<ClientId, { readonly party: RelyingParty; readonly at: Instant }>()
  const underway = new Set<ClientId>()
  const audiences = new Map<string, ClientId>()

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

  const find = async (id: ClientId): Promise<RelyingParty | undefined> => {
    const entry = kept.get(id)
    const age = entry === undefined ? STALE : clock() - entry.at
    if (entry === undefined || age >= STALE) return fetch(id)
    if (age >= FRESH) defer(refresh(id))
    return entry.party
  }

  return {
    find,
    async findApi(audience) {
      const known = audiences.get(audience)
      const party = known === undefined ? undefined : await find(known)
      if (party?.metadata.serment_api?.audience === audience) return party
      audiences.delete(audience)
      const row = await db.select().from(relyingParty).where(eq(relyingParty.apiAudience, audience)).get()
      if (row === undefined) return undefined
      const found = fromRow(row)
      keep(found)
      if (audiences.size < MOST) audiences.set(audience, found.clientId)
      return found
    },
    async add(party) {
      await db.insert(relyingParty).values({ ...toRow(party), registeredAt: clock() })
      keep(party)
    },
    async register(party, token) {
      const row = { ...toRow(party), registeredAt: clock(), registrationTokenDigest: token }
      const entered = await entering(db.insert(relyingParty).values(row))
      if (entered === 'entered') keep(party)
      return entered
    },
    async managed(id) {
      const row = await db.select().from(relyingParty).where(eq(relyingParty.clientId, id)).get()
      if (row === undefined) return undefined
      return {
        party: fromRow(row),
        registeredAt: instant(row.registeredAt),
        token: row.registrationTokenDigest === null ? undefined : (row.registrationTokenDigest as Digest),
      }
    },
    async replace(party) {
      const { name, profile, secretDigest, metadata, apiAudience } = toRow(party)
      const change = { name, profile, secretDigest, metadata, apiAudience }
      const entered = await entering(
        db.update(relyingParty).set(change).where(eq(relyingParty.clientId, party.clientId)),
      )
      if (entered === 'entered') keep(party)
      return entered
    },
    async remove(id) {
      await db.delete(relyingParty).where(eq(relyingParty.clientId, id))
      kept.delete(id)
    },
  }
}

/** The table lets an audience belong to one API only; what else it refuses is a fault. */
async function entering(writing: Promise<unknown>): Promise<Entered> {
  try {
    await writing
    return 'entered'
  } catch (error) {
    const said = `${error} ${error instanceof Error ? error.cause : ''}`
    if (/UNIQUE constraint failed: relying_party\.api_audience/.test(said)) return 'audience-taken'
    throw error
  }
}

const toRow = (party: RelyingParty) => ({
  clientId: party.clientId,
  name: party.name,
  profile: party.profile,
  status: party.status,
  secretDigest: party.secretDigest ?? null,
  metadata: JSON.stringify(party.metadata),
  apiAudience: party.metadata.serment_api?.audience ?? null,
})

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
