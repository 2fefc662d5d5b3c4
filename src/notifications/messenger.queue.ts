import { waitUntil } from 'cloudflare:workers'
import type { Message, Messenger } from './message.ts'
import type { Queued } from './queued.ts'

/**
 * Sends through the queue, behind the answer: how long a message takes to be accepted is not to be seen from outside.
 * The id travels with it, so that a message delivered twice by the queue is one message for its channel.
 */
export const queueMessenger = (queue: Queue<Queued>): Messenger => ({
  send(message: Message) {
    waitUntil(queue.send({ type: 'message', id: crypto.randomUUID(), message }))
  },
})
