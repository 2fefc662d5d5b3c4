import type { AddressedHandle } from '../../kernel/handle.ts'
import type { ObjectName } from '../../kernel/identifiers.ts'
import type { AcceptedRequest } from './accept.ts'

/** Requests that clients pushed before they send the browser (RFC 9126). One call of one object each. */
export interface PushedRequests {
  /** Keeps an accepted request for a while, in seconds. The handle is the only way to it. */
  keep(request: AcceptedRequest, lifetime: number): Promise<AddressedHandle>
  /** Takes it: of many who try at once exactly one gets it (RFC 9126 §4, §7.3). */
  take(reference: { object: ObjectName; secret: string }): Promise<AcceptedRequest | undefined>
}
