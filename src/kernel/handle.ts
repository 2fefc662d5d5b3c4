import { base64url } from 'jose'
import type { Brand } from './brand.ts'
import { ObjectName } from './identifiers.ts'

/** Fresh random bytes. A port, so that pure code never makes its own. */
export type Entropy = (bytes: number) => Uint8Array

/** 256 random bits, base64url (43 characters). Shown once; only its digest is kept. */
export type Handle = Brand<string, 'Handle'>

/** `<object>.<secret>`: a secret that carries the address of the Durable Object which can check it. */
export type AddressedHandle = Brand<string, 'AddressedHandle'>

export const systemEntropy: Entropy = (bytes) => crypto.getRandomValues(new Uint8Array(bytes))

export const newHandle = (entropy: Entropy): Handle => base64url.encode(entropy(32)) as Handle

export const newObjectName = (entropy: Entropy): ObjectName => base64url.encode(entropy(16)) as ObjectName

export const addressed = (object: ObjectName, secret: string): AddressedHandle =>
  `${object}.${secret}` as AddressedHandle

/** The two halves of an addressed handle, or `undefined` for anything else. Never throws; linear. */
export function address(text: string): { object: ObjectName; secret: string } | undefined {
  if (text.length > 128) return undefined
  const dot = text.indexOf('.')
  const object = ObjectName.safeParse(text.slice(0, dot))
  const secret = text.slice(dot + 1)
  if (dot < 0 || !object.success || !/^[A-Za-z0-9_-]{16,86}$/.test(secret)) return undefined
  return { object: object.data, secret }
}
