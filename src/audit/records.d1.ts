import * as z from 'zod'
import type { Entry } from './chain.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Unreadable } from './verify.ts'

/** What of D1 is used, so that a command outside the Workers runtime can hand over a database of its own. */
export interface TrailDatabase {
  prepare(sql: string): TrailStatement
}
/** What writing needs besides: all of the statements, or none. */
export interface TrailBatches extends TrailDatabase {
  batch(statements: TrailStatement[]): Promise<{ readonly results: readonly unknown[] }[]>
}
export interface TrailStatement {
  bind(...values: (string | number | null)[]): TrailStatement
  all(): Promise<{ readonly results: readonly unknown[] }>
}

/** Rows of one answer: some hundred kilobytes, which every way to a database carries. */
const PAGE = 1000

const COLUMNS = `seq, previous, hash, commitment, salt, id, at, kind, practitioner_id AS practitionerId,
  client_id AS clientId, detail, place, means`
const ENTRIES = `SELECT ${COLUMNS} FROM audit_event WHERE seq > ?1 ORDER BY seq LIMIT ${PAGE}`
const CHECKPOINTS = `SELECT seq, hash, at, jws FROM audit_checkpoint WHERE seq > ?1 AND seq <= ?2 ORDER BY seq, id LIMIT ?3`
const GUARDS = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'"

const text = z.string().nullable()
const Content = {
  id: z.string(),
  at: z.number(),
  kind: z.string(),
  practitionerId: text,
  clientId: text,
  detail: text,
  place: text,
  means: text,
}
const EntryRow = z.object({
  ...Content,
  seq: z.number(),
  previous: z.string(),
  hash: z.string(),
  commitment: z.string(),
  salt: text,
})
const SeqRow = z.object({ seq: z.number() })
const CheckpointRow = z.object({ seq: z.number(), hash: z.string(), at: z.number(), jws: z.string() })
const KeyRow = z.object({ jwk: z.string() })
const Jwk = z.looseObject({ kty: z.string(), kid: z.string() })
const CountRow = z.object({ waiting: z.number() })
const NameRow = z.object({ name: z.string() })

/** The triggers of the migrations, without which the database would let the trail be rewritten. */
export const TRIGGERS = [
  'audit_event_insert',
  'audit_event_update',
  'audit_event_delete',
  'audit_checkpoint_insert',
  'audit_checkpoint_update',
  'audit_checkpoint_delete',
] as const

export type TrailRecord =
  | { readonly type: 'entry'; readonly entry: Entry | Unreadable }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint }

/**
 * The chain from after `after` on, page by page, with each checkpoint behind the entry that it signs. Checkpoints of
 * numbers that are not there any more come where those would be.
 */
export async function* trailRecords(database: TrailDatabase, after = 0): AsyncGenerator<TrailRecord> {
  let from = after
  for (;;) {
    const { results } = await database.prepare(ENTRIES).bind(from).all()
    const rows = results.map(entryOf)
    const isEnd = rows.length < PAGE
    const to = isEnd ? Number.MAX_SAFE_INTEGER : (rows.at(-1)?.seq ?? from)
    const checkpoints = checkpointsIn(database, from, to)
    let next = await checkpoints.next()
    for (const entry of rows) {
      while (!next.done && next.value.seq < entry.seq) {
        yield { type: 'checkpoint', checkpoint: next.value }
        next = await checkpoints.next()
      }
      yield { type: 'entry', entry }
    }
    for (; !next.done; next = await checkpoints.next()) yield { type: 'checkpoint', checkpoint: next.value }
    if (isEnd) return
    from = to
  }
}

async function* checkpointsIn(
  database: TrailDatabase,
  after: number,
  to: number,
): AsyncGenerator<Checkpoint> {
  let from = after
  for (;;) {
    const { results } = await database.prepare(CHECKPOINTS).bind(from, to, PAGE).all()
    const rows = z.array(CheckpointRow).parse(results)
    const last = rows.at(-1)?.seq
    // Those of one number are given together: a page never ends between them but when it holds nothing else.
    const isEnd = rows.length < PAGE || last === undefined || rows[0]?.seq === last
    yield* isEnd ? rows : rows.filter(({ seq }) => seq < last)
    if (isEnd) return
    from = last - 1
  }
}

function entryOf(row: unknown): Entry | Unreadable {
  const parsed = EntryRow.safeParse(row)
  return parsed.success ? parsed.data : { seq: SeqRow.parse(row).seq, unreadable: true }
}

/** The newest checkpoint, or none. */
export async function lastCheckpoint(database: TrailDatabase): Promise<Checkpoint | undefined> {
  const { results } = await database
    .prepare('SELECT seq, hash, at, jws FROM audit_checkpoint ORDER BY id DESC LIMIT 1')
    .all()
  return z.array(CheckpointRow).parse(results)[0]
}

/** The public keys beside the checkpoints. They prove that one key signed, not that it was the deployment's. */
export async function trailKeys(database: TrailDatabase) {
  const { results } = await database.prepare('SELECT jwk FROM audit_key').all()
  return z
    .array(KeyRow)
    .parse(results)
    .flatMap(({ jwk }) => {
      const parsed = Jwk.safeParse(jsonOf(jwk))
      return parsed.success ? [parsed.data] : []
    })
}

/** Rows that are not sealed yet, and triggers that are not there. */
export async function trailState(
  database: TrailDatabase,
): Promise<{ readonly waiting: number; readonly unguarded: readonly string[] }> {
  const counted = await database
    .prepare('SELECT count(*) AS waiting FROM audit_event WHERE seq IS NULL')
    .all()
  const guards = await database.prepare(GUARDS).all()
  const names = new Set(
    z
      .array(NameRow)
      .parse(guards.results)
      .map(({ name }) => name),
  )
  return {
    waiting: z.array(CountRow).parse(counted.results)[0]?.waiting ?? 0,
    unguarded: TRIGGERS.filter((name) => !names.has(name)),
  }
}

function jsonOf(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}
