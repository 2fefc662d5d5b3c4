import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose'
import type { Entropy } from '../kernel/handle.ts'
import type { Instant } from '../kernel/instant.ts'
import type { SigningAlgorithm } from './signer.ts'
import { wrap } from './wrapping.ts'

/**
 * `next`: announced in the JWKS, signs nothing yet. `active`: signs. `retired`: still in the JWKS, so that what it
 * signed can be verified. A removed key is not kept.
 */
export type KeyState = 'next' | 'active' | 'retired'

/** What rotation decides on: everything of a key but the key. */
export interface KeyFacts {
  /** RFC 7638 thumbprint of the public key. */
  readonly kid: string
  readonly alg: SigningAlgorithm
  readonly state: KeyState
  /** When it came into this state. */
  readonly since: Instant
}

/** A key as it is stored and as isolates receive it: the public part in clear, the private one wrapped. */
export interface SigningKey extends KeyFacts {
  readonly publicJwk: JWK
  /** See wrapping.ts. Useless without the key encryption key, which only the Worker's settings hold. */
  readonly wrapped: string
}

/** WebCrypto's parameters for generating and for importing a key of each algorithm (RFC 7518 §3, RFC 8037 §3.1). */
export const WEB_CRYPTO = {
  RS256: {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: new Uint8Array([1, 0, 1]),
  },
  ES256: { name: 'ECDSA', namedCurve: 'P-256' },
  PS256: { name: 'RSA-PSS', hash: 'SHA-256', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) },
  EdDSA: { name: 'Ed25519' },
} as const satisfies Record<
  SigningAlgorithm,
  SubtleCryptoImportKeyAlgorithm & SubtleCryptoGenerateKeyAlgorithm
>

/** A fresh key pair whose private half leaves this function wrapped only. */
export async function newSigningKey(
  alg: SigningAlgorithm,
  state: KeyState,
  since: Instant,
  keyEncryptionKey: CryptoKey,
  entropy: Entropy,
): Promise<SigningKey> {
  const pair = await crypto.subtle.generateKey(WEB_CRYPTO[alg], true, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new TypeError(`${alg} made no key pair`)
  const exported = await exportJWK(pair.publicKey)
  const kid = await calculateJwkThumbprint(exported)
  const publicJwk = { ...exported, kid, alg, use: 'sig' }
  return {
    kid,
    alg,
    state,
    since,
    publicJwk,
    wrapped: await wrap(pair.privateKey, kid, keyEncryptionKey, entropy),
  }
}
