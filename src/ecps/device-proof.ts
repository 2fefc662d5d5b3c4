import {
  base64url,
  calculateJwkThumbprint,
  decodeProtectedHeader,
  importJWK,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import * as z from 'zod'
import { sameDigest, sha256 } from '../kernel/digest.ts'
import { DeviceId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import { DEVICE_PROOF_TYPE } from './contract.ts'

/** How far the phone's clock may be from ours, in seconds, either way. */
export const PROOF_TOLERANCE = 60

/** How long a used `jti` is remembered after its `iat`: twice the tolerance, so that none outlives its memory. */
export const PROOF_MEMORY = 2 * PROOF_TOLERANCE

/** The call that a proof must be about. */
export interface ProvenCall {
  readonly method: string
  /** Absolute URL without query or fragment: issuer and path, not what a `Host` header says. */
  readonly url: string
  readonly body: Uint8Array
}

/** A public EC key on P-256 (RFC 7518 §6.2.1), with nothing else in it. */
export interface DevicePublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface DeviceProof {
  /** RFC 7638 thumbprint of `jwk`. That the key is anyone's is for the caller to look up. */
  readonly deviceId: DeviceId
  readonly jti: string
  readonly iat: Instant
  readonly jwk: DevicePublicKey
}

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const PublicKey = z.object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
const Claims = z.object({
  jti: z.string().regex(/^[A-Za-z0-9_-]{16,64}$/),
  iat: z.int().transform((seconds) => seconds as Instant),
  htm: z.string(),
  htu: z.string(),
  bdh: z.string(),
})
const PRIVATE_MEMBERS = ['d', 'k', 'p', 'q', 'dp', 'dq', 'qi', 'oth']

/**
 * Verifies the `Device-Proof` header of a call of the e-CPS, after RFC 9449 §4.3 with the body bound as well.
 * Whether the `jti` was seen is not decided here: the professional's object does, in the call that does the work.
 * The private reason of a rejection is for the trail only.
 */
export async function verifyDeviceProof(
  proof: string | undefined,
  call: ProvenCall,
  now: Instant,
): Promise<DeviceProof | { readonly rejected: string }> {
  // RFC 9449 §4.3 check 1: exactly one header field. Several are joined by a comma, which no JWT contains.
  if (proof === undefined || proof === '') return { rejected: 'no proof' }
  if (proof.length > 4096) return { rejected: 'proof too long' }
  const key = publicKeyOf(proof)
  if ('rejected' in key) return key
  let payload: JWTPayload
  try {
    // Checks 2 to 7: a well-formed JWT, typ, an asymmetric algorithm that we support, the signature by the jwk in it.
    const verified = await jwtVerify(proof, await importJWK({ ...key }, 'ES256'), {
      algorithms: ['ES256'],
      typ: DEVICE_PROOF_TYPE,
      currentDate: new Date(now * 1000),
      clockTolerance: PROOF_TOLERANCE,
    })
    payload = verified.payload
  } catch (error) {
    return { rejected: error instanceof Error ? error.message : 'unverifiable' }
  }
  const claims = Claims.safeParse(payload)
  if (!claims.success) return { rejected: 'claims missing or malformed' }
  const { jti, iat, htm, htu, bdh } = claims.data
  if (htm !== call.method) return { rejected: 'another method' } // check 8
  if (htu !== call.url) return { rejected: 'another URL' } // check 9
  if (Math.abs(now - iat) > PROOF_TOLERANCE) return { rejected: 'not of this minute' } // check 11
  const expected = call.body.length === 0 ? '' : base64url.encode(await sha256(call.body))
  if (!sameDigest(bdh, expected)) return { rejected: 'another body' }
  return { deviceId: DeviceId.parse(await calculateJwkThumbprint({ ...key }, 'sha256')), jti, iat, jwk: key }
}

function publicKeyOf(proof: string): DevicePublicKey | { rejected: string } {
  let jwk: unknown
  try {
    jwk = decodeProtectedHeader(proof).jwk
  } catch {
    return { rejected: 'not a JWT' }
  }
  if (typeof jwk !== 'object' || jwk === null) return { rejected: 'no key in the header' }
  // RFC 9449 §4.2: the jwk MUST NOT contain a private key.
  if (PRIVATE_MEMBERS.some((member) => member in jwk)) return { rejected: 'a private key in the header' }
  const parsed = PublicKey.safeParse(jwk)
  return parsed.success ? parsed.data : { rejected: 'not a public P-256 key' }
}
