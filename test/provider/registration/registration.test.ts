import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { digest } from '../../../src/kernel/digest.ts'
import { systemEntropy } from '../../../src/kernel/handle.ts'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { instant } from '../../../src/kernel/instant.ts'
import { registrationRoutes } from '../../../src/provider/registration/registration.routes.ts'
import { d1RelyingParties } from '../../../src/relying-parties/registry.d1.ts'
import { clientKey } from '../../actors/keyed-client.ts'

const clock = () => instant(1_800_000_000)
const events: AuditEvent[] = []
const registry = () => d1RelyingParties({ database: env.DB, clock, defer: () => undefined })
const app = new Hono().route(
  '/',
  registrationRoutes({
    issuer: 'https://id.example',
    clock,
    entropy: systemEntropy,
    registrations: registry(),
    rules: { deployment: 'sandbox', statementKeys: undefined },
    initialAccessToken: undefined,
    trail: { record: (event) => void events.push(event) },
  }),
)

const post = (body: unknown, type = 'application/json') =>
  app.request('/register', {
    method: 'POST',
    headers: { 'content-type': type },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const minimal = { redirect_uris: ['https://dossier.example/cb'], client_name: 'Dossier Démo' }

describe('grants', () => {
  it('RFC 7591 §3.2.1: a confidential client, told everything that was registered', async () => {
    const response = await post(minimal)
    expect(response.status).toBe(201)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const told = await response.json<Record<string, string>>()
    expect(told).toMatchObject({
      ...minimal,
      client_id_issued_at: 1_800_000_000,
      client_secret_expires_at: 0,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'RS256',
      serment_profile: 'compatible',
    })
    const party = await registry().find(ClientId.parse(told.client_id))
    expect(party).toMatchObject({ name: 'Dossier Démo', profile: 'compatible', status: 'active' })
    expect(party?.secretDigest).toBe(await digest(told.client_secret ?? ''))
    expect(events.at(-1)).toMatchObject({ kind: 'client.registered', clientId: told.client_id })
  })

  it('RFC 7591 §3.2.1: no secret for a public client', async () => {
    const told = await (await post({ ...minimal, token_endpoint_auth_method: 'none' })).json()
    expect(told).not.toHaveProperty('client_secret')
    expect(told).not.toHaveProperty('client_secret_expires_at')
  })

  it('a strict one, when it asks', async () => {
    const { jwk } = await clientKey()
    const asked = { ...minimal, serment_profile: 'strict', jwks: { keys: [jwk] } }
    expect(await (await post(asked)).json()).toMatchObject({
      serment_profile: 'strict',
    })
  })

  it('RFC 7591 §2: without a name, the one of its host', async () => {
    const told = await (await post({ redirect_uris: minimal.redirect_uris })).json()
    expect(told).toMatchObject({ client_name: 'dossier.example' })
  })

  it('names and secrets are never the same twice', async () => {
    const told = await Promise.all(
      [post(minimal), post(minimal)].map(async (each) => (await each).json<Record<string, string>>()),
    )
    expect(told[0]?.client_id).not.toBe(told[1]?.client_id)
    expect(told[0]?.client_secret).not.toBe(told[1]?.client_secret)
  })
})

describe('refuses', () => {
  it.each([
    [
      'RFC 6749 §3.1.2: a fragment',
      { redirect_uris: ['https://dossier.example/cb#x'] },
      'invalid_redirect_uri',
    ],
    ['no redirect URI', {}, 'invalid_redirect_uri'],
    ['a jwks_uri inward', { ...minimal, jwks_uri: 'https://localhost/jwks' }, 'invalid_client_metadata'],
    [
      'a method that we do not have',
      { ...minimal, token_endpoint_auth_method: 'tls' },
      'invalid_client_metadata',
    ],
    ['a profile that we do not have', { ...minimal, serment_profile: 'lax' }, 'invalid_client_metadata'],
    ['what is not JSON', '{', 'invalid_client_metadata'],
    ['what is not an object', '[]', 'invalid_client_metadata'],
    ['nothing', '', 'invalid_client_metadata'],
    ['what is beyond reason', { ...minimal, x: 'x'.repeat(70_000) }, 'invalid_client_metadata'],
  ])('RFC 7591 §3.2.2: %s', async (_, body, error) => {
    const response = await post(body)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error, error_description: expect.stringMatching(/./) })
  })

  it('RFC 7591 §3.1: another content type', async () => {
    const response = await post(minimal, 'text/plain')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' })
  })
})
