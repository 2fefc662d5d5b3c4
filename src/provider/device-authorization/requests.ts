import type { Digest } from '../../kernel/digest.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import type { Absent, Approval, Asked, Polled, Waiting } from './request.ts'

/** Requests of devices: one Durable Object each. Every method is one call and atomic. */
export interface DeviceRequests {
  /** Opens a request. False when its user code is another request's: take another code. */
  begin(asked: Asked): Promise<boolean>
  /** The request that waits for somebody, if it still does. */
  look(name: ObjectName): Promise<{ waiting: Waiting } | { absent: Absent }>
  /** Somebody's answer: the first one counts. */
  answer(name: ObjectName, answered: { readonly approval: Approval } | 'denied'): Promise<'done' | Absent>
  /** What the device that polls is told; the result is given once. */
  poll(
    name: ObjectName,
    by: { readonly secret: Digest; readonly clientId: ClientId; readonly jkt: string | undefined },
  ): Promise<Polled>
}
