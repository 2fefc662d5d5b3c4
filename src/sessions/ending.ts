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

/** One call a session; those that are over already are passed by. Each is tried before the first failure is thrown. */
export const endingSessions =
  (needs: {
    readonly sessions: Pick<Sessions, 'end'>
    readonly trail: Trail
    readonly clock: Clock
    readonly tellServices: (ended: SessionEnded) => void
  }): EndSessions =>
  async (practitionerId, names, why) => {
    const { sessions, trail, clock, tellServices } = needs
    const failures: unknown[] = []
    let count = 0
    for (const each of names) {
      const session = ObjectName.safeParse(each)
      if (!session.success) continue
      try {
        const ended = await sessions.end(session.data)
        if (ended === undefined) continue
        count += 1
        trail.record({ at: clock(), kind: 'session.ended', practitionerId, detail: why })
        tellServices({ ...ended, session: session.data })
      } catch (failure) {
        failures.push(failure)
      }
    }
    // One that cannot be reached must not keep the others open.
    if (failures.length > 0) throw failures[0]
    return count
  }
