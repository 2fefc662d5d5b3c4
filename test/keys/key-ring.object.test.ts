import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { type Instant, instant, after as later, systemClock } from '../../src/kernel/instant.ts'
import { ringSigner } from '../../src/keys/ring-signer.object.ts'
import { ANNOUNCEMENT } from '../../src/keys/rotation.ts'
import { SIGNING_ALGORITHMS } from '../../src/keys/signer.ts'
import { WEB_CRYPTO } from '../../src/keys/signing-key.ts'
import { keyEncryptionKey, unwrap } from '../../src/keys/wrapping.ts'

/** The namespace, counting how often it is asked. */
function counted() {
  const calls = { count: 0 }
  const namespace = new Proxy(env.KEY_RING, {
    get(target, property) {
      if (property === 'getByName') calls.count++
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { calls, namespace }
}

const signerAt = (clock: () => Instant = systemClock) => {
  const { calls, namespace } = counted()
  return { calls, signer: ringSigner({ ring: namespace, keyEncryptionKey: env.KEY_ENCRYPTION_KEY, clock }) }
}

const T0 = instant(Date.now() / 1000)

describe('the key ring', () => {
  it('makes one active key of each algorithm, however many ask at once', async () => {
    const stub = env.KEY_RING.getByName('at-once')
    const rings = await Promise.all(Array.from({ length: 10 }, () => stub.ring()))
    const kids = new Set(rings.flatMap((ring) => ring.map((key) => key.kid)))
    expect(kids.size).toBe(SIGNING_ALGORITHMS.length)
  })

  it('RFC 7517 §4: publishes no private member', async () => {
    const { signer } = signerAt()
    const { keys } = await signer.jwks()
    expect(keys.length).toBeGreaterThanOrEqual(SIGNING_ALGORITHMS.length)
    expect(keys[0]?.alg).toBe('RS256')
    for (const key of keys) {
      expect(
        Object.keys(key).filter((name) => ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k', 'oth'].includes(name)),
      ).toEqual([])
      expect(key).toMatchObject({ kid: expect.any(String), alg: expect.any(String), use: 'sig' })
    }
  })

  it('stores nothing that unwraps without the key encryption key, or under another kid', async () => {
    const [key] = await env.KEY_RING.getByName('ring').ring()
    if (key === undefined) throw new Error('no key')
    const right = await keyEncryptionKey(env.KEY_ENCRYPTION_KEY)
    const wrong = await keyEncryptionKey('A'.repeat(43))
    await expect(unwrap(key.wrapped, key.kid, wrong, WEB_CRYPTO[key.alg])).rejects.toThrow()
    await expect(unwrap(key.wrapped, 'another', right, WEB_CRYPTO[key.alg])).rejects.toThrow()
    const unwrapped = await unwrap(key.wrapped, key.kid, right, WEB_CRYPTO[key.alg])
    expect(unwrapped.extractable).toBe(false)
    expect(unwrapped.usages).toEqual(['sign'])
  })

  it('turns by alarm: announced, then active, then the old one retired and removed', async () => {
    const stub = env.KEY_RING.getByName('turning')
    await stub.ring()
    const at = (seconds: number) =>
      runInDurableObject(stub, (object) => {
        object.clock = () => later(T0, seconds)
      })
    const es256 = async () =>
      (await stub.ring())
        .filter((key) => key.alg === 'ES256')
        .map((key) => key.state)
        .sort()
    await stub.rotate(T0)
    expect(await es256()).toEqual(['active', 'next'])
    await at(ANNOUNCEMENT)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await es256()).toEqual(['active', 'retired'])
    await at(ANNOUNCEMENT * 2)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await es256()).toEqual(['active'])
  })
})

describe('a ring that misses something', () => {
  it('makes what it lacks when it is asked', async () => {
    const stub = env.KEY_RING.getByName('incomplete')
    const lost = (await stub.ring()).find((key) => key.alg === 'EdDSA')
    await runInDurableObject(stub, (_, state) => state.storage.kv.delete(`key:${lost?.kid}`))
    const kids = (await stub.ring()).filter((key) => key.alg === 'EdDSA').map((key) => key.kid)
    expect(kids).toHaveLength(1)
    expect(kids).not.toContain(lost?.kid)
  })
})

describe('the signer of an isolate', () => {
  it.each(SIGNING_ALGORITHMS)('signs %s so that the published keys verify it', async (alg) => {
    const { signer } = signerAt()
    const token = await signer.sign({ sub: 'someone' }, { typ: 'JWT', alg })
    expect(decodeProtectedHeader(token)).toMatchObject({ alg, typ: 'JWT', kid: expect.any(String) })
    const { payload } = await jwtVerify(token, createLocalJWKSet(await signer.jwks()))
    expect(payload.sub).toBe('someone')
  })

  it('costs one call cold, also for many at once, and none warm', async () => {
    const { calls, signer } = signerAt()
    await Promise.all(Array.from({ length: 20 }, () => signer.sign({}, { typ: 'JWT', alg: 'ES256' })))
    await signer.jwks()
    expect(calls.count).toBe(1)
  })

  it('asks again after five minutes and then signs with the new key', async () => {
    let now = T0
    const { calls, signer } = signerAt(() => now)
    const before = decodeProtectedHeader(await signer.sign({}, { typ: 'JWT', alg: 'ES256' })).kid
    const ring = env.KEY_RING.getByName('ring')
    await ring.rotate(T0)
    await ring.rotate(later(T0, ANNOUNCEMENT))
    now = later(T0, 301)
    const token = await signer.sign({}, { typ: 'JWT', alg: 'ES256' })
    expect(decodeProtectedHeader(token).kid).not.toBe(before)
    expect(calls.count).toBe(2)
    expect((await signer.jwks()).keys.map((key) => key.kid)).toContain(before)
  })
})
