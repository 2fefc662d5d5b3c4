import type { CredentialId, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Passkey } from './passkey.ts'

/** The passkeys of all professionals. Each method is one query. */
export interface Passkeys {
  /** The passkey of this id, unless it was revoked. */
  byCredential(id: CredentialId): Promise<Passkey | undefined>
  /** Those that work, oldest first. Also what a new registration excludes, and where its user handle comes from. */
  ofPractitioner(id: PractitionerId): Promise<readonly Passkey[]>
  /** `already-known` when the credential id exists, revoked or not: a credential id has one owner for ever. */
  add(passkey: Passkey): Promise<'added' | 'already-known'>
  /** After a verified assertion (WebAuthn L3 §7.2, last steps). The counter never goes back, whatever the order. */
  touch(
    id: CredentialId,
    used: { readonly counter: number; readonly backedUp: boolean; readonly at: Instant },
  ): Promise<void>
  /** Ends a passkey for good. False when there was nothing to end. */
  revoke(id: CredentialId, at: Instant): Promise<boolean>
}
