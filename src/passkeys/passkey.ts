import { base64url } from 'jose'
import type { Entropy } from '../kernel/handle.ts'
import type { CredentialId, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { DeviceType } from '../protocol/webauthn/policy.ts'
import type { NewCredential } from '../protocol/webauthn/registration.ts'

/** A passkey of a professional: a credential record (WebAuthn L3 §4) and whose it is. */
export interface Passkey {
  readonly credentialId: CredentialId
  readonly practitionerId: PractitionerId
  /** 32 random bytes, base64url. The same for all passkeys of a person. */
  readonly userHandle: string
  /** COSE key, base64url. */
  readonly publicKey: string
  /** Stays 0 for synced passkeys; one that goes back is refused (WebAuthn L3 §6.1.1). */
  readonly counter: number
  readonly transports: readonly string[]
  readonly deviceType: DeviceType
  readonly backedUp: boolean
  /** Who made the authenticator, as it says itself: a label, never a reason to trust. */
  readonly aaguid: string
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | undefined
  readonly revokedAt: Instant | undefined
}

/** A fresh user handle (WebAuthn L3 §14.6.1), for a person who has no passkey yet. */
export const newUserHandle = (entropy: Entropy): string => base64url.encode(entropy(32))

/** The passkey that a verified registration made. */
export const passkeyOf = (
  credential: NewCredential,
  owner: { readonly practitionerId: PractitionerId; readonly userHandle: string },
  now: Instant,
): Passkey => ({ ...credential, ...owner, createdAt: now, lastUsedAt: undefined, revokedAt: undefined })
