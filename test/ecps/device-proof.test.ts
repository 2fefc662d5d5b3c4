import fc from 'fast-check'
import { base64url, calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { DEVICE_PROOF_TYPE } from '../../src/ecps/contract.ts'
import { PROOF_TOLERANCE, verifyDeviceProof } from '../../src/ecps/device-proof.ts'
import { sha256 } from '../../src/kernel/digest.ts'
import { instant } from '../../src/kernel/instant.ts'

const now = instant(1_800_000_000)
const url = 'https://id.example.org/ecps/api/decisions'
const text = '{"id":"a","choice":"47"}'
const body = new TextEncoder().encode(text)
const call = { method: 'POST', url, body }

let privateKey: CryptoKey
let publicJwk: JWK
let privateJwk: JWK
beforeAll(async () => {
  const pair = await generateKeyPair('ES256', { extractable: true })
  privateKey = pair.privateKey
  publicJwk = await exportJWK(pair.publicKey)
  privateJwk = await exportJWK(pair.privateKey)
})

async function proof(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key: CryptoKey = privateKey,
): Promise<string> {
  const bdh = base64url.encode(await sha256(body))
  return new SignJWT({ jti: 'a'.repeat(22), iat: now, htm: 'POST', htu: url, bdh, ...claims })
    .setProtectedHeader({ alg: 'ES256', typ: DEVICE_PROOF_TYPE, jwk: publicJwk, ...header })
    .sign(key)
}

describe('RFC7638-3.1 the device id', () => {
  it('is the thumbprint of the RFC for the key of the RFC', async () => {
    const rsa = {
      kty: 'RSA',
      e: 'AQAB',
      n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
      alg: 'RS256',
      kid: '2011-04-29',
    }
    expect(await calculateJwkThumbprint(rsa)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  it('is SHA-256 over crv, kty, x and y in that order', async () => {
    const verified = await verifyDeviceProof(await proof(), call, now)
    const { crv, kty, x, y } = publicJwk
    const canonical = JSON.stringify({ crv, kty, x, y })
    expect(verified).toMatchObject({ deviceId: base64url.encode(await sha256(canonical)) })
  })
})

describe('grants', () => {
  it.each([-PROOF_TOLERANCE, 0, PROOF_TOLERANCE])('RFC9449-4.3 an iat %d s away', async (offset) => {
    const verified = await verifyDeviceProof(await proof({ iat: now + offset }), call, now)
    expect(verified).toMatchObject({ jti: 'a'.repeat(22), iat: now + offset })
  })

  it('a call without a body, whose digest is the empty string', async () => {
    const empty = { method: 'GET', url, body: new Uint8Array() }
    expect(await verifyDeviceProof(await proof({ htm: 'GET', bdh: '' }), empty, now)).toHaveProperty(
      'deviceId',
    )
  })

  it('a key with optional members, which the thumbprint does not count', async () => {
    const verified = await verifyDeviceProof(
      await proof({}, { jwk: { ...publicJwk, use: 'sig', kid: 'k' } }),
      call,
      now,
    )
    expect(verified).toMatchObject({ jwk: { kty: 'EC', crv: 'P-256', x: publicJwk.x, y: publicJwk.y } })
    expect(verified).not.toHaveProperty('jwk.kid')
  })
})

describe('refuses', () => {
  it.each<[string, Record<string, unknown>]>([
    ['RFC9449-4.3 check 8: another method', { htm: 'GET' }],
    ['RFC9449-4.3 check 9: another URL', { htu: `${url}/` }],
    ['RFC9449-4.3 check 9: another host', { htu: 'https://evil.example/ecps/api/decisions' }],
    ['RFC9449-4.3 check 9: a URL with a query', { htu: `${url}?a=1` }],
    ['another body', { bdh: base64url.encode(new Uint8Array(32)) }],
    ['no body digest where there is a body', { bdh: '' }],
    ['RFC9449-4.3 check 11: too old', { iat: now - PROOF_TOLERANCE - 1 }],
    ['RFC9449-4.3 check 11: too far ahead', { iat: now + PROOF_TOLERANCE + 1 }],
    ['a fractional iat', { iat: now + 0.5 }],
    ['a short jti', { jti: 'a'.repeat(15) }],
    ['a long jti', { jti: 'a'.repeat(65) }],
    ['a jti that is no text', { jti: 1_234_567_890_123_456 }],
    ['no jti', { jti: undefined }],
    ['no bdh', { bdh: undefined }],
    ['an expired token', { exp: now - 120 }],
  ])('%s', async (_, claims) => {
    expect(await verifyDeviceProof(await proof(claims), call, now)).toHaveProperty('rejected')
  })

  it.each<[string, () => Promise<string>]>([
    ['RFC9449-4.3 check 4: another typ', () => proof({}, { typ: 'dpop+jwt' })],
    ['no typ', () => proof({}, { typ: undefined })],
    ['RFC9449-4.3 check 7: a private key in the header', () => proof({}, { jwk: privateJwk })],
    ['no key', () => proof({}, { jwk: undefined })],
    ['a key of another curve', () => proof({}, { jwk: { ...publicJwk, crv: 'P-384' } })],
    ['a symmetric key', () => proof({}, { jwk: { kty: 'oct', k: 'AAAA' } })],
    ['a point that is not on the curve', () => proof({}, { jwk: { ...publicJwk, y: publicJwk.x } })],
    [
      'RFC9449-4.3 check 6: a signature by another key',
      async () => proof({}, {}, (await generateKeyPair('ES256')).privateKey),
    ],
    [
      'RFC9449-4.3 check 5: another algorithm',
      async () =>
        new SignJWT({ jti: 'a'.repeat(22), iat: now, htm: 'POST', htu: url, bdh: '' })
          .setProtectedHeader({ alg: 'HS256', typ: DEVICE_PROOF_TYPE, jwk: publicJwk })
          .sign(new Uint8Array(32)),
    ],
    [
      'RFC9449-4.3 check 5: no algorithm',
      async () => {
        const [, payload] = (await proof()).split('.')
        const header = base64url.encode(
          JSON.stringify({ alg: 'none', typ: DEVICE_PROOF_TYPE, jwk: publicJwk }),
        )
        return `${header}.${payload}.`
      },
    ],
    ['RFC9449-4.3 check 1: two of them', async () => `${await proof()}, ${await proof()}`],
    ['an endless one', async () => 'a'.repeat(100_000)],
  ])('%s', async (_, made) => {
    expect(await verifyDeviceProof(await made(), call, now)).toHaveProperty('rejected')
  })

  it.each([undefined, ''])('no proof: %j', async (none) => {
    expect(await verifyDeviceProof(none, call, now)).toEqual({ rejected: 'no proof' })
  })

  it('anything that is not a proof, without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.array(fc.base64String(), { maxLength: 4 }).map((parts) => parts.join('.')),
        ),
        async (text) => 'rejected' in (await verifyDeviceProof(text, call, now)),
      ),
      { numRuns: 200 },
    )
  })

  it('any other body', async () => {
    const good = await proof()
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (other) => {
        const same = new TextDecoder().decode(other) === text
        return same || 'rejected' in (await verifyDeviceProof(good, { ...call, body: other }, now))
      }),
      { numRuns: 50 },
    )
  })
})
