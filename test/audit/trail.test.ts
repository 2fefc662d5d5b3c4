import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { drizzle } from 'drizzle-orm/d1'
import { describe, expect, it } from 'vitest'
import { auditEvent } from '../../src/audit/event.table.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { d1Trail } from '../../src/audit/trail.d1.ts'
import { type AuditQueue, queuedTrail } from '../../src/audit/trail.queue.ts'
import { instant } from '../../src/kernel/instant.ts'

const at = instant(1_800_000_000)
const issued: AuditEvent = {
  at,
  kind: 'token.issued',
  clientId: 'demo-records',
  practitionerId: '899700900012',
}

describe('the trail in D1', () => {
  it('keeps an event delivered twice once, and as it was first', async () => {
    const store = d1Trail(env.DB)
    await store.store([{ id: 'one', event: issued }])
    await store.store([
      { id: 'one', event: { ...issued, kind: 'token.refused' } },
      { id: 'two', event: { at, kind: 'token.refused', detail: 'expired' } },
    ])
    const rows = await drizzle(env.DB).select().from(auditEvent).orderBy(auditEvent.id)
    expect(rows).toEqual([
      {
        id: 'one',
        at,
        kind: 'token.issued',
        practitionerId: '899700900012',
        clientId: 'demo-records',
        detail: null,
      },
      { id: 'two', at, kind: 'token.refused', practitionerId: null, clientId: null, detail: 'expired' },
    ])
  })

  it('takes a whole batch of the queue, and an empty one', async () => {
    const store = d1Trail(env.DB)
    await store.store(Array.from({ length: 100 }, (_, index) => ({ id: `batch-${index}`, event: issued })))
    await store.store([])
    const rows = await drizzle(env.DB).select().from(auditEvent)
    expect(rows.filter((row) => row.id.startsWith('batch-'))).toHaveLength(100)
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
