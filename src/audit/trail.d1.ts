import { drizzle } from 'drizzle-orm/d1'
import { auditEvent } from './event.table.ts'
import type { AuditEvent } from './event.ts'

/** An event as it comes out of the queue: perhaps not for the first time. */
export interface Recorded {
  readonly id: string
  readonly event: AuditEvent
}

/** Where the trail ends up. */
export interface TrailStore {
  /** Appends. An `id` that is there already changes nothing, so a batch may be delivered again. */
  store(events: readonly Recorded[]): Promise<void>
}

/** D1 binds a hundred parameters a statement; a row has six. */
const ROWS = 16

export function d1Trail(database: D1Database): TrailStore {
  const db = drizzle(database)
  return {
    async store(events) {
      const rows = events.map(({ id, event }) => ({
        id,
        at: event.at,
        kind: event.kind,
        practitionerId: event.practitionerId ?? null,
        clientId: event.clientId ?? null,
        detail: event.detail ?? null,
      }))
      const chunks = Array.from({ length: Math.ceil(rows.length / ROWS) }, (_, index) =>
        db
          .insert(auditEvent)
          .values(rows.slice(index * ROWS, (index + 1) * ROWS))
          .onConflictDoNothing(),
      )
      const [first, ...rest] = chunks
      if (first !== undefined) await db.batch([first, ...rest])
    },
  }
}
