import * as z from 'zod'
import type { Entropy } from '../kernel/handle.ts'
import type { Clock } from '../kernel/instant.ts'
import { type Entry, GENESIS, type Head, seal } from './chain.ts'
import { CHECKPOINT_ENTRIES, CHECKPOINT_PERIOD, type CheckpointSigner, signHead } from './checkpoint.ts'
import type { AuditEvent } from './event.ts'
import type { TrailBatches } from './records.d1.ts'

/** An event as it comes out of the queue: perhaps not for the first time. */
export interface Recorded {
  readonly id: string
  readonly event: AuditEvent
}

/** Where the trail ends up. */
export interface TrailStore {
  /** Appends and seals. An `id` that is there already changes nothing, so a batch may be delivered again. */
  store(events: readonly Recorded[]): Promise<void>
  /**
   * Seals what waits (rows that a command wrote, or from before the chain), and signs the head.
   * @returns whether something still waits.
   */
  catchUp(): Promise<boolean>
}

export interface TrailStoreNeeds {
  readonly database: TrailBatches
  /** `undefined` where nothing is signed: the chain then stands by its hashes alone. */
  readonly signer: CheckpointSigner | undefined
  readonly issuer: string
  readonly clock: Clock
  readonly entropy: Entropy
}

/** Rows that wait, taken along with each batch. */
const ADOPTED = 50
/** Tries, each on a head read anew; whoever loses all of them is delivered again by the queue. */
const TRIES = 12

const HEAD = 'SELECT seq, hash FROM audit_event WHERE seq IS NOT NULL ORDER BY seq DESC LIMIT 1'
const KNOWN = 'SELECT id FROM audit_event WHERE id IN (SELECT value FROM json_each(?1))'
const WAITING = `SELECT id, at, kind, practitioner_id AS practitionerId, client_id AS clientId, detail, place, means
FROM audit_event WHERE seq IS NULL ORDER BY rowid LIMIT ${ADOPTED + 1}`
const SIGNED = 'SELECT seq, at FROM audit_checkpoint ORDER BY id DESC LIMIT 1'
/** One parameter for all rows: the limit of a statement is a hundred. They go in in the array's order. */
const APPEND = `INSERT INTO audit_event
  (id, at, kind, practitioner_id, client_id, detail, place, means, seq, previous, hash, commitment, salt)
SELECT value ->> 'id', value ->> 'at', value ->> 'kind', value ->> 'practitionerId', value ->> 'clientId',
  value ->> 'detail', value ->> 'place', value ->> 'means', value ->> 'seq', value ->> 'previous', value ->> 'hash',
  value ->> 'commitment', value ->> 'salt'
FROM json_each(?1) WHERE true ORDER BY json_each.key`
const ADOPT =
  'UPDATE audit_event SET seq = ?2, previous = ?3, hash = ?4, commitment = ?5, salt = ?6 WHERE id = ?1'
const KEY = 'INSERT INTO audit_key (kid, jwk) VALUES (?1, ?2) ON CONFLICT (kid) DO NOTHING'
const SIGN = 'INSERT INTO audit_checkpoint (seq, hash, at, jws) VALUES (?1, ?2, ?3, ?4)'

const text = z.string().nullable()
const HeadRow = z.object({ seq: z.number(), hash: z.string() })
const IdRow = z.object({ id: z.string() })
const SignedRow = z.object({ seq: z.number(), at: z.number() })
const WaitingRow = z.object({
  id: z.string(),
  at: z.number(),
  kind: z.string(),
  practitionerId: text,
  clientId: text,
  detail: text,
  place: text,
  means: text,
})
type Line = z.infer<typeof WaitingRow>

/**
 * The trail in D1. The head is read, the new entries are sealed onto it and written in one transaction, which only the
 * one that read the newest head can win: the triggers refuse another. Exactly once and without a fork, whatever the
 * number of consumers.
 */
export function d1Trail(needs: TrailStoreNeeds): TrailStore {
  const { database } = needs

  const read = async (lines: readonly Line[]) => {
    const [heads, known, waiting, signed] = await database.batch([
      database.prepare(HEAD),
      database.prepare(KNOWN).bind(JSON.stringify(lines.map(({ id }) => id))),
      database.prepare(WAITING),
      database.prepare(SIGNED),
    ])
    const there = new Set(
      z
        .array(IdRow)
        .parse(known?.results)
        .map(({ id }) => id),
    )
    const rows = z.array(WaitingRow).parse(waiting?.results)
    return {
      head: z.array(HeadRow).parse(heads?.results)[0] ?? GENESIS,
      fresh: lines.filter(({ id }) => !there.has(id)),
      waiting: rows.slice(0, ADOPTED),
      more: rows.length > ADOPTED,
      signed: z.array(SignedRow).parse(signed?.results)[0],
    }
  }

  const checkpointOf = async (head: Head) => {
    if (needs.signer === undefined) return []
    const { checkpoint, kid, jwk } = await signHead(needs.signer, needs.issuer, head, needs.clock())
    const { seq, hash, at, jws } = checkpoint
    return [
      ...(jwk === undefined ? [] : [database.prepare(KEY).bind(kid, jwk)]),
      database.prepare(SIGN).bind(seq, hash, at, jws),
    ]
  }

  /** @param due seconds after which a head is signed again. */
  const append = async (lines: readonly Line[], due: number): Promise<boolean> => {
    for (let attempt = 1; ; attempt++) {
      const { head, fresh, waiting, more, signed } = await read(lines)
      const entries = await seal(head, [...waiting, ...fresh], needs.entropy)
      const last = entries.at(-1) ?? head
      const isDue =
        signed === undefined ||
        last.seq - signed.seq >= CHECKPOINT_ENTRIES ||
        (signed.seq < last.seq && needs.clock() - signed.at >= due)
      const statements = [
        ...entries.slice(0, waiting.length).map((entry) => adoption(database, entry)),
        ...appending(database, entries.slice(waiting.length)),
        ...(isDue && last.seq > 0 ? await checkpointOf(last) : []),
      ]
      try {
        if (statements.length > 0) await database.batch(statements)
        return more
      } catch (fault) {
        if (attempt === TRIES || !/SQLITE_CONSTRAINT|in order|not rewritten/.test(String(fault))) throw fault
        // Somebody else was first. Not all come back at once.
        await new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(10 * 2 ** attempt, 500)))
      }
    }
  }

  return {
    async store(events) {
      const lines = new Map<string, Line>()
      for (const { id, event } of events) if (!lines.has(id)) lines.set(id, lineOf(id, event))
      if (lines.size > 0) await append([...lines.values()], CHECKPOINT_PERIOD)
    },
    catchUp: () => append([], 0),
  }
}

const lineOf = (id: string, event: AuditEvent): Line => ({
  id,
  at: event.at,
  kind: event.kind,
  practitionerId: storable(event.practitionerId),
  clientId: storable(event.clientId),
  detail: storable(event.detail),
  place: storable(event.place),
  means: storable(event.means),
})

/** What comes out of the database as it went in: it must, or its hash would not be its own. */
const storable = (text: string | undefined): string | null =>
  text === undefined ? null : text.toWellFormed().replaceAll('\0', '')

const adoption = (database: TrailBatches, { id, seq, previous, hash, commitment, salt }: Entry) =>
  database.prepare(ADOPT).bind(id, seq, previous, hash, commitment, salt)

const appending = (database: TrailBatches, entries: readonly Entry[]) =>
  entries.length === 0 ? [] : [database.prepare(APPEND).bind(JSON.stringify(entries))]
