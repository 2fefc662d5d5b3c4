import { encode } from './base64url.ts'

/** Members of an EC public JWK that RFC 7638 §3.2 counts. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

export interface DeviceKey {
  /** Not extractable: script can use it, nothing can read it. */
  readonly privateKey: CryptoKey
  readonly publicJwk: PublicJwk
}

const utf8 = new TextEncoder()
const json = (value: unknown) => encode(utf8.encode(JSON.stringify(value)))

export async function newDeviceKey(): Promise<DeviceKey> {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
    'sign',
    'verify',
  ])
  if (!('privateKey' in pair)) throw new Error('ECDSA makes a pair')
  const jwk = await crypto.subtle.exportKey('jwk', pair.publicKey)
  if (!('x' in jwk) || jwk.x === undefined || jwk.y === undefined) throw new Error('a P-256 key has x and y')
  return { privateKey: pair.privateKey, publicJwk: { kty: 'EC', crv: 'P-256', x: jwk.x, y: jwk.y } }
}

/**
 * The `Device-Proof` of one call (after RFC 9449 §4.2, with the body bound too): ES256 over method, address without
 * query, digest of the body, the time and a number used once. `now` is seconds since 1970.
 */
export async function deviceProof(
  key: DeviceKey,
  call: { readonly method: string; readonly url: string; readonly body: string; readonly now: number },
): Promise<string> {
  const url = new URL(call.url)
  const body = utf8.encode(call.body)
  const header = { typ: 'device-proof+jwt', alg: 'ES256', jwk: key.publicJwk }
  const claims = {
    jti: encode(crypto.getRandomValues(new Uint8Array(16))),
    iat: Math.floor(call.now),
    htm: call.method,
    htu: `${url.origin}${url.pathname}`,
    bdh: body.length === 0 ? '' : encode(new Uint8Array(await crypto.subtle.digest('SHA-256', body))),
  }
  const signed = `${json(header)}.${json(claims)}`
  const signature = await crypto.subtle.sign(
    { name: 'ECDSA', hash: 'SHA-256' },
    key.privateKey,
    utf8.encode(signed),
  )
  return `${signed}.${encode(new Uint8Array(signature))}`
}
