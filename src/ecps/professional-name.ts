import { base64url } from 'jose'
import { ObjectName } from '../kernel/identifiers.ts'

/** The name of a professional's object. Nobody without the key can tell whose it is. */
export type ProfessionalName = (practitionerId: string) => Promise<ObjectName>

/**
 * Names a professional's object by HMAC-SHA-256 of their id under the deployment's naming key (base64url, 32 bytes),
 * the first 128 bits of it (RFC 2104 §5): object names are shown in the platform's logs and metrics, ids are public.
 */
export function professionalName(namingKey: string): ProfessionalName {
  let imported: Promise<CryptoKey> | undefined
  const key = () => {
    imported ??= crypto.subtle.importKey(
      'raw',
      base64url.decode(namingKey),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    )
    return imported
  }
  return async (practitionerId) => {
    const code = await crypto.subtle.sign('HMAC', await key(), new TextEncoder().encode(practitionerId))
    return ObjectName.parse(base64url.encode(new Uint8Array(code, 0, 16)))
  }
}
