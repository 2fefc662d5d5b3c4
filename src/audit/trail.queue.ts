import { waitUntil } from 'cloudflare:workers'
import type { AuditEvent } from './event.ts'
import type { Trail } from './trail.ts'

/** The part of the EVENTS queue that the trail sends through. */
export interface AuditQueue {
  send(message: { type: 'audit'; id: string; event: AuditEvent }): Promise<unknown>
}

/**
 * The trail behind the answer: nobody waits, and a queue that refuses breaks nobody's sign-in.
 * @param lost is told the events that could not be sent, if anybody counts them.
 */
export function queuedTrail(queue: AuditQueue, lost: (event: AuditEvent) => void = () => {}): Trail {
  const send = async (event: AuditEvent): Promise<void> => {
    try {
      await queue.send({ type: 'audit', id: crypto.randomUUID(), event })
    } catch {
      lost(event)
    }
  }
  return { record: (event) => waitUntil(send(event)) }
}
