import { base64url } from 'jose'
import type { Entropy } from '../kernel/handle.ts'

const IV_BYTES = 12
const encoder = new TextEncoder()

/** The key encryption key from its setting: 32 bytes, base64url. It wraps and unwraps; it cannot be read back. */
export const keyEncryptionKey = (text: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', base64url.decode(text) as BufferSource, 'AES-GCM', false, [
    'wrapKey',
    'unwrapKey',
  ])

const gcm = (iv: Uint8Array, kid: string): SubtleCryptoEncryptAlgorithm => ({
  name: 'AES-GCM',
  iv: iv as BufferSource,
  // A wrapped key moved to another `kid` does not unwrap.
  additionalData: encoder.encode(kid),
})

/** A private key under AES-256-GCM: iv ‖ ciphertext, base64url. */
export async function wrap(key: CryptoKey, kid: string, kek: CryptoKey, entropy: Entropy): Promise<string> {
  const iv = entropy(IV_BYTES)
  const sealed = new Uint8Array(await crypto.subtle.wrapKey('pkcs8', key, kek, gcm(iv, kid)))
  const all = new Uint8Array(IV_BYTES + sealed.length)
  all.set(iv)
  all.set(sealed, IV_BYTES)
  return base64url.encode(all)
}

/**
 * The private key again, able to sign and nothing else: not extractable.
 * @throws when the key encryption key, the `kid` or the bytes are not those of the wrapping.
 */
export function unwrap(
  wrapped: string,
  kid: string,
  kek: CryptoKey,
  algorithm: SubtleCryptoImportKeyAlgorithm,
): Promise<CryptoKey> {
  const bytes = base64url.decode(wrapped)
  return crypto.subtle.unwrapKey(
    'pkcs8',
    bytes.slice(IV_BYTES) as BufferSource,
    kek,
    gcm(bytes.slice(0, IV_BYTES), kid),
    algorithm,
    false,
    ['sign'],
  )
}
