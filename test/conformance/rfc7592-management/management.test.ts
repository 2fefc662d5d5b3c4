import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { Service } from '../../actors/service.ts'

const composed = compose(env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const { app } = composed

interface Told {
  readonly client_id: string
  readonly client_secret?: string
  readonly registration_access_token: string
  readonly registration_client_uri: string
  readonly [member: string]: unknown
}
const registered = async (metadata: Record<string, unknown> = {}) => {
  const service = await Service.register(composed, metadata)
  return { service, told: service.registered as Told }
}
const ask = async (
  method: string,
  told: Pick<Told, 'registration_client_uri' | 'registration_access_token'>,
  body?: unknown,
) =>
  app.request(
    told.registration_client_uri,
    {
      method,
      headers: {
        authorization: `Bearer ${told.registration_access_token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    },
    env,
  )
/** What a client sends back: all of what it read, but what it must not (§2.2). */
const sendable = (told: Told) => {
  const {
    registration_access_token: _token,
    registration_client_uri: _uri,
    client_secret_expires_at: _expiry,
    client_id_issued_at: _at,
    ...rest
  } = told
  return rest
}

describe('RFC 7592: grants', () => {
  it('§2.1: a client reads its registration, without the secret, which is told once', async () => {
    const { told } = await registered({ client_name: 'Dossier', contacts: ['a@example.test'] })
    const response = await ask('GET', told)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { client_secret: _, client_secret_expires_at: __, ...rest } = told
    expect(await response.json()).toEqual(rest)
  })

  it('§2.2: replaces all of it; what is left out is gone; the secret stays', async () => {
    const { service, told } = await registered({ contacts: ['a@example.test'], client_name: 'Avant' })
    const { contacts: _, ...rest } = sendable(told)
    const response = await ask('PUT', told, { ...rest, client_name: 'Après' })
    expect(response.status).toBe(200)
    const now = await response.json<Told>()
    expect(now).toMatchObject({ client_id: told.client_id, client_name: 'Après' })
    expect(now).not.toHaveProperty('contacts')
    expect(now).not.toHaveProperty('client_secret')
    expect((await service.tokens()).access_token).toBeTruthy()
    expect(await (await ask('GET', told)).json()).toEqual(now)
  })

  it('§2.2: a new secret for a client that begins to use one, none for one that ends', async () => {
    const { told } = await registered({ token_endpoint_auth_method: 'none' })
    const gained = await ask('PUT', told, {
      ...sendable(told),
      token_endpoint_auth_method: 'client_secret_basic',
    })
    const { client_secret: secret } = await gained.json<Told>()
    expect(secret).toMatch(/^[\w-]{43}$/)
    const lost = await ask('PUT', told, {
      ...sendable(told),
      client_secret: secret,
      token_endpoint_auth_method: 'none',
    })
    expect(await lost.json()).not.toHaveProperty('client_secret')
    const again = await ask('PUT', told, {
      ...sendable(told),
      token_endpoint_auth_method: 'client_secret_basic',
    })
    expect((await again.json<Told>()).client_secret).not.toBe(secret)
  })

  it('§2.3: removes the client, and with it its tokens, its secret and its management', async () => {
    const { service, told } = await registered()
    const { access_token: token, refresh_token: refresh } = await service.tokens()
    const response = await ask('DELETE', told)
    expect(response.status).toBe(204)
    expect(await service.userinfo(token)).toBe(401)
    const refreshed = await service.post('/token', { grant_type: 'refresh_token', refresh_token: refresh })
    expect(refreshed.status).toBe(401)
    expect((await ask('GET', told)).status).toBe(401)
    expect((await ask('DELETE', told)).status).toBe(401)
  })
})

describe('RFC 7592: refuses', () => {
  it.each(['GET', 'PUT', 'DELETE'])('attack §2: %s by another client’s token', async (method) => {
    const { told } = await registered()
    const { told: other } = await registered()
    const forged = { ...told, registration_access_token: other.registration_access_token }
    const response = await ask(method, forged, method === 'PUT' ? sendable(told) : undefined)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect((await ask('GET', told)).status).toBe(200)
  })

  it.each([
    ['no token', ''],
    ['the client secret', 'secret'],
    ['an access token of a person', 'access'],
  ])('attack §2: with %s', async (_, kind) => {
    const { service, told } = await registered()
    const presented =
      kind === 'secret'
        ? service.secret
        : kind === 'access'
          ? (await service.tokens()).access_token
          : undefined
    const response = await app.request(
      told.registration_client_uri,
      presented === undefined ? {} : { headers: { authorization: `Bearer ${presented}` } },
      env,
    )
    expect(response.status).toBe(401)
  })

  it('§2: a client that does not exist, with the same words', async () => {
    const { told } = await registered()
    const nowhere = { ...told, registration_client_uri: `${told.registration_client_uri.slice(0, -1)}_` }
    const [unknown, wrong] = await Promise.all([
      ask('GET', nowhere),
      ask('GET', { ...told, registration_access_token: 'x' }),
    ])
    expect(unknown.status).toBe(wrong.status)
    expect(await unknown.text()).toBe(await wrong.text())
  })

  it('a client that an operator wrote into the registry, whatever the token', async () => {
    const { told } = await registered()
    await env.DB.prepare('UPDATE relying_party SET registration_token_digest = NULL WHERE client_id = ?')
      .bind(told.client_id)
      .run()
    expect((await ask('GET', told)).status).toBe(401)
  })

  it('a suspended client, which could otherwise free itself', async () => {
    const { told } = await registered()
    await env.DB.prepare("UPDATE relying_party SET status = 'suspended' WHERE client_id = ?")
      .bind(told.client_id)
      .run()
    expect((await ask('PUT', told, sendable(told))).status).toBe(403)
    expect((await ask('DELETE', told)).status).toBe(403)
  })

  it.each([
    ['§2.2: another client_id', { client_id: 'another' }],
    ['§2.2: no client_id', { client_id: undefined }],
    ['§2.2: a secret that is not its own', { client_secret: 'x' }],
    ['§2.2: registration_access_token', { registration_access_token: 'x' }],
    ['§2.2: registration_client_uri', { registration_client_uri: 'https://x.example' }],
    ['§2.2: client_id_issued_at', { client_id_issued_at: 1 }],
    ['§2.2: client_secret_expires_at', { client_secret_expires_at: 0 }],
  ])('%s', async (_, wrong) => {
    const { told } = await registered()
    const response = await ask('PUT', told, { ...sendable(told), ...wrong })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it('§2.2: metadata that would not be registered, and keeps what was', async () => {
    const { told } = await registered()
    const response = await ask('PUT', told, {
      ...sendable(told),
      redirect_uris: ['https://dossier.example.test/#x'],
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_redirect_uri' })
    expect(await (await ask('GET', told)).json()).toMatchObject({ redirect_uris: told.redirect_uris })
  })
})
