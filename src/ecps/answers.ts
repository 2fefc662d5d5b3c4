import type * as z from 'zod'
import { displayName } from './activation.ts'
import type { Approval } from './approval.ts'
import type * as contract from './contract.ts'
import type { KnownDevice, ListedDevice } from './devices.ts'
import type { ProfessionalSignIn } from './professionals.ts'

// What the phone is shown, in the contract's terms. Nothing leaves by accident: each member is named.

export const requestOf = (approval: Approval, now: number): z.input<typeof contract.ApprovalRequest> => ({
  id: approval.id,
  nonce: approval.nonce,
  context: approval.context,
  values: [...approval.values],
  expiresAt: approval.expiresAt,
  now,
})

const deviceOf = (device: ListedDevice, current: string): z.input<typeof contract.Device> => ({
  id: device.id,
  name: device.name,
  current: device.id === current,
  passkeyKind: device.passkeyKind,
  activationMode: device.activationMode,
  createdAt: device.createdAt,
  expiresAt: device.expiresAt,
  lastUsedAt: device.lastUsedAt ?? null,
})

export const devicesOf = (
  devices: readonly ListedDevice[],
  current: string,
): z.input<typeof contract.Devices> => ({
  devices: devices.map((device) => deviceOf(device, current)),
})

export const meOf = (
  { practitioner, device, passkey }: KnownDevice,
  rpId: string,
  userCode: boolean,
): z.input<typeof contract.Me> => ({
  displayName: displayName(practitioner),
  nationalId: practitioner.nationalId,
  credentialId: device.credentialId,
  rpId,
  userCode,
  device: deviceOf(
    { ...device, passkeyKind: passkey.deviceType === 'multiDevice' ? 'synced' : 'bound' },
    device.id,
  ),
})

export const signInOf = ({ service, at, place, means, outcome, live }: ProfessionalSignIn) =>
  ({ service, at, place: { ...place }, means, outcome, live }) satisfies z.input<typeof contract.SignIn>
