import type { CredentialId, DeviceId, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { CredentialRecord } from '../protocol/webauthn/assertion.ts'
import type { DirectoryEntry } from '../rpps/directory.ts'
import type { DevicePublicKey } from './device-proof.ts'

/** Phones that may be active at once for a person. A sixth takes the place of the one used longest ago. */
export const MAX_DEVICES = 5

/** An activated e-CPS: one device key bound to one passkey of one professional. */
export interface Device {
  readonly id: DeviceId
  readonly practitionerId: PractitionerId
  readonly credentialId: CredentialId
  readonly name: string
  /** How the identity was proved when it was activated. */
  readonly activationMode: 'CONTACT' | 'CARD' | 'DEVICE'
  /** The card that opened it, as blocks name it. */
  readonly card?: string | undefined
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly lastUsedAt: Instant | undefined
  readonly revokedAt: Instant | undefined
}

/** A device with all that a call of it is decided on. */
export interface KnownDevice extends DirectoryEntry {
  readonly device: Device
  readonly passkey: CredentialRecord & { readonly revoked: boolean }
}

export interface ListedDevice extends Device {
  readonly passkeyKind: 'synced' | 'bound'
}

/** The activated phones. Each method is one query, or one batch where it says so. */
export interface Devices {
  /** The device of this key with its passkey and its professional, revoked or expired ones too. */
  find(id: DeviceId): Promise<KnownDevice | undefined>
  /** Those neither revoked nor expired, newest first. */
  list(practitionerId: PractitionerId, now: Instant): Promise<readonly ListedDevice[]>
  /**
   * Adds a device (one batch). A key that any device ever had is `taken`: a key is activated once. Devices beyond the
   * fifth are revoked, those used longest ago first, and answered in `retired`.
   */
  add(
    device: Device,
    publicKey: DevicePublicKey,
  ): Promise<{ readonly retired: readonly Device[] } | { readonly refused: 'taken' }>
  /** Revokes a device of this person, once. Answers it, or nothing when there was nothing to revoke. */
  revoke(id: DeviceId, practitionerId: PractitionerId, at: Instant): Promise<Device | undefined>
  /** Revokes what this card opened since then, or what any card did. Answers what was revoked. */
  revokeOpenedBy(
    practitionerId: PractitionerId,
    opened: { readonly card: string | undefined; readonly since: Instant },
    at: Instant,
  ): Promise<readonly Device[]>
  touch(id: DeviceId, at: Instant): Promise<void>
}

/** Why a device may not be used now, if it may not. Suspension bites at each call, not at the next activation. */
export function unusable(
  { device, passkey, status }: KnownDevice,
  now: Instant,
): 'device-revoked' | 'device-expired' | 'suspended' | undefined {
  if (device.revokedAt !== undefined || passkey.revoked) return 'device-revoked'
  if (device.expiresAt <= now) return 'device-expired'
  return status === 'suspended' ? 'suspended' : undefined
}
