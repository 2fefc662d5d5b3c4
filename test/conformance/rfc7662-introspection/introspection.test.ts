import { env } from 'cloudflare:workers'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { ringSigner } from '../../../src/keys/ring-signer.object.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import { tally } from '../../actors/browser.ts'
import { countingEnv } from '../../actors/counting-env.ts'
import { Service } from '../../actors/service.ts'

const counted = countingEnv(env)
const composed = compose(counted.env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const { app, settings } = composed
const { issuer } = settings
let service: Service
let api: Service
let uninvited: Service
beforeAll(async () => {
  service = await Service.register(composed, {}, counted.env)
  uninvited = await Service.register(composed, {}, counted.env)
  api = await Service.register(composed, { serment_introspection: true }, counted.env)
  await jwks()
})
const jwks = async () => (await app.request(`${issuer}/jwks`, {}, counted.env)).json<JSONWebKeySet>()
const ask = async (by: Service, token: string) =>
  (await by.post('/introspect', { token })).json<Record<string, unknown>>()

describe('RFC 7662: grants', () => {
  it('§2.2: an access token, with Pro Santé Connect’s members, in one object call and no query', async () => {
    const { access_token: token, opened } = await service.tokens()
    await ask(api, token)
    const from = counted.calls.length
    const response = await api.post('/introspect', { token, token_type_hint: 'access_token' })
    expect(tally(counted.calls.slice(from))).toEqual({ objects: ['SESSION.inspect'], queries: [] })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const answer = await response.json<Record<string, unknown>>()
    expect(answer).toMatchObject({
      active: true,
      iss: issuer,
      sub: expect.stringMatching(/^f:[0-9a-f-]{36}:899700911111$/),
      aud: issuer,
      client_id: service.clientId,
      azp: service.clientId,
      scope: 'openid scope_all',
      token_type: 'Bearer',
      typ: 'Bearer',
      exp: expect.any(Number),
      iat: expect.any(Number),
      auth_time: expect.any(Number),
      jti: expect.stringMatching(/./),
      nonce: 'the nonce',
      acr: 'eidas1',
      sid: opened.sid,
      session_state: opened.sid,
      username: '899700911111',
      preferred_username: '899700911111',
      SubjectNameID: '899700911111',
      email_verified: false,
    })
    expect(Number(answer.exp) - Number(answer.iat)).toBe(120)
  })

  it('§2.2: a refresh token of its own client, without SubjectNameID (PSC §1.4)', async () => {
    const { refresh_token: token, opened } = await api.tokens()
    const from = counted.calls.length
    const answer = await ask(api, token)
    expect(tally(counted.calls.slice(from))).toEqual({ objects: ['SESSION.inspectRefresh'], queries: [] })
    expect(answer).toMatchObject({
      active: true,
      typ: 'Refresh',
      client_id: api.clientId,
      scope: 'openid scope_all',
      session_state: opened.sid,
      nonce: 'the nonce',
    })
    expect(answer).not.toHaveProperty('SubjectNameID')
    expect(Number(answer.exp) - Number(answer.iat)).toBe(1_800)
  })

  it('§2.1: whatever the hint says, of every type of token', async () => {
    const tokens = await api.tokens()
    for (const [token, token_type_hint] of [
      [tokens.access_token, 'refresh_token'],
      [tokens.refresh_token, 'access_token'],
      [tokens.access_token, 'saml'],
    ] as const) {
      const response = await api.post('/introspect', { token, token_type_hint })
      expect(await response.json()).toMatchObject({ active: true })
    }
  })

  it('§2.2: the scope of the token, where a refresh narrowed it', async () => {
    const tokens = await service.tokens()
    const refreshed = await service.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      scope: 'openid',
    })
    const { access_token: token } = await refreshed.json<{ access_token: string }>()
    expect(await ask(api, token)).toMatchObject({ active: true, scope: 'openid' })
  })
})

describe('RFC 7662 §2.2: not active, and nothing else said, of', () => {
  const inactive = { active: false }

  it('what was never a token', async () => {
    for (const token of ['x', `${'A'.repeat(22)}.${'A'.repeat(43)}`, 'a.b.c', `${'A'.repeat(5000)}`]) {
      expect(await ask(api, token)).toEqual(inactive)
    }
  })
  it('a token that was revoked', async () => {
    const tokens = await service.tokens()
    await service.post('/revoke', { token: tokens.refresh_token })
    expect(await ask(api, tokens.access_token)).toEqual(inactive)
  })
  it.each([
    ['that expired', (at: number) => ({ iat: at - 120, exp: at - 1 })],
    ['for another audience', () => ({ aud: 'https://api.example' })],
    ['of another issuer', () => ({ iss: 'https://other.example' })],
    ['for later', (at: number) => ({ nbf: at + 60 })],
  ])('a token %s, although we signed it', async (_, change) => {
    const signer = ringSigner({
      ring: env.KEY_RING,
      keyEncryptionKey: settings.keyEncryptionKey,
      clock: systemClock,
    })
    const { access_token } = await service.tokens()
    const again = (more: Record<string, unknown>) =>
      signer.sign({ ...decodeJwt(access_token), ...more }, { typ: 'at+jwt', alg: 'ES256' })
    expect(await ask(api, await again({}))).toMatchObject({ active: true })
    expect(await ask(api, await again(change(systemClock())))).toEqual(inactive)
  })
  it('a token of a session that ended', async () => {
    const tokens = await api.tokens()
    await objectSessions(env.SESSION).end(tokens.opened.session)
    expect(await ask(api, tokens.access_token)).toEqual(inactive)
    expect(await ask(api, tokens.refresh_token)).toEqual(inactive)
  })
  it('a refresh token that was rotated, which ends nothing', async () => {
    const tokens = await api.tokens()
    const rotated = await api.post('/token', {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
    })
    const next = await rotated.json<{ refresh_token: string }>()
    expect(await ask(api, tokens.refresh_token)).toEqual(inactive)
    expect(await ask(api, next.refresh_token)).toMatchObject({ active: true })
  })
  it('an ID token', async () => {
    const tokens = await api.tokens()
    expect(await ask(api, tokens.id_token)).toEqual(inactive)
  })
  it('attack: another client’s refresh token', async () => {
    const tokens = await service.tokens()
    expect(await ask(api, tokens.refresh_token)).toEqual(inactive)
  })
  it('attack: an access token whose signature was changed', async () => {
    const tokens = await service.tokens()
    const [header, payload] = tokens.access_token.split('.')
    expect(await ask(api, `${header}.${payload}.${'A'.repeat(86)}`)).toEqual(inactive)
  })
  it('a token of a client that was suspended', async () => {
    const suspended = await Service.register(composed, {}, counted.env)
    const tokens = await suspended.tokens()
    await env.DB.prepare("UPDATE relying_party SET status = 'suspended' WHERE client_id = ?")
      .bind(suspended.clientId)
      .run()
    const elsewhere = compose(env, { channel: { deliver: async () => 'delivered' }, registrationOpen: true })
    const response = await elsewhere.app.request(
      `${issuer}/introspect`,
      {
        method: 'POST',
        headers: { authorization: api.authorization },
        body: new URLSearchParams({ token: tokens.access_token }),
      },
      env,
    )
    expect(await response.json()).toEqual(inactive)
  })
})

describe('RFC 7662: refuses', () => {
  it('attack §4: introspection by the uninvited, whatever the token', async () => {
    const tokens = await service.tokens()
    const own = await uninvited.tokens()
    const answers = [tokens.access_token, own.access_token, own.refresh_token, 'x'].map(async (token) => {
      const response = await uninvited.post('/introspect', { token })
      return [response.status, await response.text()] as const
    })
    const [first, ...rest] = await Promise.all(answers)
    expect(first?.[0]).toBe(403)
    expect(JSON.parse(first?.[1] ?? '')).toMatchObject({ error: 'access_denied' })
    for (const answer of rest) expect(answer).toEqual(first)
  })

  it('attack §2.1: without authentication, and by a public client', async () => {
    const tokens = await service.tokens()
    const open = await Service.register(composed, { token_endpoint_auth_method: 'none' }, counted.env)
    for (const [clientId, status] of [
      [api.clientId, 401],
      [open.clientId, 403],
    ] as const) {
      const response = await app.request(
        `${issuer}/introspect`,
        {
          method: 'POST',
          body: new URLSearchParams({ client_id: clientId, token: tokens.access_token }),
        },
        counted.env,
      )
      expect(response.status).toBe(status)
    }
  })

  it('§2.1: GET, and a request without a token', async () => {
    const query = await app.request(`${issuer}/introspect?token=x`, {}, counted.env)
    expect(query.status).toBe(404)
    const response = await api.post('/introspect', {})
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})

describe('RFC 9701: signed answers', () => {
  const accept = { accept: 'application/token-introspection+jwt' }

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'] as const)(
    '§4, §5: to whoever asks, %s, verified by oauth4webapi',
    async (alg) => {
      const asker = await Service.register(
        composed,
        { serment_introspection: true, introspection_signed_response_alg: alg },
        counted.env,
      )
      const { access_token: token } = await service.tokens()
      const server: oauth.AuthorizationServer = {
        issuer,
        introspection_endpoint: `${issuer}/introspect`,
        jwks_uri: `${issuer}/jwks`,
        introspection_signing_alg_values_supported: [alg],
      }
      const client: oauth.Client = {
        client_id: asker.clientId,
        introspection_signed_response_alg: alg,
      }
      const response = await oauth.introspectionRequest(
        server,
        client,
        oauth.ClientSecretBasic(asker.secret),
        token,
        {
          requestJwtResponse: true,
          [oauth.allowInsecureRequests]: true,
          [oauth.customFetch]: async (url, { method, headers, body }) =>
            app.request(url, { method, headers, body: body ?? null }, counted.env),
        },
      )
      expect(response.headers.get('content-type')).toBe('application/token-introspection+jwt')
      const jwt = await response.clone().text()
      const answer = await oauth.processIntrospectionResponse(server, client, response)
      expect(answer).toMatchObject({ active: true, client_id: service.clientId })
      const { payload, protectedHeader } = await jwtVerify(jwt, createLocalJWKSet(await jwks()), {
        issuer,
        audience: asker.clientId,
        typ: 'token-introspection+jwt',
      })
      expect(protectedHeader.alg).toBe(alg)
      // RFC 9701 §5: nothing of the token's on the outside, so that it is taken for no token.
      expect(Object.keys(payload).toSorted()).toEqual(['aud', 'iat', 'iss', 'token_introspection'])
    },
  )

  it('§6: RS256 where nothing is registered, and never none', async () => {
    const response = await api.post('/introspect', { token: 'x' }, accept)
    const jwt = new TextDecoder().decode(await response.arrayBuffer())
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'RS256', typ: 'token-introspection+jwt' })
    await expect(
      Service.register(composed, { introspection_signed_response_alg: 'none' }, counted.env),
    ).rejects.toThrow(/invalid_client_metadata/)
  })

  it('§5: of a token that is not active, that alone', async () => {
    const response = await api.post('/introspect', { token: 'x' }, accept)
    const { payload } = await jwtVerify(await response.text(), createLocalJWKSet(await jwks()), { issuer })
    expect(payload.token_introspection).toEqual({ active: false })
  })

  it.each([['application/json'], ['*/*'], ['application/token-introspection+jwt;q=0, application/json']])(
    '§4: JSON for Accept: %s',
    async (value) => {
      const response = await api.post('/introspect', { token: 'x' }, { accept: value })
      expect(response.headers.get('content-type')).toContain('application/json')
    },
  )

  it('attack §8.1: an answer is no access token', async () => {
    const { access_token: token } = await service.tokens()
    const jwt = await (await api.post('/introspect', { token }, accept)).text()
    expect(await service.userinfo(jwt)).toBe(401)
    expect(await ask(api, jwt)).toEqual({ active: false })
  })

  it('attack: the uninvited gets no signature either', async () => {
    const response = await uninvited.post('/introspect', { token: 'x' }, accept)
    expect(response.status).toBe(403)
    expect(response.headers.get('content-type')).toContain('application/json')
  })
})
