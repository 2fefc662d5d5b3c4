import { base64url } from 'jose'
import { type Digest, digest } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import { after, type Clock, type Instant } from '../kernel/instant.ts'
import type { Pairing } from './login.ts'
import { newPairingCode } from './pairing-code.ts'

/** What a typed code may lead to. One is never taken for the other. */
export type StandsFor = 'login' | 'activation'

/** A secret for the QR and a code to type, the code claimed for that object. `lifetime` in seconds. */
export async function newPairing({
  standsFor,
  name,
  lifetime,
  length,
  claim,
  entropy,
  clock,
}: {
  readonly standsFor: StandsFor
  readonly name: ObjectName
  readonly lifetime: number
  /** Characters of the typed code, a login's unless told. */
  readonly length?: number
  /** `false` when that code stands for something already. */
  readonly claim: (
    code: Digest,
    standsFor: StandsFor,
    name: ObjectName,
    expiresAt: Instant,
  ) => Promise<boolean>
  readonly entropy: Entropy
  readonly clock: Clock
}): Promise<Pairing> {
  const secret = base64url.encode(entropy(16))
  const secretDigest = await digest(secret)
  for (;;) {
    const expiresAt = after(clock(), lifetime)
    const code = newPairingCode(entropy, length)
    const codeDigest = await digest(code)
    if (await claim(codeDigest, standsFor, name, expiresAt))
      return { secret, secretDigest, code, codeDigest, expiresAt }
  }
}
