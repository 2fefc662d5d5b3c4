import type { AuditEvent } from '../audit/event.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import type { Message } from './message.ts'

/** What travels through the EVENTS queue: everything that nobody waits for. */
export type Queued =
  | { readonly type: 'audit'; readonly id: string; readonly event: AuditEvent }
  | { readonly type: 'message'; readonly id: string; readonly message: Message }
  | { readonly type: 'ping'; readonly id: string; readonly ping: Ping }
  | { readonly type: 'logout'; readonly id: string; readonly notice: LogoutNotice }

/** Tells a client that the result it asked for is there (CIBA Core §10.2). Both addresses and token are its own. */
export interface Ping {
  readonly endpoint: string
  readonly token: string
  readonly authReqId: string
}

/** A service that took part in a session which ended, and is to be told (Back-Channel Logout §2.5). */
export interface LogoutNotice {
  readonly session: ObjectName
  readonly sid: string
  readonly clientId: ClientId
  readonly practitionerId: string
}

/** What came of telling it. `not-wanted`: it registered no address for that. */
export type LogoutDelivery =
  | { readonly outcome: 'not-wanted' }
  | { readonly outcome: 'delivered' | 'retry' | 'undeliverable'; readonly detail: string }
