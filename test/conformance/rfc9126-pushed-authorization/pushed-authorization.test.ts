import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import type { PushedRequestObject } from '../../../src/provider/pushed-authorization/pushed-request.object.ts'
import {
  answer,
  authorize,
  CHALLENGE,
  locationOf,
  prove,
  request,
  someone,
  toMire,
  VERIFIER,
  world,
} from '../../actors/authorization.ts'
import { tally } from '../../actors/browser.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'

const here = world()
const PREFIX = 'urn:ietf:params:oauth:request_uri:'
let service: Service
let other: Service
beforeAll(async () => {
  service = await here.service()
  other = await here.service({ client_name: 'Messagerie' })
})

interface Pushed {
  readonly request_uri: string
  readonly expires_in: number
}
async function push(by: Service, more: Record<string, string> = {}): Promise<Pushed> {
  const response = await by.post('/par', request(by, more))
  expect(response.status, await response.clone().text()).toBe(201)
  return response.json()
}
const byReference = (by: Service, uri: string) => ({ client_id: by.clientId, request_uri: uri })
const refusal = async (response: Response) => {
  const body = await response.json<{ error: string }>()
  return `${response.status} ${body.error}`
}
const stubOf = (uri: string): DurableObjectStub<PushedRequestObject> =>
  env.PUSHED_REQUEST.getByName(uri.slice(PREFIX.length).split('.')[0] ?? '')

describe('RFC 9126: grants', () => {
  it('§2.2: a reference of our own, unguessable, for a minute, never stored on the way', async () => {
    const response = await service.post('/par', request(service))
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual({
      request_uri: expect.stringMatching(/^urn:ietf:params:oauth:request_uri:[\w-]{22}\.[\w-]{43}$/),
      expires_in: 60,
    })
  })

  it('§1.1, with oauth4webapi: from the push to the tokens, PKCE and iss checked on the way', async () => {
    const metadata = (await (
      await here.network(`${here.issuer}/.well-known/openid-configuration`, {})
    ).json()) as oauth.AuthorizationServer
    const client: oauth.Client = { client_id: service.clientId }
    const options = { [oauth.customFetch]: here.network, [oauth.allowInsecureRequests]: true } as const
    const authentication = oauth.ClientSecretPost(service.secret)
    const sent = request(service, { code_challenge: CHALLENGE, code_challenge_method: 'S256' })
    const pushed = await oauth.processPushedAuthorizationResponse(
      metadata,
      client,
      await oauth.pushedAuthorizationRequest(metadata, client, authentication, sent, options),
    )
    const browser = here.browser()
    const back = await prove(browser, await authorize(browser, byReference(service, pushed.request_uri)))
    const callback = oauth.validateAuthResponse(metadata, client, locationOf(back), 'the state')
    const tokens = await oauth.processAuthorizationCodeResponse(
      metadata,
      client,
      await oauth.authorizationCodeGrantRequest(
        metadata,
        client,
        authentication,
        callback,
        REDIRECT_URI,
        VERIFIER,
        options,
      ),
      { expectedNonce: 'the nonce' },
    )
    expect(oauth.getValidatedIdTokenClaims(tokens)?.aud).toBe(service.clientId)
  })

  it('§2: HTTP Basic alone says who pushes', async () => {
    const { client_id: _, ...sent } = request(service)
    expect((await service.post('/par', sent)).status).toBe(201)
  })

  it('§2: a public client pushes too, by its name', async () => {
    const open = await here.service({ token_endpoint_auth_method: 'none' })
    const response = await here.network(`${here.issuer}/par`, {
      method: 'POST',
      headers: { origin: 'https://app.example' },
      body: new URLSearchParams(request(open, { code_challenge: CHALLENGE, code_challenge_method: 'S256' })),
    })
    expect(response.status).toBe(201)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('§2: private_key_jwt, addressed to the issuer', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = { keys: [await exportJWK(publicKey)] }
    const signing = await here.service({ token_endpoint_auth_method: 'private_key_jwt', jwks })
    const response = await oauth.pushedAuthorizationRequest(
      { issuer: here.issuer, pushed_authorization_request_endpoint: `${here.issuer}/par` },
      { client_id: signing.clientId },
      oauth.PrivateKeyJwt(privateKey),
      request(signing),
      { [oauth.customFetch]: here.network, [oauth.allowInsecureRequests]: true },
    )
    expect(response.status).toBe(201)
  })

  it.each(['', '/token', '/par'])('§2: private_key_jwt, addressed to <issuer>%s', async (path) => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwks = { keys: [await exportJWK(publicKey)] }
    const signing = await here.service({ token_endpoint_auth_method: 'private_key_jwt', jwks })
    const assertion = (audience: string) =>
      new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(signing.clientId)
        .setSubject(signing.clientId)
        .setAudience(audience)
        .setExpirationTime('1m')
        .sign(privateKey)
    const pushing = async (audience: string) => {
      const body = new URLSearchParams({
        ...request(signing),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: await assertion(audience),
      })
      return (await here.network(`${here.issuer}/par`, { method: 'POST', body })).status
    }
    expect(await pushing(`${here.issuer}${path}`)).toBe(201)
    expect(await pushing(`https://other-server.example${path}`)).toBe(401)
  })

  it('§4: what stands beside the reference does not count', async () => {
    const { request_uri } = await push(service, { scope: 'openid', state: 'pushed' })
    const browser = here.browser()
    const sent = { ...request(service, { state: 'beside', prompt: 'none' }), request_uri }
    const back = await prove(browser, await authorize(browser, sent), someone())
    expect(answer(back)).toMatchObject({ state: 'pushed', code: expect.any(String) })
  })

  it('§4: a POST from the service’s own site is followed as a link before the reference is spent', async () => {
    const { request_uri } = await push(service)
    const sent = new URLSearchParams(byReference(service, request_uri))
    const bounced = await here.fetch(
      new Request(`${here.issuer}/authorize`, {
        method: 'POST',
        body: sent,
        headers: { 'sec-fetch-site': 'cross-site' },
        redirect: 'manual',
      }),
    )
    expect(locationOf(bounced).pathname).toBe('/authorize')
    expect(toMire(await here.browser().ask(`/authorize${locationOf(bounced).search}`))).toBe(true)
  })

  it('budget: a push is one object call and no query; the browser that comes with it, one call more', async () => {
    await push(service)
    let from = here.calls.length
    const { request_uri } = await push(service)
    expect(tally(here.calls.slice(from))).toEqual({ objects: ['PUSHED_REQUEST.keep'], queries: [] })
    from = here.calls.length
    await authorize(here.browser(), byReference(service, request_uri))
    expect(tally(here.calls.slice(from))).toEqual({
      objects: ['PUSHED_REQUEST.take', 'LOGIN.begin'],
      queries: [],
    })
  })

  it('RFC 9449 §10.1: a DPoP proof that comes with the push binds the code to its key', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const proof = (nonce?: string) =>
      new SignJWT({ htm: 'POST', htu: `${here.issuer}/par`, jti: crypto.randomUUID(), nonce })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(privateKey)
    const first = await service.post('/par', request(service), { dpop: await proof() })
    expect(await refusal(first)).toBe('400 use_dpop_nonce')
    const nonce = first.headers.get('dpop-nonce') ?? undefined
    const mismatch = { dpop_jkt: 'A'.repeat(43) }
    expect(
      await refusal(await service.post('/par', request(service, mismatch), { dpop: await proof(nonce) })),
    ).toBe('400 invalid_dpop_proof')
    const sent = request(service, { dpop_jkt: await calculateJwkThumbprint(jwk) })
    const good = await service.post('/par', sent, { dpop: await proof(nonce) })
    expect(good.status).toBe(201)
    const browser = here.browser()
    const { request_uri } = await good.json<Pushed>()
    const { code = '' } = answer(
      await prove(browser, await authorize(browser, byReference(service, request_uri))),
    )
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }
    expect(await refusal(await service.post('/token', form))).toBe('400 invalid_grant')
  })
})

describe('RFC 9126: refuses', () => {
  it.each([
    ['§2.1: a request_uri', { request_uri: `${PREFIX}x` }, '400 invalid_request'],
    ['§2.3: a redirect URI of nobody', { redirect_uri: 'https://evil.example/' }, '400 invalid_request'],
    ['§2.3: no redirect URI', { redirect_uri: '' }, '400 invalid_request'],
    ['§2.3: another response type', { response_type: 'token' }, '400 unsupported_response_type'],
    ['§2.3: no openid', { scope: 'scope_all' }, '400 invalid_scope'],
    ['§2.3: plain', { code_challenge: CHALLENGE, code_challenge_method: 'plain' }, '400 invalid_request'],
    ['§2.3: a response mode that we do not have', { response_mode: 'fragment' }, '400 invalid_request'],
    ['§2.3: claims that are none', { claims: '{' }, '400 invalid_request'],
    ['§2.3: prompt=none with another', { prompt: 'none login' }, '400 invalid_request'],
    ['§2.3: a hint of nobody’s', { id_token_hint: 'x.y.z' }, '400 invalid_request'],
    ['§2.3: another client’s name', { client_id: 'other' }, '400 invalid_request'],
    ['RFC 9101 §7: a request object that is none', { request: 'eyJ' }, '400 invalid_request_object'],
  ])('%s', async (_, more: Record<string, string>, expected) => {
    const from = here.calls.length
    const response = await service.post('/par', request(service, more))
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await refusal(response)).toBe(expected)
    expect(tally(here.calls.slice(from)).objects).toEqual([])
  })

  it('§2.3: a wrong secret, with the way to authenticate', async () => {
    const response = await here.network(`${here.issuer}/par`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${service.clientId}:wrong`)}` },
      body: new URLSearchParams(request(service)),
    })
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(await refusal(response)).toBe('401 invalid_client')
  })

  it('§2.3: a confidential client without its secret', async () => {
    const response = await here.network(`${here.issuer}/par`, {
      method: 'POST',
      body: new URLSearchParams(request(service)),
    })
    expect(await refusal(response)).toBe('401 invalid_client')
  })

  it('§2.3: GET is 405, a body beyond 64 kB is 413, JSON is no form', async () => {
    expect((await here.network(`${here.issuer}/par`, {})).status).toBe(405)
    expect((await service.post('/par', request(service, { state: 's'.repeat(70_000) }))).status).toBe(413)
    const json = await here.network(`${here.issuer}/par`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: service.authorization },
      body: JSON.stringify(request(service)),
    })
    expect(await refusal(json)).toBe('400 invalid_request')
  })

  const gone = async (response: Response) => {
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
    expect(await response.text()).toContain('invalid_request_uri')
  }

  it('§7.3, attack: a reference replayed', async () => {
    const { request_uri } = await push(service)
    expect(toMire(await authorize(here.browser(), byReference(service, request_uri)))).toBe(true)
    await gone(await authorize(here.browser(), byReference(service, request_uri)))
  })

  it('§7.3, attack: a reference replayed by many at once: one gets through', async () => {
    const { request_uri } = await push(service)
    const all = await Promise.all(
      Array.from({ length: 12 }, () => authorize(here.browser(), byReference(service, request_uri))),
    )
    expect(all.filter(toMire)).toHaveLength(1)
  })

  it('§7.2, attack: the reference of another client, which is spent by that', async () => {
    const { request_uri } = await push(service)
    await gone(await authorize(here.browser(), byReference(other, request_uri)))
    await gone(await authorize(here.browser(), byReference(service, request_uri)))
  })

  it('§7.1, attack: a guessed secret takes nothing', async () => {
    const { request_uri } = await push(service)
    const guessed = `${request_uri.slice(0, -43)}${'A'.repeat(43)}`
    await gone(await authorize(here.browser(), byReference(service, guessed)))
    expect(toMire(await authorize(here.browser(), byReference(service, request_uri)))).toBe(true)
  })

  it.each(['', 'x', 'a.b', `${'A'.repeat(22)}.${'B'.repeat(43)}`, `../${'A'.repeat(22)}.x`])(
    '§2.2: a reference that never was: %s',
    async (text) => gone(await authorize(here.browser(), byReference(service, PREFIX + text))),
  )

  it('§4: a reference older than it said, alarm or not', async () => {
    const { request_uri } = await push(service)
    await runInDurableObject(stubOf(request_uri), (instance) => {
      instance.clock = () => after(systemClock(), 61)
    })
    await gone(await authorize(here.browser(), byReference(service, request_uri)))

    const forgotten = (await push(service)).request_uri
    expect(await runDurableObjectAlarm(stubOf(forgotten))).toBe(true)
    await runInDurableObject(stubOf(forgotten), async (_, state) => {
      expect([...state.storage.kv.list()]).toEqual([])
    })
    await gone(await authorize(here.browser(), byReference(service, forgotten)))
  })

  it('what is kept has no secret in it, and nothing once it was taken', async () => {
    const { request_uri } = await push(service)
    const secret = request_uri.split('.')[1] ?? ''
    await runInDurableObject(stubOf(request_uri), (_, state) => {
      expect(JSON.stringify([...state.storage.kv.list()])).not.toContain(secret)
    })
    await authorize(here.browser(), byReference(service, request_uri))
    await runInDurableObject(stubOf(request_uri), (_, state) => {
      expect([...state.storage.kv.list()]).toEqual([])
    })
  })

  it('RFC 9101 §5: request and request_uri at once', async () => {
    const { request_uri } = await push(service)
    const response = await authorize(here.browser(), { ...request(service), request_uri, request: 'eyJ' })
    expect(answer(response)).toMatchObject({ error: 'invalid_request' })
    expect(toMire(await authorize(here.browser(), byReference(service, request_uri)))).toBe(true)
  })

  it.each([
    'https://dossier.example.test/request.jwt',
    'https://127.0.0.1/request.jwt',
    'http://169.254.169.254/latest/meta-data',
    'https://metadata.google.internal/',
    'file:///etc/passwd',
    'data:application/jwt,e30.e30.',
    'urn:example:another',
  ])(
    'RFC 9101 §10.4.1, attack: request_uri pointing inward or outward, %s: nothing is fetched',
    async (uri) => {
      const from = here.asked.length
      const told = await authorize(here.browser(), { ...request(service), request_uri: uri })
      expect(answer(told)).toMatchObject({ error: 'request_uri_not_supported', state: 'the state' })
      const page = await authorize(here.browser(), byReference(service, uri))
      expect(page.status).toBe(400)
      expect(await page.text()).toContain('request_uri_not_supported')
      expect(here.asked.length).toBe(from)
    },
  )
})

describe('RFC 9126 §5, §6: a client that must push', () => {
  it('is refused when it does not, to its address, and goes on when it does', async () => {
    const pushing = await here.service({ require_pushed_authorization_requests: true })
    expect(pushing.registered).toMatchObject({ require_pushed_authorization_requests: true })
    const direct = await authorize(here.browser(), request(pushing))
    expect(answer(direct)).toMatchObject({ error: 'invalid_request', iss: here.issuer })
    const { request_uri } = await push(pushing)
    expect(toMire(await authorize(here.browser(), byReference(pushing, request_uri)))).toBe(true)
  })

  it('discovery: the endpoint, and that it is not demanded of everybody', async () => {
    const metadata = await (await here.network(`${here.issuer}/.well-known/openid-configuration`, {})).json()
    expect(metadata).toMatchObject({
      pushed_authorization_request_endpoint: `${here.issuer}/par`,
      require_pushed_authorization_requests: false,
      request_uri_parameter_supported: false,
    })
  })
})
