import type { AuditEvent } from '../audit/event.ts'
import type { Message } from './message.ts'

/** What travels through the EVENTS queue: everything that nobody waits for. */
export type Queued =
  | { readonly type: 'audit'; readonly id: string; readonly event: AuditEvent }
  | { readonly type: 'message'; readonly id: string; readonly message: Message }
  | { readonly type: 'ping'; readonly id: string; readonly ping: Ping }

/** Tells a client that the result it asked for is there (CIBA Core §10.2). Both addresses and token are its own. */
export interface Ping {
  readonly endpoint: string
  readonly token: string
  readonly authReqId: string
}
