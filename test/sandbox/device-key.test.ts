import { base64url, calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { sha256 } from '../../src/kernel/digest.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { instant } from '../../src/kernel/instant.ts'
import { createDeviceKey, deviceProof } from '../../src/sandbox/device-key.ts'

const now = instant(1_800_000_000)
const call = { method: 'POST', url: 'http://localhost:8787/ecps/api/decisions?x=1#y', body: '{"id":"a"}' }
const verify = (proof: string) =>
  jwtVerify(proof, EmbeddedJWK, {
    typ: 'device-proof+jwt',
    algorithms: ['ES256'],
    currentDate: new Date(now * 1000),
  })

describe('a device proof', () => {
  it('is signed by the embedded key, whose thumbprint is the device (RFC 7638 §3)', async () => {
    const key = await createDeviceKey()
    const { protectedHeader } = await verify(await deviceProof(key, call, now, systemEntropy))
    expect(protectedHeader.jwk).toEqual({ kty: 'EC', crv: 'P-256', x: key.publicJwk.x, y: key.publicJwk.y })
    expect(await calculateJwkThumbprint(key.publicJwk)).toBe(key.id)
  })

  it('binds method, URL without query, and the body (RFC 9449 §4.2)', async () => {
    const { payload } = await verify(await deviceProof(await createDeviceKey(), call, now, systemEntropy))
    expect(payload).toEqual({
      jti: expect.stringMatching(/^[A-Za-z0-9_-]{22}$/),
      iat: now,
      htm: 'POST',
      htu: 'http://localhost:8787/ecps/api/decisions',
      bdh: base64url.encode(await sha256(call.body)),
    })
  })

  it('says an empty body as the empty text', async () => {
    const { payload } = await verify(
      await deviceProof(await createDeviceKey(), { ...call, body: '' }, now, systemEntropy),
    )
    expect(payload.bdh).toBe('')
  })

  it('is never the same twice', async () => {
    const key = await createDeviceKey()
    expect(await deviceProof(key, call, now, systemEntropy)).not.toBe(
      await deviceProof(key, call, now, systemEntropy),
    )
  })
})
