import type { Trail } from '../audit/trail.ts'
import { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import type { SessionEnded, Sessions } from './sessions.ts'

/** Ends sessions by their names and tells who must know. Answers how many lived. */
export type EndSessions = (
  practitionerId: string,
  names: readonly string[],
  /** For the trail. */
  why: string,
) => Promise<number>

/** One call a session; those that are over already are passed by. */
export const endingSessions =
  (needs: {
    readonly sessions: Pick<Sessions, 'end'>
    readonly trail: Trail
    readonly clock: Clock
    readonly tellServices: (ended: SessionEnded) => void
  }): EndSessions =>
  async (practitionerId, names, why) => {
    const { sessions, trail, clock, tellServices } = needs
    let count = 0
    for (const each of names) {
      const session = ObjectName.safeParse(each)
      const ended = session.success ? await sessions.end(session.data) : undefined
      if (!session.success || ended === undefined) continue
      count += 1
      trail.record({ at: clock(), kind: 'session.ended', practitionerId, detail: why })
      tellServices({ ...ended, session: session.data })
    }
    return count
  }
