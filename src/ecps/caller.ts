import type { Instant } from '../kernel/instant.ts'
import { type DeviceProof, type ProvenCall, verifyDeviceProof } from './device-proof.ts'
import { type Devices, type KnownDevice, unusable } from './devices.ts'
import type { NotAdmitted } from './professionals.ts'
import { type Refused, refuse } from './refusal.ts'

/** A phone that calls, proved and usable. Its proof is spent by the call that does the work. */
export interface Caller extends KnownDevice {
  readonly proof: DeviceProof
}

/** Who calls: the device key proved over this very call, then the device, its passkey and its person in one query. */
export async function identify(
  devices: Devices,
  proof: string | undefined,
  call: ProvenCall,
  now: Instant,
): Promise<Caller | Refused> {
  const proved = await verifyDeviceProof(proof, call, now)
  if ('rejected' in proved) return refuse('invalid-proof', proved.rejected)
  const known = await devices.find(proved.deviceId)
  if (known === undefined) return refuse('unknown-device', proved.deviceId)
  const reason = unusable(known, now)
  return reason === undefined ? { ...known, proof: proved } : refuse(reason, proved.deviceId)
}

/** What the outside learns when the professional's object did not take the proof. */
export const notAdmitted = ({ refused }: NotAdmitted): Refused =>
  refused === 'replayed' ? refuse('invalid-proof', 'replayed') : refuse('try-later', 'too many calls')
