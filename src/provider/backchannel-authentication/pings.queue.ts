import { waitUntil } from 'cloudflare:workers'
import type { Queued } from '../../notifications/queued.ts'
import type { Pings } from './ping.ts'

/** Pings leave through the queue, which tries again; a queue that refuses leaves the client to its polling. */
export const queuedPings = (queue: Pick<Queue<Queued>, 'send'>): Pings => ({
  send: (ping) =>
    waitUntil(queue.send({ type: 'ping', id: crypto.randomUUID(), ping }).then(undefined, () => undefined)),
})
