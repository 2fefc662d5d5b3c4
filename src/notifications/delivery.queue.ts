import type { AuditEvent } from '../audit/event.ts'
import type { Clock } from '../kernel/instant.ts'
import type { Channel } from './message.ts'
import type { LogoutDelivery, LogoutNotice, Ping, Queued } from './queued.ts'

/** Where audit events end. An `id` that is there already changes nothing. */
export interface TrailStore {
  store(events: readonly { readonly id: string; readonly event: AuditEvent }[]): Promise<void>
}

/** Deliveries of one message, the last of the queue's own count. A code is worthless ten minutes later. */
export const MAX_DELIVERIES = 6

interface DeliveryNeeds {
  readonly trail: TrailStore
  readonly channel: Channel
  /** Pings a client, once. */
  readonly ping: (ping: Ping) => Promise<Delivery>
  /** Tells a service of a session's end. `attempt` counts from 1. */
  readonly logout: (id: string, attempt: number, notice: LogoutNotice) => Promise<LogoutDelivery>
  readonly clock: Clock
}

type Delivery = 'delivered' | 'retry' | 'undeliverable'

/**
 * Consumes what nobody waits for: audit events are stored together, messages leave one by one by their channel. Each
 * is acknowledged or retried by itself, so that one that fails does not repeat the others (queues deliver at least
 * once; ids make twice into once).
 */
export async function consume(
  batch: { readonly messages: readonly Message<Queued>[] },
  { trail, ...others }: DeliveryNeeds,
): Promise<void> {
  const needs = { ...others, trail: gathered(trail) }
  const audited: { readonly queued: Message<Queued>; readonly id: string; readonly event: AuditEvent }[] = []
  const deliveries: Promise<void>[] = []
  for (const queued of batch.messages) {
    const { body } = queued
    if (body.type === 'audit') audited.push({ queued, id: body.id, event: body.event })
    else if (body.type === 'logout') {
      deliveries.push(settle([queued], () => tell(body, queued.attempts, needs)))
    } else {
      const delivery =
        body.type === 'ping'
          ? { id: body.id, what: 'ping', send: () => needs.ping(body.ping) }
          : {
              id: body.id,
              what: body.message.channel,
              send: () => needs.channel.deliver(body.id, body.message),
            }
      deliveries.push(settle([queued], () => deliver(delivery, queued.attempts, needs)))
    }
  }
  const stored = settle(
    audited.map(({ queued }) => queued),
    async () => {
      if (audited.length > 0) await needs.trail.store(audited.map(({ id, event }) => ({ id, event })))
      return 'done'
    },
  )
  await Promise.all([stored, ...deliveries])
}

/**
 * One writing at a time, and what comes meanwhile goes together in the next: entries are sealed onto the one before, so
 * fifty writers of one batch would only stand in each other's way.
 */
function gathered(trail: TrailStore): TrailStore {
  let running: Promise<void> = Promise.resolve()
  let next:
    | { readonly events: Parameters<TrailStore['store']>[0][number][]; readonly stored: Promise<void> }
    | undefined
  return {
    store(events) {
      if (next !== undefined) {
        next.events.push(...events)
        return next.stored
      }
      const gathering = [...events]
      const stored = running.then(() => {
        next = undefined
        return trail.store(gathering)
      })
      next = { events: gathering, stored }
      running = stored.catch(() => undefined)
      return stored
    },
  }
}

/** Acknowledges what was done; asks for the rest again, later and later. */
async function settle(
  queued: readonly Message<Queued>[],
  work: () => Promise<'done' | 'again'>,
): Promise<void> {
  // A store that fails is one that is down: these messages come back, those settled elsewhere do not.
  const outcome = await work().catch(() => 'again' as const)
  for (const message of queued) {
    if (outcome === 'done') message.ack()
    else message.retry({ delaySeconds: pause(message.attempts) })
  }
}

async function deliver(
  { id, what, send }: { readonly id: string; readonly what: string; readonly send: () => Promise<Delivery> },
  attempts: number,
  { trail, clock }: DeliveryNeeds,
): Promise<'done' | 'again'> {
  const delivery = await send().catch(() => 'retry' as const)
  if (delivery === 'retry' && attempts < MAX_DELIVERIES) return 'again'
  const kind = delivery === 'delivered' ? 'message.sent' : 'message.failed'
  // The trail says that something was sent and how, never to whom nor what: the code would be in it.
  const detail = delivery === 'delivered' ? what : `${what}: ${delivery}`
  await trail.store([{ id: `${id}:${kind}`, event: { at: clock(), kind, detail } }])
  return 'done'
}

/** The result is kept with the session that it is about, so that an operator sees who was told of its end. */
async function tell(
  { id, notice }: Extract<Queued, { type: 'logout' }>,
  attempts: number,
  { trail, clock, logout }: DeliveryNeeds,
): Promise<'done' | 'again'> {
  const told = await logout(id, attempts, notice).catch(
    () => ({ outcome: 'retry', detail: 'failed' }) as const,
  )
  if (told.outcome === 'not-wanted') return 'done'
  if (told.outcome === 'retry' && attempts < MAX_DELIVERIES) return 'again'
  const kind = told.outcome === 'delivered' ? 'logout.delivered' : 'logout.failed'
  const { practitionerId, clientId, session } = notice
  const detail = `session ${session}: ${told.detail}, attempt ${attempts}`
  const event = { at: clock(), kind, practitionerId, clientId, detail } as const
  await trail.store([{ id: `${id}:${kind}`, event }])
  return 'done'
}

/** Seconds before the next attempt: 2, 4, 8, 16, 32. */
const pause = (attempts: number): number => Math.min(2 ** attempts, 60)
