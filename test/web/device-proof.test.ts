import { beforeAll, describe, expect, it } from 'vitest'
import { verifyDeviceProof } from '../../src/ecps/device-proof.ts'
import { instant } from '../../src/kernel/instant.ts'
import { type DeviceKey, deviceProof, newDeviceKey } from '../../web/ecps/device-proof.ts'

const now = instant(1_800_000_000)
const url = 'https://id.example.org/ecps/api/decisions'
const text = '{"service":"Dossier Démo"}'
const bytes = new TextEncoder().encode(text)

let key: DeviceKey
beforeAll(async () => {
  key = await newDeviceKey()
})

describe('the device key', () => {
  it('cannot be read out (W3C Web Cryptography §13, extractable)', async () => {
    expect(key.privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', key.privateKey)).rejects.toThrow()
  })
})

describe('RFC9449-4.3 the proof of the app, as the server checks it', () => {
  it('grants a call with a body', async () => {
    const proof = await deviceProof(key, { method: 'POST', url, body: text, now })
    const verified = await verifyDeviceProof(proof, { method: 'POST', url, body: bytes }, now)
    expect(verified).toMatchObject({ jwk: key.publicJwk, iat: now })
  })

  it('grants a call without one, and leaves the query out of htu', async () => {
    const proof = await deviceProof(key, { method: 'GET', url: `${url}?a=1#b`, body: '', now: now + 0.9 })
    expect(
      await verifyDeviceProof(proof, { method: 'GET', url, body: new Uint8Array() }, now),
    ).toHaveProperty('jti')
  })

  it('is new each time', async () => {
    const call = { method: 'GET', url, body: '', now }
    expect(await deviceProof(key, call)).not.toBe(await deviceProof(key, call))
  })

  describe('refuses', () => {
    it.each([
      ['another body', { method: 'POST', url, body: new TextEncoder().encode(`${text} `) }, 'another body'],
      ['another method', { method: 'GET', url, body: bytes }, 'another method'],
      ['another address', { method: 'POST', url: `${url}/x`, body: bytes }, 'another URL'],
    ])('%s', async (_, call, rejected) => {
      const proof = await deviceProof(key, { method: 'POST', url, body: text, now })
      expect(await verifyDeviceProof(proof, call, now)).toEqual({ rejected })
    })
  })
})
