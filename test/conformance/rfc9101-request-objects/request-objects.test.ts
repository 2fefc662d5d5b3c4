import {
  CompactEncrypt,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWTPayload,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { answer, authorize, locationOf, prove, request, toMire, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
type Algorithm = (typeof ALGORITHMS)[number]

/** What stands at the services' `jwks_uri`. */
const published: { answer: () => Response } = { answer: () => Response.json({ keys: [] }) }
const here = world(async () => published.answer())

async function pair(alg: Algorithm) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  return { publicKey, privateKey, jwk: { ...(await exportJWK(publicKey)), kid: alg, alg } }
}
const pairs = {
  RS256: await pair('RS256'),
  PS256: await pair('PS256'),
  ES256: await pair('ES256'),
  EdDSA: await pair('EdDSA'),
}
const jwks = { keys: ALGORITHMS.map((alg) => pairs[alg].jwk) }
const strangers = await generateKeyPair('ES256')

let service: Service
let other: Service
beforeAll(async () => {
  service = await here.service({ jwks })
  other = await here.service({ client_name: 'Messagerie', jwks })
})

const now = () => Math.floor(Date.now() / 1000)
/** The claims of a request object of this service, as RFC 9101 §4 has them. */
const claims = (by: Service, more: Record<string, unknown> = {}): JWTPayload => {
  const all = { ...request(by), iss: by.clientId, aud: here.issuer, exp: now() + 60, nbf: now(), ...more }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
const sign = (payload: JWTPayload, header: Record<string, unknown> = {}, key?: CryptoKey | Uint8Array) => {
  const alg = (header.alg ?? 'ES256') as Algorithm
  return new SignJWT(payload)
    .setProtectedHeader({ alg, kid: alg, typ: 'oauth-authz-req+jwt', ...header })
    .sign(key ?? pairs[alg].privateKey)
}
const byValue = (by: Service, object: string, more: Record<string, string> = {}) =>
  authorize(here.browser(), { client_id: by.clientId, request: object, ...more })

describe('RFC 9101: grants', () => {
  it.each(ALGORITHMS)('§6.2: a request signed %s, by value', async (alg) => {
    expect(toMire(await byValue(service, await sign(claims(service), { alg })))).toBe(true)
  })

  it('RFC 9126 §3: a signed request, pushed', async () => {
    const pushed = await service.post('/par', { request: await sign(claims(service, { state: 'signed' })) })
    expect(pushed.status).toBe(201)
    const { request_uri } = await pushed.json<{ request_uri: string }>()
    const browser = here.browser()
    const back = await prove(browser, await authorize(browser, { client_id: service.clientId, request_uri }))
    expect(answer(back)).toMatchObject({ state: 'signed', code: expect.any(String), iss: here.issuer })
  })

  it('§10.8: typ oauth-authz-req+jwt, JWT or none', async () => {
    for (const typ of ['oauth-authz-req+jwt', 'application/oauth-authz-req+jwt', 'JWT', undefined])
      expect(toMire(await byValue(service, await sign(claims(service), { typ })))).toBe(true)
  })

  it('§5, §6.3: what stands beside the object does not count', async () => {
    const browser = here.browser()
    const object = await sign(claims(service, { state: 'inside' }))
    const beside = { ...request(service), state: 'beside', prompt: 'none', scope: 'profile', request: object }
    const back = await prove(browser, await authorize(browser, beside))
    expect(answer(back)).toMatchObject({ state: 'inside', code: expect.any(String) })
  })

  it('§4: max_age as a number and claims as an object', async () => {
    const object = await sign(
      claims(service, { max_age: 0, claims: { id_token: { auth_time: { essential: true } } } }),
    )
    expect(toMire(await byValue(service, object))).toBe(true)
  })

  it('with oauth4webapi: its request object, by value', async () => {
    const client: oauth.Client = { client_id: service.clientId }
    const key = { key: pairs.PS256.privateKey, kid: 'PS256' }
    const object = await oauth.issueRequestObject({ issuer: here.issuer }, client, request(service), key)
    expect(toMire(await byValue(service, object))).toBe(true)
  })

  it('RFC 7591 §2: keys at jwks_uri, fetched, and turned', async () => {
    const turning = await here.service({ jwks_uri: 'https://keys.turning.example/jwks' })
    published.answer = () => Response.json({ keys: [pairs.ES256.jwk] })
    const from = here.asked.length
    expect(toMire(await byValue(turning, await sign(claims(turning))))).toBe(true)
    expect(toMire(await byValue(turning, await sign(claims(turning))))).toBe(true)
    expect(here.asked.slice(from)).toEqual(['https://keys.turning.example/jwks'])
  })

  it('§10.5: a client that signs all its requests', async () => {
    const signing = await here.service({ jwks, require_signed_request_object: true })
    expect(toMire(await byValue(signing, await sign(claims(signing))))).toBe(true)
    expect(answer(await authorize(here.browser(), request(signing)))).toMatchObject({
      error: 'invalid_request',
    })
    const pushed = await signing.post('/par', request(signing))
    expect(await pushed.json()).toMatchObject({ error: 'invalid_request' })
  })
})

/** Said to the service where the bare request names its address, else on a page; never a login. */
async function refused(by: Service, object: string) {
  const told = await authorize(here.browser(), { ...request(by), request: object })
  expect(answer(told)).toMatchObject({
    error: 'invalid_request_object',
    state: 'the state',
    iss: here.issuer,
  })
  const page = await byValue(by, object)
  expect(page.status).toBe(400)
  expect(page.headers.get('location')).toBeNull()
  expect(await page.text()).toContain('invalid_request_object')
  const pushed = await by.post('/par', { request: object })
  expect(pushed.status).toBe(400)
  expect(await pushed.json()).toMatchObject({ error: 'invalid_request_object' })
}

describe('RFC 9101: refuses', () => {
  it('RFC 8725 §3.2, attack: alg=none', async () => {
    await refused(service, new UnsecuredJWT(claims(service)).encode())
    const [, payload] = (await sign(claims(service))).split('.')
    const none = btoa(JSON.stringify({ alg: 'none' })).replaceAll('=', '')
    await refused(service, `${none}.${payload}.`)
    await refused(service, `${none}.${payload}.AAAA`)
  })

  it('RFC 8725 §3.1, attack: key confusion, the public key as an HMAC secret', async () => {
    const encoder = new TextEncoder()
    const secrets = [
      encoder.encode(await exportSPKI(pairs.RS256.publicKey)),
      encoder.encode(JSON.stringify(pairs.RS256.jwk)),
    ]
    for (const secret of secrets)
      await refused(service, await sign(claims(service), { alg: 'HS256', kid: 'RS256' }, secret))
  })

  it('attack: the client’s secret as an HMAC secret', async () => {
    await refused(
      service,
      await sign(claims(service), { alg: 'HS256' }, new TextEncoder().encode(service.secret)),
    )
  })

  it('RFC 8725 §3.10, attack: a key of the object’s own', async () => {
    const jwk = await exportJWK(strangers.publicKey)
    await refused(service, await sign(claims(service), { jwk, kid: 'x' }, strangers.privateKey))
    await refused(
      service,
      await sign(claims(service), { jku: 'https://evil.example/jwks', kid: 'x' }, strangers.privateKey),
    )
    expect(here.asked).not.toContain('https://evil.example/jwks')
  })

  it('§6.2, attack: somebody else’s key under a name of ours', async () => {
    await refused(service, await sign(claims(service), {}, strangers.privateKey))
  })

  it('§6.2: a claim changed after the signature', async () => {
    const [header, , signature] = (await sign(claims(service))).split('.')
    const changed = btoa(JSON.stringify(claims(service, { prompt: 'none' }))).replaceAll('=', '')
    await refused(service, `${header}.${changed}.${signature}`)
  })

  it.each<[string, Record<string, unknown>]>([
    ['§4: no iss', { iss: undefined }],
    ['§4, attack: a request for another server', { aud: 'https://other.example' }],
    ['§4: no aud', { aud: undefined }],
    ['§4: no client_id', { client_id: undefined }],
    ['§6.3, attack: another client_id inside', { client_id: 'other' }],
    ['RFC 7519 §4.1.4: expired', { exp: 1 }],
    ['no end', { exp: undefined }],
    ['an end beyond an hour', { exp: Math.floor(Date.now() / 1000) + 7200 }],
    ['RFC 7519 §4.1.5: not yet', { nbf: Math.floor(Date.now() / 1000) + 120 }],
    ['older than an hour', { nbf: Math.floor(Date.now() / 1000) - 7200 }],
    ['§4: a request in a request', { request: 'eyJ' }],
    ['§4: a request_uri in a request', { request_uri: 'https://a.example' }],
    ['§10.8, attack: what could be a client assertion', { sub: 'anybody' }],
    ['§4: a list', { scope: ['openid'] }],
    ['§4: an object that is not claims', { state: { a: 1 } }],
    ['§4: null', { state: null }],
    ['a fraction', { max_age: 0.5 }],
  ])('%s', async (_, more) => refused(service, await sign(claims(service, more))))

  it('§5: no client_id beside the object, whoever signed it', async () => {
    const response = await authorize(here.browser(), { request: await sign(claims(service)) })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })

  it('§4, attack: another client’s request, with its name inside or outside', async () => {
    const theirs = await sign(claims(other))
    await refused(service, theirs)
    await refused(service, await sign({ ...claims(other), client_id: service.clientId }))
    await refused(service, await sign({ ...claims(service), iss: other.clientId }))
  })

  it.each(['client-authentication+jwt', 'at+jwt', 'dpop+jwt', 'logout+jwt', 7])(
    'RFC 8725 §3.11, attack: a JWT of another kind, typ %s',
    async (typ) => refused(service, await sign(claims(service), { typ })),
  )

  it('RFC 8725 §3.11, attack: a request object as a client assertion', async () => {
    const signing = await here.service({ jwks, token_endpoint_auth_method: 'private_key_jwt' })
    const object = await sign(claims(signing, { jti: crypto.randomUUID() }))
    const response = await here.network(`${here.issuer}/par`, {
      method: 'POST',
      body: new URLSearchParams({
        ...request(signing),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: object,
      }),
    })
    expect(response.status).toBe(401)
  })

  it('RFC 7515 §4.1.11: an extension that we do not know', async () => {
    const jwt = await new SignJWT(claims(service))
      .setProtectedHeader({ alg: 'ES256', kid: 'ES256', crit: ['x'], x: true })
      .sign(pairs.ES256.privateKey, { crit: { x: true } })
    await refused(service, jwt)
  })

  it('OIDC Registration §2: another algorithm than the one registered', async () => {
    const held = await here.service({ jwks, request_object_signing_alg: 'PS256' })
    await refused(held, await sign(claims(held), { alg: 'RS256' }))
    expect(toMire(await byValue(held, await sign(claims(held), { alg: 'PS256' })))).toBe(true)
  })

  it('RFC 7517 §4.2: a key that is for encryption', async () => {
    const encrypting = await here.service({
      jwks: { keys: [{ ...pairs.ES256.jwk, use: 'enc', alg: undefined }] },
    })
    await refused(encrypting, await sign(claims(encrypting)))
  })

  it('an encrypted one, which we do not have', async () => {
    const key = await importJWK({ kty: 'oct', k: 'A'.repeat(43) })
    const jwe = await new CompactEncrypt(new TextEncoder().encode(await sign(claims(service))))
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .encrypt(key)
    await refused(service, jwe)
  })

  it('a client without keys', async () => {
    const bare = await here.service()
    await refused(bare, await sign(claims(bare)))
  })

  it.each<[string, () => Response]>([
    ['huge', () => new Response(`{"keys":[${'{},'.repeat(40_000)}{}]}`)],
    [
      'a redirect inward',
      () => new Response(null, { status: 302, headers: { location: 'https://10.0.0.1/' } }),
    ],
    ['no set', () => Response.json([])],
    ['an error', () => new Response('no', { status: 500 })],
    ['private keys', () => Response.json({ keys: [{ ...pairs.ES256.jwk, d: 'AA' }] })],
  ])('attack: a JWKS that is %s', async (name, at) => {
    const uri = `https://${name.replaceAll(' ', '-')}.example/jwks`
    const client = await here.service({ jwks_uri: uri })
    published.answer = at
    const from = here.asked.length
    await refused(client, await sign(claims(client)))
    expect(new Set(here.asked.slice(from))).toEqual(new Set([uri]))
  })

  it('errors within a good object go to the address inside of it, with its state', async () => {
    const object = await sign(claims(service, { response_type: 'token', state: 'inside' }))
    const response = await byValue(service, object, {
      redirect_uri: 'https://evil.example/',
      state: 'beside',
    })
    expect(locationOf(response).origin).toBe('https://dossier.example.test')
    expect(answer(response)).toMatchObject({ error: 'unsupported_response_type', state: 'inside' })
  })

  it('RFC 9700 §2.1, attack: an address inside the object that is not registered', async () => {
    const object = await sign(claims(service, { redirect_uri: 'https://evil.example/' }))
    const response = await byValue(service, object, { redirect_uri: request(service).redirect_uri ?? '' })
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })
})

it('discovery: request objects, the algorithms that were shown above, and no request_uri of others', async () => {
  const metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
  expect(metadata).toMatchObject({
    request_parameter_supported: true,
    request_uri_parameter_supported: false,
    request_object_signing_alg_values_supported: ALGORITHMS,
    require_signed_request_object: false,
  })
})
