import { base64url } from 'jose'

/** A keyed digest: HMAC-SHA-256 of a text, 32 bytes. */
export type Mac = (text: string) => Promise<Uint8Array>

/**
 * A keyed digest for one purpose, under a key derived from the deployment's (base64url, 32 bytes) by HKDF-SHA-256
 * with the purpose as `info` (RFC 5869 §3.2): what is made for one purpose says nothing of another.
 */
export function derivedMac(deploymentKey: string, purpose: string): Mac {
  let derived: Promise<CryptoKey> | undefined
  const key = () => {
    derived ??= derive(deploymentKey, purpose)
    return derived
  }
  return async (text) =>
    new Uint8Array(await crypto.subtle.sign('HMAC', await key(), new TextEncoder().encode(text)))
}

async function derive(deploymentKey: string, purpose: string): Promise<CryptoKey> {
  const raw = new Uint8Array(base64url.decode(deploymentKey))
  const master = await crypto.subtle.importKey('raw', raw, 'HKDF', false, ['deriveKey'])
  const info = new TextEncoder().encode(purpose)
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info },
    master,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}
