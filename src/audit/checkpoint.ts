import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import * as z from 'zod'
import type { Instant } from '../kernel/instant.ts'
import type { Head } from './chain.ts'

/** A head of the chain and when it was that, with a signature that says so. */
export interface Checkpoint extends Head {
  readonly at: number
  /** Compact JWS (RFC 7515 §3.1) over `iss`, `iat`, `seq` and `hash`. */
  readonly jws: string
}

/** Explicit typing (RFC 8725 §3.11): no token of ours is ever taken for a checkpoint, nor the other way. */
export const CHECKPOINT_TYPE = 'trail-checkpoint+jwt'
const ALGORITHM = 'ES256'

/** What of the key ring is used. */
export interface CheckpointSigner {
  sign(
    claims: { readonly iss: string; readonly iat: number; readonly seq: number; readonly hash: string },
    options: { typ: string; alg: typeof ALGORITHM },
  ): Promise<string>
  jwks(): Promise<JSONWebKeySet>
}

/** Seconds between two signatures while entries arrive. What came since the last is held together by hashes alone. */
export const CHECKPOINT_PERIOD = 60
/** In a burst, so many entries are signed before that. */
export const CHECKPOINT_ENTRIES = 500

/** Signs a head, and gives the public key that verifies it. */
export async function signHead(
  signer: CheckpointSigner,
  issuer: string,
  { seq, hash }: Head,
  at: Instant,
): Promise<{ readonly checkpoint: Checkpoint; readonly kid: string; readonly jwk: string | undefined }> {
  const jws = await signer.sign({ iss: issuer, iat: at, seq, hash }, { typ: CHECKPOINT_TYPE, alg: ALGORITHM })
  const kid = decodeProtectedHeader(jws).kid ?? ''
  const key = (await signer.jwks()).keys.find((one) => one.kid === kid)
  return {
    checkpoint: { seq, hash, at, jws },
    kid,
    jwk: key === undefined ? undefined : JSON.stringify(key),
  }
}

const Claims = z.object({ seq: z.number(), hash: z.string(), iat: z.number() })

/** Whether one of these keys signed what the checkpoint says. Never throws. */
export async function isSigned(checkpoint: Checkpoint, keys: JSONWebKeySet): Promise<boolean> {
  try {
    const { payload } = await jwtVerify(checkpoint.jws, createLocalJWKSet(keys), {
      typ: CHECKPOINT_TYPE,
      algorithms: [ALGORITHM],
      // Signed at a moment, for ever after: there is no time at which it would be too old.
      currentDate: new Date(checkpoint.at * 1000),
    })
    const { seq, hash, iat } = Claims.parse(payload)
    return seq === checkpoint.seq && hash === checkpoint.hash && iat === checkpoint.at
  } catch {
    return false
  }
}
