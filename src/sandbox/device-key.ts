import {
  base64url,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JWK,
  SignJWT,
} from 'jose'
import { DEVICE_PROOF_TYPE } from '../ecps/contract.ts'
import { sha256 } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { Instant } from '../kernel/instant.ts'

/** A device key held in software. A real phone's cannot be exported; a robot's has to survive its object. */
export interface DeviceKey {
  /** RFC 7638 thumbprint: the device's id. */
  readonly id: string
  readonly privateJwk: JWK
  readonly publicJwk: JWK
}

/** What one call says of itself. `body` is the exact text sent, `''` when there is none. */
export interface ProvenCall {
  readonly method: string
  /** Absolute; its query and fragment are not signed (RFC 9449 §4.2 `htu`). */
  readonly url: string
  readonly body: string
}

export async function createDeviceKey(): Promise<DeviceKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const privateJwk = await exportJWK(privateKey)
  const publicJwk: JWK = { kty: 'EC', crv: 'P-256', x: privateJwk.x ?? '', y: privateJwk.y ?? '' }
  return { id: await calculateJwkThumbprint(publicJwk), privateJwk, publicJwk }
}

/** The `Device-Proof` header of one call, as ecps/contract.ts says. */
export async function deviceProof(
  key: DeviceKey,
  call: ProvenCall,
  now: Instant,
  entropy: Entropy,
): Promise<string> {
  const url = new URL(call.url)
  return new SignJWT({
    jti: base64url.encode(entropy(16)),
    iat: now,
    htm: call.method,
    htu: `${url.origin}${url.pathname}`,
    bdh: call.body === '' ? '' : base64url.encode(await sha256(call.body)),
  })
    .setProtectedHeader({ alg: 'ES256', typ: DEVICE_PROOF_TYPE, jwk: key.publicJwk })
    .sign(await importJWK(key.privateJwk, 'ES256'))
}
