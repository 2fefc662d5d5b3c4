import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { keepTrail } from '../../src/audit/keeping.scheduled.ts'
import { trailKeys, trailState } from '../../src/audit/records.d1.ts'
import { ageTrail } from '../../src/audit/retention.d1.ts'
import { searchTrail } from '../../src/audit/search.d1.ts'
import { type AuditQueue, queuedTrail } from '../../src/audit/trail.queue.ts'
import { after as later } from '../../src/kernel/instant.ts'
import { TRAIL_NOW as at, checkpointKey, storedChain, trailStore } from '../actors/trail.ts'
import { emptyWorld } from '../empty-world.ts'

const DAY = 86_400
const issued: AuditEvent = {
  at,
  kind: 'token.issued',
  clientId: 'demo-records',
  practitionerId: '899700900012',
}
const batchOf = (name: string, length: number) =>
  Array.from({ length }, (_, index) => ({ id: `${name}-${index}`, event: issued }))
const sql = (text: string) => env.DB.prepare(text).run()

beforeEach(emptyWorld)

describe('the trail in D1', () => {
  it('keeps an event delivered twice once, and as it was first', async () => {
    const store = trailStore()
    await store.store([{ id: 'one', event: issued }])
    await store.store([
      { id: 'one', event: { ...issued, kind: 'token.refused' } },
      {
        id: 'two',
        event: { at, kind: 'token.refused', detail: 'expired', place: 'Lyon, FR', means: 'CARD' },
      },
      { id: 'two', event: issued },
    ])
    const { entries, findings } = await storedChain()
    expect(findings).toEqual([])
    expect(entries).toMatchObject([
      {
        seq: 1,
        id: 'one',
        at,
        kind: 'token.issued',
        practitionerId: '899700900012',
        clientId: 'demo-records',
      },
      { seq: 2, id: 'two', kind: 'token.refused', detail: 'expired', place: 'Lyon, FR', means: 'CARD' },
    ])
  })

  it('takes a whole batch of the queue, and an empty one', async () => {
    const store = trailStore()
    await store.store(batchOf('batch', 100))
    await store.store([])
    const { entries, findings } = await storedChain()
    expect([entries.length, findings]).toEqual([100, []])
  })

  it('hashes what the database gives back, whatever a text holds', async () => {
    const texts = ['é\u0000è', '\ud800', '"\\\n\u2028', '𝔘 ’ \u0001', '']
    await trailStore().store(
      texts.map((detail, index) => ({ id: `t${index}`, event: { at, kind: 'token.refused', detail } })),
    )
    const { entries, findings } = await storedChain()
    expect(findings).toEqual([])
    expect(entries.map(({ detail }) => detail)).toEqual(['éè', '\ufffd', '"\\\n\u2028', '𝔘 ’ \u0001', ''])
  })

  it('stays one chain under many consumers, with batches delivered again and in another order', async () => {
    const batches = Array.from({ length: 20 }, (_, index) => batchOf(`b${index}`, 50))
    const deliver = (events: (typeof batches)[number]) => trailStore().store(events)
    // Each consumer is one of its own, as it is in another isolate; half of the batches come twice.
    const deliveries = [...batches, ...batches.slice(0, 10).map((batch) => batch.toReversed())]
    const outcomes = await Promise.allSettled(deliveries.map(deliver))
    // Whoever lost every try is delivered again.
    for (const [index, outcome] of outcomes.entries())
      if (outcome.status === 'rejected') await deliver(deliveries[index] ?? [])
    const { entries, findings } = await storedChain()
    expect(findings).toEqual([])
    expect([entries.length, new Set(entries.map(({ id }) => id)).size]).toEqual([1000, 1000])
  }, 60_000)

  it('takes up what was there before the chain, and what a command wrote, in the order of their writing', async () => {
    for (let index = 0; index < 120; index++)
      await sql(
        `INSERT INTO audit_event (id, at, kind, detail) VALUES ('old-${index}', ${at - index}, 'trust.changed', 'd')`,
      )
    await trailStore().store([{ id: 'new', event: issued }])
    expect(await trailState(env.DB)).toEqual({ waiting: 70, unguarded: [] })
    await keepTrail({
      store: trailStore(),
      age: async () => 0,
      personalDays: undefined,
      trail: { record: () => undefined },
      clock: () => at,
    })
    expect(await trailState(env.DB)).toEqual({ waiting: 0, unguarded: [] })
    const { entries, findings } = await storedChain()
    expect(findings).toEqual([])
    expect(entries.map(({ id }) => id)).toEqual([
      ...Array.from({ length: 50 }, (_, index) => `old-${index}`),
      'new',
      ...Array.from({ length: 70 }, (_, index) => `old-${index + 50}`),
    ])
  })
})

describe('the database refuses', () => {
  it.each([
    ['a removed entry', 'DELETE FROM audit_event WHERE seq = 2'],
    ['another detail', "UPDATE audit_event SET detail = 'x' WHERE seq = 2"],
    ['another number', 'UPDATE audit_event SET seq = 9 WHERE seq = 3'],
    ['another hash', "UPDATE audit_event SET hash = 'x' WHERE seq = 2"],
    ['a person taken by halves', 'UPDATE audit_event SET practitioner_id = NULL WHERE seq = 2'],
    ['another row’s place', 'UPDATE OR REPLACE audit_event SET rowid = 1 WHERE seq = 2'],
    ['a replacement', "INSERT OR REPLACE INTO audit_event (id, at, kind) VALUES ('e-1', 1, 'x')"],
    [
      'a replacement by row',
      "INSERT OR REPLACE INTO audit_event (rowid, id, at, kind) VALUES (1, 'z', 1, 'x')",
    ],
    [
      'an entry that leaves a number out',
      "INSERT INTO audit_event (id, at, kind, seq, previous, hash, commitment) VALUES ('z', 1, 'x', 9, 'p', 'h', 'c')",
    ],
    [
      'an entry that stands on another',
      "INSERT INTO audit_event (id, at, kind, seq, previous, hash, commitment) VALUES ('z', 1, 'x', 4, 'p', 'h', 'c')",
    ],
    ['a removed checkpoint', 'DELETE FROM audit_checkpoint'],
    ['another checkpoint', 'UPDATE audit_checkpoint SET seq = 1'],
    ['a replaced checkpoint', "INSERT OR REPLACE INTO audit_checkpoint VALUES (1, 1, 'h', 1, 'j')"],
  ])('%s', async (_, statement) => {
    await trailStore(await checkpointKey('k')).store(batchOf('e', 3))
    await expect(sql(statement)).rejects.toThrow(/SQLITE_CONSTRAINT/)
    expect((await storedChain()).entries).toHaveLength(3)
  })

  it('nothing of this without being noticed: a missing trigger is named', async () => {
    await sql('DROP TRIGGER audit_event_delete')
    expect((await trailState(env.DB)).unguarded).toEqual(['audit_event_delete'])
  })
})

describe('tampering in the database is found', () => {
  const unguarded = async () => {
    for (const name of ['event_insert', 'event_update', 'event_delete', 'checkpoint_delete'])
      await sql(`DROP TRIGGER audit_${name}`)
  }
  it.each([
    ['removed', ['DELETE FROM audit_event WHERE seq = 20'], ['removed 20-20']],
    ['changed', ["UPDATE audit_event SET kind = 'x' WHERE seq = 20"], ['changed 20-20']],
    ['of another type', ["UPDATE audit_event SET at = 'x' WHERE seq = 20"], ['unreadable 20-20']],
    [
      'reordered',
      [
        'UPDATE audit_event SET seq = 99 WHERE seq = 20',
        'UPDATE audit_event SET seq = 20 WHERE seq = 30',
        'UPDATE audit_event SET seq = 30 WHERE seq = 99',
      ],
      ['reordered 20-20', 'reordered 30-30'],
    ],
    [
      'added',
      [
        "INSERT INTO audit_event SELECT 'z', at, kind, practitioner_id, client_id, detail, place, means, 41, previous, hash, commitment, salt FROM audit_event WHERE seq = 7",
      ],
      ['changed 41-41'],
    ],
    ['cut off', ['DELETE FROM audit_event WHERE seq > 35'], ['cut-off 36-40']],
  ])('%s', async (_, statements, found) => {
    const key = await checkpointKey('k')
    await trailStore(key).store(batchOf('e', 40))
    await unguarded()
    for (const statement of statements) await sql(statement)
    const { findings } = await storedChain(await key.jwks())
    expect(findings.map((one) => `${one.found} ${one.from}-${one.to}`)).toEqual(found)
  })
})

describe('checkpoints', () => {
  it('are signed once a minute while entries come, and by the cron for the rest', async () => {
    const key = await checkpointKey('ring-1')
    let now = at
    const store = trailStore(key, () => now)
    await store.store(batchOf('a', 2))
    now = later(now, 30)
    await store.store(batchOf('b', 2))
    now = later(now, 30)
    await store.store(batchOf('c', 2))
    await store.store(batchOf('d', 2))
    expect(await store.catchUp()).toBe(false)
    await store.catchUp()
    const { checkpoints, findings } = await storedChain(await key.jwks())
    expect(findings).toEqual([])
    expect(checkpoints.map(({ seq }) => seq)).toEqual([2, 6, 8])
    await store.store(batchOf('burst', 499))
    await store.store(batchOf('more', 1))
    expect((await storedChain()).checkpoints.at(-1)?.seq).toBe(508)
    expect((await trailKeys(env.DB)).map(({ kid }) => kid)).toEqual(['ring-1'])
  })
})

describe('retention', () => {
  it('takes person, place and detail from what is old, and the chain holds', async () => {
    const key = await checkpointKey('k')
    await trailStore(key).store([
      { id: 'old', event: { ...issued, at: later(at, -40 * DAY), place: 'Lyon, FR', detail: 'secret' } },
      { id: 'rule', event: { at: later(at, -40 * DAY), kind: 'trust.changed', detail: 'added AC' } },
      { id: 'young', event: { ...issued, at: later(at, -29 * DAY) } },
    ])
    const recorded: AuditEvent[] = []
    const keep = () =>
      keepTrail({
        store: trailStore(key),
        age: (now, days) => ageTrail(env.DB, now, days),
        personalDays: 30,
        trail: { record: (event) => recorded.push(event) },
        clock: () => at,
      })
    await keep()
    await keep()
    expect(recorded).toEqual([{ at, kind: 'trail.aged', detail: '1, of 30 days and more' }])
    const { entries, findings } = await storedChain(await key.jwks())
    expect(findings).toEqual([])
    expect(entries).toMatchObject([
      {
        id: 'old',
        kind: 'token.issued',
        clientId: 'demo-records',
        practitionerId: null,
        place: null,
        detail: null,
        salt: null,
      },
      { id: 'rule', detail: 'added AC' },
      { id: 'young', practitionerId: '899700900012' },
    ])
  })
})

describe('a search', () => {
  it.each([
    ['a person', { practitionerId: '1' }, ['d', 'a']],
    ['a service', { clientId: 'one' }, ['c', 'a']],
    ['a kind', { kind: 'card.refused' }, ['c']],
    ['a family of kinds', { kind: 'card.' }, ['d', 'c']],
    ['a time', { from: at + 1, to: at + 3 }, ['c', 'b']],
    [
      'all of them together',
      { practitionerId: '1', clientId: 'one', kind: 'token.', from: at, to: at + 1 },
      ['a'],
    ],
    ['nothing in particular', {}, ['d', 'c', 'b', 'a']],
    ['a quotation mark', { clientId: "' OR 1=1 --" }, []],
  ])('by %s', async (_, query, found) => {
    await trailStore().store([
      { id: 'a', event: { at, kind: 'token.issued', practitionerId: '1', clientId: 'one' } },
      { id: 'b', event: { at: later(at, 1), kind: 'token.issued', practitionerId: '2', clientId: 'two' } },
      { id: 'c', event: { at: later(at, 2), kind: 'card.refused', clientId: 'one' } },
      { id: 'd', event: { at: later(at, 3), kind: 'card.blocked', practitionerId: '1' } },
    ])
    expect((await searchTrail(env.DB, { ...query, limit: 10 })).map(({ id }) => id)).toEqual(found)
    expect(await searchTrail(env.DB, { ...query, limit: 1 })).toHaveLength(Math.min(1, found.length))
  })
})

describe('the trail through the queue', () => {
  it('sends each event under an id of its own', async () => {
    const sent: { id: string }[] = []
    const queue: AuditQueue = { send: async (message) => sent.push(message) }
    const trail = queuedTrail(queue)
    trail.record(issued)
    trail.record(issued)
    await waitOnExecutionContext(createExecutionContext())
    expect(sent).toMatchObject([
      { type: 'audit', event: issued },
      { type: 'audit', event: issued },
    ])
    expect(sent[0]?.id).not.toBe(sent[1]?.id)
  })

  it('breaks nothing when the queue refuses', async () => {
    const lost: AuditEvent[] = []
    const queue: AuditQueue = { send: () => Promise.reject(new Error('full')) }
    queuedTrail(queue, (event) => lost.push(event)).record(issued)
    await waitOnExecutionContext(createExecutionContext())
    expect(lost).toEqual([issued])
  })
})
