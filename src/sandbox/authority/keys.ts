import type { Der } from './der-writer.ts'

/** A fresh key pair, and its public half as `SubjectPublicKeyInfo`. */
export interface Keys {
  readonly privateKey: CryptoKey
  readonly publicKey: Der
}

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: 'SHA-256',
} as const

/** RSA of 2048 bits: what cards and authorities have. Some hundred milliseconds. */
export const rsaKeys = (): Promise<Keys> => keys(crypto.subtle.generateKey(RSA, true, ['sign', 'verify']))

/** A curve, for tests that need many pairs quickly. */
export const curveKeys = (namedCurve: 'P-256' | 'P-384' = 'P-256'): Promise<Keys> =>
  keys(crypto.subtle.generateKey({ name: 'ECDSA', namedCurve }, true, ['sign', 'verify']))

async function keys(made: Promise<CryptoKey | CryptoKeyPair>): Promise<Keys> {
  const pair = await made
  if (!('privateKey' in pair)) throw new Error('a pair was asked for')
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  if (!(spki instanceof ArrayBuffer)) throw new Error('SPKI is bytes')
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(spki) }
}

export async function pkcs8Of(key: CryptoKey): Promise<Der> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key)
  if (!(pkcs8 instanceof ArrayBuffer)) throw new Error('PKCS #8 is bytes')
  return new Uint8Array(pkcs8)
}

/** An RSA private key kept as PKCS #8, to sign with. */
export const signingKeyFrom = (pkcs8: Uint8Array): Promise<CryptoKey> =>
  crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), RSA, false, ['sign'])
