import { CompactEncrypt, importJWK } from 'jose'
import type { EncryptionAlgorithm, EncryptionMethod, Jwk } from '../oauth/encryption-metadata.ts'

/** How something is encrypted for a client. Only `encryptionTo` makes one, so its key is one that works. */
export interface Encryption {
  readonly alg: EncryptionAlgorithm
  readonly enc: EncryptionMethod
  /** The client's public key, and its name. */
  readonly key: CryptoKey
  readonly kid: string | undefined
}

/** Bits below which an RSA key encrypts nothing (RFC 7518 §4.3). */
const LEAST_RSA = 2048

/** Encryption to this key, `undefined` when it cannot be used for `alg`, whatever is wrong with it. Never throws. */
export async function encryptionTo(
  jwk: Jwk,
  alg: EncryptionAlgorithm,
  enc: EncryptionMethod,
): Promise<Encryption | undefined> {
  try {
    const key = await importJWK(jwk, alg)
    if (!(key instanceof CryptoKey)) return undefined
    const { algorithm } = key
    const isShort = 'modulusLength' in algorithm && Number(algorithm.modulusLength) < LEAST_RSA
    return isShort ? undefined : { alg, enc, key, kid: typeof jwk.kid === 'string' ? jwk.kid : undefined }
  } catch {
    return undefined
  }
}

/**
 * A compact JWE (RFC 7516 §7.1, OIDC Core §10.2).
 * @param content a JWT, which is then nested (RFC 7519 §5.2: `cty`), or JSON.
 */
export async function encrypted(
  content: string,
  { alg, enc, key, kid }: Encryption,
  kind: 'JWT' | 'JSON',
): Promise<string> {
  return new CompactEncrypt(new TextEncoder().encode(content))
    .setProtectedHeader({
      alg,
      enc,
      ...(kid === undefined ? {} : { kid }),
      ...(kind === 'JWT' ? { cty: 'JWT' } : {}),
    })
    .encrypt(key)
}
