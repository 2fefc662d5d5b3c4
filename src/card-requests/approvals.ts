import type { Approval } from '../ecps/approval.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import type { Authentication } from '../mire/authentication.ts'

/** Port: approvals that wait for a card, by their id. */
export interface CardApprovals {
  /** The approval of this id if it waits for this professional's card. */
  find(id: string, practitionerId: PractitionerId): Promise<Approval | undefined>
  /** Decides, once; a wrong choice refuses. */
  decide(
    id: string,
    choice: string,
    authentication: Authentication,
  ): Promise<
    | { readonly outcome: 'approved' | 'wrong-code' | 'denied' }
    | { readonly refused: 'gone' | 'expired' | 'already-decided' }
  >
}
