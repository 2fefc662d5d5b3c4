import { waitUntil } from 'cloudflare:workers'
import type { Queued } from '../../notifications/queued.ts'
import type { SessionEnded } from '../../sessions/sessions.ts'

/**
 * Leaves a notice for each service of an ended session, behind the answer. Who wants to be told, and where, is looked
 * up when it is delivered. A queue that refuses leaves a service to its own session's end: the tokens are dead anyway.
 */
export const queuedLogoutNotices = (queue: Pick<Queue<Queued>, 'send'>) => (ended: SessionEnded) => {
  for (const { clientId, sid } of ended.services) {
    const notice = { session: ended.session, sid, clientId, practitionerId: ended.practitionerId }
    waitUntil(
      queue.send({ type: 'logout', id: crypto.randomUUID(), notice }).then(undefined, () => undefined),
    )
  }
}
