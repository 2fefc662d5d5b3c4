import type { AuditEvent } from './event.ts'

/** Where events go. Nobody waits for it: the adapter sends from behind the answer, at least once. */
export interface Trail {
  record(event: AuditEvent): void
}
