import type { Approval } from '../../ecps/approval.ts'
import type { Digest } from '../../kernel/digest.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import type { Asked, Polled } from './request.ts'

/** The requests that services sent to phones: one Durable Object each. Every method is one call and atomic. */
export interface BackchannelRequests {
  begin(asked: Asked): Promise<void>
  /**
   * Makes the approval for this person, once. `practitionerId` may be a name that nobody has: the same is done then,
   * and nobody comes.
   */
  address(
    name: ObjectName,
    practitionerId: string,
  ): Promise<{ readonly outcome: { readonly approval: Approval } | 'gone' }>
  /** What the client that polls is told; the result is given once. */
  poll(name: ObjectName, by: { readonly secret: Digest; readonly clientId: ClientId }): Promise<Polled>
}
