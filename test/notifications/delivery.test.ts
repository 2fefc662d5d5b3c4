import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import { consume, MAX_DELIVERIES, type TrailStore } from '../../src/notifications/delivery.queue.ts'
import type { Channel, Message } from '../../src/notifications/message.ts'
import { queueMessenger } from '../../src/notifications/messenger.queue.ts'
import type { Queued } from '../../src/notifications/queued.ts'
import { unconfiguredChannel } from '../../src/notifications/unconfigured.channel.ts'
import { trailStore } from '../actors/trail.ts'

const now = instant(1_800_000_000)
const clock = () => now
const letter = (to: string): Message => ({
  channel: 'email',
  to,
  language: 'fr',
  subject: 'Votre code',
  body: '012345',
})
const message = (id: string): Queued => ({ type: 'message', id, message: letter(`${id}@example.org`) })
/** Of a kind that nothing here sends by itself: the ring that signs the trail makes a key, and says so through the same queue. */
const audit = (id: string): Queued => ({ type: 'audit', id, event: { at: now, kind: 'structure.bound' } })

const channelOf = (deliver: (id: string) => 'delivered' | 'retry' | 'undeliverable') => {
  const delivered: string[] = []
  const channel: Channel = {
    deliver: async (id) => {
      delivered.push(id)
      return deliver(id)
    },
  }
  return { channel, delivered }
}

const memory = () => {
  const rows = new Map<string, string>()
  const trail: TrailStore = {
    store: async (events) => {
      for (const { id, event } of events) rows.set(id, `${event.kind} ${event.detail ?? ''}`.trim())
    },
  }
  return { trail, rows }
}

async function through(
  bodies: readonly { body: Queued; attempts?: number }[],
  needs: Omit<Parameters<typeof consume>[1], 'ping' | 'logout'> & Partial<Parameters<typeof consume>[1]>,
) {
  const batch = createMessageBatch<Queued>(
    'serment-events',
    bodies.map(({ body, attempts = 1 }, index) => ({
      id: `${index}`,
      timestamp: new Date(0),
      attempts,
      body,
    })),
  )
  await consume(batch, {
    ping: async () => 'undeliverable',
    logout: async () => ({ outcome: 'undeliverable', detail: 'no network' }),
    ...needs,
  })
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  return { done: explicitAcks.toSorted(), again: retryMessages.map(({ msgId }) => msgId).toSorted() }
}

describe('delivers', () => {
  it('messages by their channel, and says so without saying to whom or what', async () => {
    const { channel, delivered } = channelOf(() => 'delivered')
    const { trail, rows } = memory()
    expect(
      await through([{ body: message('a') }, { body: message('b') }], { trail, channel, clock }),
    ).toEqual({
      done: ['0', '1'],
      again: [],
    })
    expect(delivered.toSorted()).toEqual(['a', 'b'])
    expect([...rows]).toEqual([
      ['a:message.sent', 'message.sent email'],
      ['b:message.sent', 'message.sent email'],
    ])
  })

  it('events to the trail, one row each however often they come', async () => {
    const { channel } = channelOf(() => 'delivered')
    const needs = { trail: trailStore(), channel, clock }
    await through([{ body: audit('once') }, { body: audit('once') }], needs)
    await through([{ body: audit('once') }], needs)
    const { results } = await env.DB.prepare(
      "SELECT id FROM audit_event WHERE kind = 'structure.bound'",
    ).all()
    expect(results).toEqual([{ id: 'once' }])
  })
})

describe('the trail of one batch', () => {
  it('is written one after the other, and together what came meanwhile', async () => {
    const { channel } = channelOf(() => 'delivered')
    const { trail, rows } = memory()
    let writing = 0
    let writings = 0
    const slow: TrailStore = {
      store: async (events) => {
        expect(writing).toBe(0)
        writing += 1
        writings += 1
        await trail.store(events)
        writing -= 1
      },
    }
    const bodies = Array.from({ length: 40 }, (_, index) => ({ body: message(`m${index}`) }))
    const { done } = await through(bodies, { trail: slow, channel, clock })
    expect([done.length, rows.size]).toEqual([40, 40])
    expect(writings).toBeLessThan(10)
  })
})

describe('retries', () => {
  it('what a channel asks to, and nothing else of the batch', async () => {
    const { channel } = channelOf((id) => (id === 'slow' ? 'retry' : 'delivered'))
    const { trail, rows } = memory()
    const bodies = [{ body: message('slow') }, { body: message('fast') }, { body: audit('event') }]
    expect(await through(bodies, { trail, channel, clock })).toEqual({ done: ['1', '2'], again: ['0'] })
    expect([...rows.keys()].toSorted()).toEqual(['event', 'fast:message.sent'])
  })

  it('a channel that throws', async () => {
    const channel: Channel = { deliver: () => Promise.reject(new Error('down')) }
    const { trail } = memory()
    expect(await through([{ body: message('a') }], { trail, channel, clock })).toEqual({
      done: [],
      again: ['0'],
    })
  })

  it('events when the trail cannot be written, but no message for that', async () => {
    const { channel, delivered } = channelOf(() => 'delivered')
    let down = true
    const trail: TrailStore = {
      store: async (events) => {
        if (down && events.some(({ event }) => event.kind === 'structure.bound')) throw new Error('down')
      },
    }
    const bodies = [{ body: audit('event') }, { body: message('a') }]
    expect(await through(bodies, { trail, channel, clock })).toEqual({ done: ['1'], again: ['0'] })
    down = false
    expect(await through([{ body: audit('event'), attempts: 2 }], { trail, channel, clock })).toEqual({
      done: ['0'],
      again: [],
    })
    expect(delivered).toEqual(['a'])
  })
})

describe('gives up', () => {
  it.each([
    [MAX_DELIVERIES - 1, { done: [], again: ['0'] }, []],
    [MAX_DELIVERIES, { done: ['0'], again: [] }, ['message.failed email: retry']],
  ])('at the attempt %d: %j', async (attempts, result, rows) => {
    const { channel } = channelOf(() => 'retry')
    const store = memory()
    const bodies = [{ body: message('a'), attempts }]
    expect(await through(bodies, { trail: store.trail, channel, clock })).toEqual(result)
    expect([...store.rows.values()]).toEqual(rows)
  })

  it('at once where no provider is configured, and the trail says so', async () => {
    const { trail, rows } = memory()
    const needs = { trail, channel: unconfiguredChannel, clock }
    expect(await through([{ body: message('a') }], needs)).toEqual({ done: ['0'], again: [] })
    expect([...rows.values()]).toEqual(['message.failed email: undeliverable'])
  })
})

describe('the messenger', () => {
  it('queues each message under an id of its own', async () => {
    const sent: Queued[] = []
    const messenger = queueMessenger({
      send: async (body: Queued) => void sent.push(body),
    } as unknown as Queue<Queued>)
    messenger.send(letter('a@example.org'))
    messenger.send(letter('a@example.org'))
    expect(sent).toMatchObject([
      { type: 'message', message: letter('a@example.org') },
      { type: 'message', message: letter('a@example.org') },
    ])
    expect(new Set(sent.map(({ id }) => id)).size).toBe(2)
  })
})
