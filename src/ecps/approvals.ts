import type { PractitionerId } from '../kernel/identifiers.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import type { Approval } from './approval.ts'

/** Approvals that wait somewhere, by their id. */
export interface WaitingApprovals {
  /** The approval of this id if it waits for this professional. */
  find(id: string, practitionerId: PractitionerId): Promise<Approval | undefined>
  /** Decides, once. The caller has verified passkey and device key over the very choice. */
  decide(
    id: string,
    choice: string,
    by: { practitioner: Practitioner; amr: readonly string[]; hardware: boolean },
  ): Promise<
    { outcome: 'approved' | 'wrong-code' | 'denied' } | { refused: 'gone' | 'expired' | 'already-decided' }
  >
  /** Ends a waiting approval from outside (two live requests cancel each other). */
  cancel(id: string, reason: 'two-at-once' | 'device-revoked'): Promise<void>
}

/** Port of the e-CPS towards whatever waits for an approval. */
export interface Approvals extends WaitingApprovals {
  /** Attaches a phone to the request behind a scanned or typed code, once. Makes the approval to show. */
  pair(
    scanned: { readonly qr: string } | { readonly code: string },
    practitionerId: PractitionerId,
  ): Promise<{ approval: Approval } | { refused: 'unknown' | 'expired' | 'already-paired' }>
}
