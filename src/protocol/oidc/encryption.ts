import { CompactEncrypt, importJWK } from 'jose'
import type { EncryptionAlgorithm, EncryptionMethod, Jwk } from '../oauth/encryption-metadata.ts'

/** How something is encrypted for a client. */
export interface Encryption {
  readonly alg: EncryptionAlgorithm
  readonly enc: EncryptionMethod
  /** The client's public key. */
  readonly key: Jwk
}

/**
 * A compact JWE (RFC 7516 §7.1, OIDC Core §10.2).
 * @param content a JWT, which is then nested (RFC 7519 §5.2: `cty`), or JSON.
 * @throws when the key cannot be used for `alg`.
 */
export async function encrypted(
  content: string,
  { alg, enc, key }: Encryption,
  kind: 'JWT' | 'JSON',
): Promise<string> {
  const kid = typeof key.kid === 'string' ? { kid: key.kid } : {}
  const cty = kind === 'JWT' ? { cty: 'JWT' } : {}
  return new CompactEncrypt(new TextEncoder().encode(content))
    .setProtectedHeader({ alg, enc, ...kid, ...cty })
    .encrypt(await importJWK(key, alg))
}
