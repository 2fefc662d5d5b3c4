import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { JWT_BEARER } from '../../../src/protocol/oauth/client-credentials.ts'
import { type World, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

/** Keys that clients publish, served by whoever means harm. Each test is an isolate of its own, with a network of its own. */

const URI = 'https://dossier.example/jwks'
const pair = async (kid: string) => {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { privateKey, kid, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } }
}
const [first, second] = await Promise.all([pair('first'), pair('second')])
const set = (...keys: JWK[]) => Response.json({ keys })

async function client(here: World, jwks_uri = URI): Promise<Service> {
  return here.service({
    token_endpoint_auth_method: 'private_key_jwt',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    jwks_uri,
  })
}
async function authenticates(here: World, by: Service, { privateKey, kid }: typeof first): Promise<number> {
  const assertion = await new SignJWT({ jti: crypto.randomUUID() })
    .setProtectedHeader({ alg: 'ES256', kid })
    .setIssuer(by.clientId)
    .setSubject(by.clientId)
    .setAudience(here.issuer)
    .setExpirationTime('1m')
    .sign(privateKey)
  const body = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: JWT_BEARER,
    client_assertion: assertion,
  })
  return (await here.fetch(new Request(`${here.issuer}/token`, { method: 'POST', body }))).status
}

describe('a JWKS of a client', () => {
  it('grants the key that is published, fetched once', async () => {
    const here = world(async () => set(first.jwk))
    const by = await client(here)
    for (let i = 0; i < 3; i++) expect(await authenticates(here, by, first)).toBe(200)
    expect(here.asked).toEqual([URI])
  })

  it('attack: served slowly: given up by a signal, asked once for many who wait, and refused', async () => {
    // The place answers nothing until it is given up; the signal of the request is all that ends it.
    const signals: (AbortSignal | null | undefined)[] = []
    const here = world(
      (_, init) =>
        new Promise((_resolve, reject) => {
          signals.push(init.signal)
          init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
        }),
    )
    const by = await client(here)
    const all = await Promise.all(Array.from({ length: 10 }, () => authenticates(here, by, first)))
    expect(new Set(all)).toEqual(new Set([401]))
    expect(here.asked).toHaveLength(1)
    expect(signals.map((signal) => signal?.aborted)).toEqual([true])
    // And is not waited for again by the next one.
    expect(await authenticates(here, by, first)).toBe(401)
    expect(here.asked).toHaveLength(1)
  })

  it('attack: served without an end: reading stops, and the key in it is not taken', async () => {
    let sent = 0
    const text = JSON.stringify({ keys: [first.jwk] })
    const here = world(async () => {
      const encoder = new TextEncoder()
      let begun = false
      return new Response(
        new ReadableStream<Uint8Array>({
          pull(controller) {
            const chunk = begun ? new Uint8Array(8192).fill(32) : encoder.encode(text)
            begun = true
            sent += chunk.byteLength
            controller.enqueue(chunk)
          },
        }),
      )
    })
    expect(await authenticates(here, await client(here), first)).toBe(401)
    expect(sent).toBeLessThan(128 * 1024)
  })

  it('attack: ten thousand keys: the first twenty are looked at', async () => {
    const chaff = Array.from({ length: 1_000 }, () => ({ kty: 'EC', crv: 'P-256', x: 'A', y: 'A' }))
    const here = world(async () => set(...chaff, first.jwk))
    expect(await authenticates(here, await client(here), first)).toBe(401)
  })

  it('attack: changing at every look: a made-up kid makes us look once a minute and no more', async () => {
    let looks = 0
    const here = world(async () => set({ ...first.jwk, kid: `key ${looks++}` }))
    const by = await client(here)
    for (let i = 0; i < 20; i++) await authenticates(here, by, { ...second, kid: `guess ${i}` })
    expect(looks).toBe(1)
  })

  it('attack: another key under the kid of the one that was withdrawn', async () => {
    const here = world(async () => set({ ...second.jwk, kid: 'first' }))
    const by = await client(here)
    expect(await authenticates(here, by, first)).toBe(401)
    expect(await authenticates(here, by, { ...second, kid: 'first' })).toBe(200)
  })

  it.each<[string, () => Response]>([
    [
      'a redirect inward',
      () => new Response(null, { status: 302, headers: { location: 'https://127.0.0.1/' } }),
    ],
    ['a redirect to a good set', () => new Response(null, { status: 302, headers: { location: `${URI}2` } })],
    ['a page', () => new Response('<html></html>', { headers: { 'content-type': 'text/html' } })],
    ['an error with a good set in it', () => Response.json({ keys: [first.jwk] }, { status: 500 })],
    ['nothing', () => new Response('')],
    ['null', () => new Response('null')],
    ['a set nested deep', () => new Response(`${'['.repeat(30_000)}${']'.repeat(30_000)}`)],
    ['a set in a set', () => Response.json({ keys: { keys: [first.jwk] } })],
    ['a private key', () => set({ ...first.jwk, d: 'A'.repeat(43) })],
    ['a symmetric key', () => set({ kty: 'oct', k: 'AAAA', kid: 'first' })],
    ['a key for encryption', () => set({ ...first.jwk, use: 'enc' })],
    ['a key for another algorithm', () => set({ ...first.jwk, alg: 'ES384' })],
    ['a point off the curve', () => set({ ...first.jwk, x: 'A'.repeat(43) })],
  ])('attack: %s', async (_, answer) => {
    const here = world(async (url) => (url === URI ? answer() : set(first.jwk)))
    expect(await authenticates(here, await client(here), first)).toBe(401)
    expect(here.asked).toEqual([URI])
  })

  it('attack: poisoning: one client’s place says nothing about another’s', async () => {
    const here = world(async (url) => (url === URI ? set(first.jwk) : set(second.jwk)))
    const [honest, evil] = [await client(here), await client(here, 'https://evil.example/jwks')]
    expect(await authenticates(here, evil, second)).toBe(200)
    expect(await authenticates(here, honest, second)).toBe(401)
    expect(await authenticates(here, honest, first)).toBe(200)
    // The same place, by another writing: it is another place.
    const alike = await client(here, `${URI}?`)
    expect(await authenticates(here, alike, first)).toBe(401)
  })
})
