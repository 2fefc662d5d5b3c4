import { base64url } from 'jose'
import type { Brand } from './brand.ts'

/** SHA-256 of a secret, base64url (43 characters): what is kept at rest in its place. */
export type Digest = Brand<string, 'Digest'>

const encoder = new TextEncoder()

/** SHA-256 of text (as UTF-8) or bytes. */
export async function sha256(input: string | Uint8Array): Promise<Uint8Array> {
  const bytes = typeof input === 'string' ? encoder.encode(input) : input
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes as BufferSource))
}

/** The digest under which a secret is kept. */
export async function digest(secret: string): Promise<Digest> {
  return base64url.encode(await sha256(secret)) as Digest
}

/**
 * Whether two digests are equal, in time that does not depend on where they differ. Secrets are never compared
 * themselves: both sides are digested first, so lengths are equal and a difference says nothing of the secret.
 */
export function sameDigest(a: string, b: string): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i)
  return difference === 0
}
