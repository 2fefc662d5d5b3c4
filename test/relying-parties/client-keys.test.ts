import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { ClientId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import { fetchedClientKeys } from '../../src/relying-parties/client-keys.client.ts'
import type { KeyHolder } from '../../src/relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../src/relying-parties/client-signature.ts'

const uri = 'https://dossier.example/jwks'
const party: KeyHolder = { clientId: ClientId.parse('dossier'), metadata: { jwks: undefined, jwks_uri: uri } }

async function aKey(kid: string) {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const sign = () => new SignJWT({ a: 1 }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
  return { jwk: { ...(await exportJWK(publicKey)), kid }, sign }
}
const [one, two] = [await aKey('one'), await aKey('two')]

/** What stands at `jwks_uri`, how often it was asked, and the time. */
function isolate(answer: (init: RequestInit) => Response | Promise<Response>) {
  const state = { now: 1_800_000_000, asked: 0, answer }
  const keys = fetchedClientKeys({
    clock: () => instant(state.now),
    defer: (work) => void work,
    fetch: async (url, init) => {
      expect(url).toBe(uri)
      state.asked++
      return state.answer(init)
    },
  })
  return { state, keys }
}
const json = (...jwks: object[]) => Response.json({ keys: jwks })
const kids = async (promise: ReturnType<ReturnType<typeof fetchedClientKeys>['of']>) => {
  const set = await promise
  return 'jwks' in set ? set.jwks.keys.map((key) => key.kid) : set.unavailable
}

const CHECKS = { algorithms: ['ES256'], currentDate: new Date() }

describe('grants', () => {
  it('keys by value cost nothing', async () => {
    const { keys, state } = isolate(() => json())
    const metadata = { jwks: { keys: [{ ...one.jwk, kty: 'EC' as const }] }, jwks_uri: undefined }
    expect(await kids(keys.of({ ...party, metadata }))).toEqual(['one'])
    expect(state.asked).toBe(0)
  })

  it('a set is fetched once in five minutes, as the same object', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    const first = await keys.of(party)
    state.now += 299
    expect(await keys.of(party)).toBe(first)
    state.now += 1
    expect(await kids(keys.of(party))).toEqual(['one'])
    expect(state.asked).toBe(2)
  })

  it('many at once wait for one fetch', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    await Promise.all(Array.from({ length: 20 }, () => keys.of(party, 'one')))
    expect(state.asked).toBe(1)
  })

  it('OIDC Core §10.1.1: a changing JWKS is fetched anew for a kid that it lacks, at most once a minute', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    await keys.of(party, 'one')
    state.answer = () => json(one.jwk, two.jwk)
    state.now += 59
    expect(await kids(keys.of(party, 'two'))).toEqual(['one'])
    state.now += 1
    expect(await kids(keys.of(party, 'two'))).toEqual(['one', 'two'])
    for (let i = 0; i < 50; i++) await keys.of(party, `guess-${i}`)
    expect(state.asked).toBe(2)
  })

  it('a place that fails meanwhile: the last copy answers for a quarter of an hour, and no longer', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    await keys.of(party)
    state.answer = () => new Response('', { status: 503 })
    state.now += 899
    expect(await kids(keys.of(party))).toEqual(['one'])
    state.now += 10
    expect(await kids(keys.of(party))).toBe('jwks_uri answered 503')
    state.answer = () => json(two.jwk)
    expect(await kids(keys.of(party))).toBe('jwks_uri answered 503')
    state.now += 10
    expect(await kids(keys.of(party))).toEqual(['two'])
  })

  it('a key withdrawn is gone after five minutes', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    const text = await one.sign()
    expect(await verifySignedByClient(text, party, keys, CHECKS)).toHaveProperty('claims')
    state.answer = () => json(two.jwk)
    state.now += 300
    expect(await verifySignedByClient(text, party, keys, CHECKS)).toHaveProperty('rejected')
  })

  it('RFC 7515 §4.1.4: without a kid each key that fits is tried', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const unnamed = await exportJWK(publicKey)
    const { keys } = isolate(() => json(one.jwk, unnamed, two.jwk))
    const text = await new SignJWT({}).setProtectedHeader({ alg: 'ES256' }).sign(privateKey)
    expect(await verifySignedByClient(text, party, keys, CHECKS)).toHaveProperty('claims')
  })
})

describe('refuses', () => {
  const endless = () => {
    let sent = 0
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 4096
        controller.enqueue(new Uint8Array(4096).fill(32))
      },
    })
    return { response: new Response(body), sent: () => sent }
  }

  it('a huge JWKS: reading stops at 64 kB', async () => {
    const huge = endless()
    const { keys } = isolate(() => huge.response)
    expect(await kids(keys.of(party))).toBe('jwks_uri answered too much')
    expect(huge.sent()).toBeLessThan(100_000)
  })

  it('a huge JWKS that says so is not read', async () => {
    const { keys } = isolate(() => new Response('{}', { headers: { 'content-length': '65537' } }))
    expect(await kids(keys.of(party))).toBe('jwks_uri answered too much')
  })

  it('a slow JWKS: three seconds for all of it', async () => {
    const waits: (number | undefined)[] = []
    const { keys } = isolate(
      (init) =>
        new Promise((_, reject) => {
          const from = performance.now()
          init.signal?.addEventListener('abort', () => {
            waits.push(performance.now() - from)
            reject(init.signal?.reason)
          })
        }),
    )
    expect(await kids(keys.of(party))).toBe('jwks_uri: TimeoutError')
    expect(waits.length).toBe(1)
  })

  it.each([301, 302, 303, 307, 308])('a redirect %i, inward or not, is not followed', async (status) => {
    const { keys, state } = isolate((init) => {
      expect(init.redirect).toBe('manual')
      return new Response(null, { status, headers: { location: 'https://127.0.0.1/jwks' } })
    })
    expect(await kids(keys.of(party))).toBe(`jwks_uri answered ${status}`)
    expect(state.asked).toBe(1)
  })

  it.each([
    ['text', 'no'],
    ['a list', '[]'],
    ['a set of something else', '{"keys":"x"}'],
  ])('what is no key set: %s', async (_, text) => {
    const { keys } = isolate(() => new Response(text))
    expect(await keys.of(party)).toHaveProperty('unavailable')
  })

  it('a place that fails is not asked again for ten seconds', async () => {
    const { keys, state } = isolate(() => Promise.reject(new TypeError('no route')))
    for (let i = 0; i < 30; i++) expect(await kids(keys.of(party, `k${i}`))).toBe('jwks_uri: TypeError')
    expect(state.asked).toBe(1)
  })

  it('a place that was registered by an older rule and points inward', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    const inward = { ...party, metadata: { jwks: undefined, jwks_uri: 'https://10.0.0.1/jwks' } }
    expect(await keys.of(inward)).toHaveProperty('unavailable')
    expect(state.asked).toBe(0)
  })

  it('RFC 8725 §3.1: alg none, and a public key taken for a secret, before anything is fetched', async () => {
    const { keys, state } = isolate(() => json(one.jwk))
    const confused = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(one.jwk)))
    for (const text of [new UnsecuredJWT({}).encode(), confused, 'a.b.c', ''])
      expect(await verifySignedByClient(text, party, keys, CHECKS)).toHaveProperty('rejected')
    expect(state.asked).toBe(0)
  })

  it('RFC 8725 §3.10: a key that the token brings itself', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const { keys } = isolate(() => json(one.jwk))
    const text = await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', jwk: await exportJWK(publicKey), jku: 'https://evil.example/jwks' })
      .sign(privateKey)
    expect(await verifySignedByClient(text, party, keys, CHECKS)).toHaveProperty('rejected')
  })
})
