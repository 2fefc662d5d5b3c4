import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { answer, authorize, request, toMire, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

/** RFC 6749 §3.1, §3.2: what two readers of one request would read differently. */

const here = world()
const keys = await generateKeyPair('ES256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' }] }
let service: Service
beforeAll(async () => {
  service = await here.service({ jwks, serment_introspection: true })
})

const twice = (form: Record<string, string>, name: string, value: string) => {
  const body = new URLSearchParams(form)
  body.append(name, value)
  return body
}
const post = (path: string, body: URLSearchParams | string, headers: Record<string, string> = {}) =>
  here.fetch(
    new Request(`${here.issuer}${path}`, {
      method: 'POST',
      headers: {
        authorization: service.authorization,
        'content-type': 'application/x-www-form-urlencoded',
        ...headers,
      },
      body: String(body),
    }),
  )

describe('RFC 6749 §3.2, parameter pollution', () => {
  it.each([
    ['/token', { grant_type: 'authorization_code', code: 'x' }, 'code'],
    ['/token', { grant_type: 'client_credentials' }, 'grant_type'],
    ['/token', { grant_type: 'client_credentials', scope: 'a' }, 'scope'],
    ['/par', { client_id: 'x', scope: 'openid' }, 'scope'],
    ['/introspect', { token: 'x' }, 'token'],
    ['/revoke', { token: 'x' }, 'token'],
    ['/bc-authorize', { scope: 'openid', login_hint: '1' }, 'login_hint'],
  ])('attack: %s with a parameter twice (%o, %s)', async (path, form, name) => {
    for (const value of ['other', '', (form as Record<string, string>)[name] ?? '']) {
      const response = await post(path, twice(form as Record<string, string>, name, value))
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    }
  })

  it('attack: a name that only looks like another is another', async () => {
    const { code } = await service.signIn()
    for (const name of ['Code', 'code[]', 'code%00', ' code', 'co\u0064e\u200b']) {
      const form = { grant_type: 'authorization_code', [name]: code }
      expect((await post('/token', new URLSearchParams(form))).status).toBe(400)
    }
  })

  it('attack: parameters of a form in the query count for nothing', async () => {
    const tokens = await service.tokens()
    const query = new URLSearchParams({ token: tokens.refresh_token })
    expect((await post(`/introspect?${query}`, new URLSearchParams())).status).toBe(400)
    expect((await post(`/revoke?${query}`, new URLSearchParams())).status).toBe(400)
    expect(await service.userinfo(tokens.access_token)).toBe(200)
  })

  it('attack: a posted authorization request reads its body alone', async () => {
    const sent = new URLSearchParams(request(service, { prompt: 'none' }))
    const evil = new URLSearchParams({ redirect_uri: 'https://evil.example/', prompt: 'login' })
    const response = await here.browser().ask(`/authorize?${evil}`, { method: 'POST', body: sent })
    expect(answer(response)).toMatchObject({ error: 'login_required' })
  })

  it.each([
    'text/plain',
    'application/json',
    'multipart/form-data; boundary=x',
    'application/x-www-form-urlencodedx',
    'application/json; application/x-www-form-urlencoded',
  ])('attack: a body of type %s', async (type) => {
    for (const path of ['/token', '/par', '/introspect', '/revoke', '/bc-authorize']) {
      const response = await post(path, 'grant_type=client_credentials&token=x', { 'content-type': type })
      expect(response.status).toBe(400)
    }
  })

  it('attack: more than is read at all, in number, in one, and in all', async () => {
    const many = new URLSearchParams(Array.from({ length: 70 }, (_, i) => [`p${i}`, 'x'] as [string, string]))
    const long = new URLSearchParams({ token: 'x'.repeat(9_000) })
    const all = new URLSearchParams({ a: 'x'.repeat(8_000), b: 'x'.repeat(8_000), c: 'x'.repeat(8_000) })
    for (const body of [many, long, all]) {
      for (const path of ['/token', '/par', '/introspect', '/revoke', '/bc-authorize'])
        expect((await post(path, body)).status).toBe(400)
      const response = await here.browser().ask('/authorize', { method: 'POST', body })
      expect(response.status).toBe(400)
    }
    const huge = 'x'.repeat(70_000)
    for (const path of ['/token', '/par', '/introspect', '/revoke', '/bc-authorize'])
      expect((await post(path, `token=${huge}`)).status).toBe(413)
    expect(
      (await here.browser().ask('/authorize', { method: 'POST', body: new URLSearchParams({ huge }) }))
        .status,
    ).toBe(400)
  })
})

describe('RFC 8725 §3.11, JSON that is not what it seems', () => {
  const register = (body: string) =>
    here.fetch(
      new Request(`${here.issuer}/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }),
    )
  const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const metadata = (more: string) => `{"redirect_uris":["https://dossier.example/callback"],${more}}`

  it.each([
    ['nested deep, unknown', metadata(`"unknown":${deep(20_000)}`), 400],
    ['nested deep, in a key', metadata(`"jwks":{"keys":[{"kty":"EC","x":${deep(20_000)}}]}`), 400],
    [
      'members of every object',
      metadata('"__proto__":{"serment_introspection":true},"constructor":{"prototype":{"jwks":1}}'),
      201,
    ],
    ['a list', '[{"redirect_uris":["https://dossier.example/callback"]}]', 400],
    ['a text', '"x"', 400],
    ['null', 'null', 400],
    ['a list where a text is', metadata('"token_endpoint_auth_method":["none"]'), 400],
    ['a text where a yes is', metadata('"serment_introspection":"true"'), 400],
  ])('attack: a registration with %s', async (_, body, status) => {
    const response = await register(body)
    expect(response.status).toBe(status)
    const told = await response.json<Record<string, unknown>>()
    expect(told.serment_introspection ?? false).toBe(false)
    if (status === 400) expect(told.error).toMatch(/^invalid_(client_metadata|redirect_uri)$/)
  })

  const signed = (claims: Record<string, unknown>) =>
    new SignJWT({ ...request(service), client_id: service.clientId, ...claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'own' })
      .setIssuer(service.clientId)
      .setAudience(here.issuer)
      .setIssuedAt()
      .setNotBefore('0s')
      .setExpirationTime('1m')
      .sign(keys.privateKey)
  const nested = (depth: number): unknown => JSON.parse(deep(depth))

  it.each<[string, Record<string, unknown>]>([
    ['claims nested deep', { claims: { userinfo: nested(2_000) } }],
    [
      'a list where a text is',
      { redirect_uri: ['https://dossier.example.test/callback', 'https://evil.example'] },
    ],
    ['an object where a text is', { scope: { toString: 'openid' } }],
    ['a yes where a text is', { state: true }],
    ['nothing where a text is', { redirect_uri: null }],
    ['a number beyond all', { max_age: 1e300 }],
    ['a part of a number', { max_age: 0.5 }],
  ])('attack: a signed request with %s is refused in the specification’s words', async (_, claims) => {
    const response = await authorize(here.browser(), {
      ...request(service),
      request: await signed(claims),
    })
    expect(toMire(response)).toBe(false)
    expect(answer(response).error).toMatch(/^invalid_request(_object)?$/)
  })

  it.each([
    `{"userinfo":${deep(4_000)}}`,
    `{"id_token":{"acr":{"values":${deep(3_500)}}}}`,
    '{"userinfo":{"__proto__":{"essential":true}}}',
    '{"id_token":{"sub":{"value":{}}}}',
    '{"userinfo":{"constructor":null,"toString":null}}',
  ])('attack: claims that are %s: answered or refused, never a fault', async (claims) => {
    const response = await authorize(here.browser(), request(service, { claims }))
    if (!toMire(response)) expect(answer(response).error).toBe('invalid_request')
  })
})
