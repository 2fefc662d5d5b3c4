import type { AuditEvent } from '../audit/event.ts'
import type { Message } from './message.ts'

/** What travels through the EVENTS queue: everything that nobody waits for. */
export type Queued =
  | { readonly type: 'audit'; readonly id: string; readonly event: AuditEvent }
  | { readonly type: 'message'; readonly id: string; readonly message: Message }
