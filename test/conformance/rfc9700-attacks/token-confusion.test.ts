import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { ringSigner } from '../../../src/keys/ring-signer.object.ts'
import { JWT_BEARER } from '../../../src/protocol/oauth/client-credentials.ts'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import { logoutTokenClaims } from '../../../src/protocol/oidc/logout-token.ts'
import { answer, authorize, locationOf, request, signIn, toMire, world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

/** RFC 8725 §3.11, §3.12: whatever we sign is good for what it was made for, and nowhere else. */

const API = 'https://api.example.test/confusion'
const published = await generateKeyPair('ES256', { extractable: true })
const jwk = { ...(await exportJWK(published.publicKey)), kid: 'own', alg: 'ES256' }

/** Two addresses that clients publish keys at: one publishes ours, as if they were its own. */
const OURS = 'https://mirror.example/jwks'
const here = world(async (url) =>
  url === OURS
    ? new Response(await (await here.fetch(new Request(`${here.issuer}/jwks`))).text())
    : Response.json({ keys: [jwk] }),
)

let service: Service
let mirror: Service
let all: Service
const kinds: Record<string, string> = {}

beforeAll(async () => {
  service = await here.service({
    grant_types: ['authorization_code', 'refresh_token', 'client_credentials', TOKEN_EXCHANGE],
    scope: 'openid scope_all own',
    userinfo_signed_response_alg: 'RS256',
    serment_introspection: true,
    jwks: { keys: [jwk] },
  })
  mirror = await here.service({ token_endpoint_auth_method: 'private_key_jwt', jwks_uri: OURS })
  all = await here.service({ serment_introspection: true })
  await here.service({ serment_api: { audience: API, scopes: ['read'] } })

  const { access_token, id_token } = await service.tokens()
  kinds['an access token'] = access_token
  kinds['an ID token'] = id_token
  const own = await service.post('/token', { grant_type: 'client_credentials' })
  kinds['a token in the client’s own name'] = (await own.json<{ access_token: string }>()).access_token
  const lent = await service.post('/token', {
    grant_type: TOKEN_EXCHANGE,
    subject_token: access_token,
    subject_token_type: ACCESS_TOKEN,
    audience: API,
    scope: 'read',
  })
  kinds['an API token'] = (await lent.json<{ access_token: string }>()).access_token
  const back = await signIn(here.browser(), request(service, { response_mode: 'jwt' }))
  kinds['a signed authorization response'] = locationOf(back).searchParams.get('response') ?? ''
  const userinfo = await here.fetch(
    new Request(`${here.issuer}/userinfo`, { headers: { authorization: `Bearer ${access_token}` } }),
  )
  kinds['a signed userinfo answer'] = await userinfo.text()
  const told = await service.post(
    '/introspect',
    { token: access_token },
    { accept: 'application/token-introspection+jwt' },
  )
  kinds['a signed introspection answer'] = await told.text()
  const signer = ringSigner({
    ring: env.KEY_RING,
    keyEncryptionKey: here.composed.settings.keyEncryptionKey,
    clock: systemClock,
  })
  const { sub = '', sid } = JSON.parse(
    atob((id_token.split('.')[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')),
  )
  kinds['a logout token'] = await signer.sign(
    logoutTokenClaims({
      issuer: here.issuer,
      clientId: ClientId.parse(service.clientId),
      subject: sub,
      sid,
      id: 'x',
      issuedAt: systemClock(),
    }),
    { typ: 'logout+jwt', alg: 'RS256' },
  )
})

const KINDS = [
  'an access token',
  'an ID token',
  'a token in the client’s own name',
  'an API token',
  'a signed authorization response',
  'a signed userinfo answer',
  'a signed introspection answer',
  'a logout token',
] as const
type Kind = (typeof KINDS)[number]
const but = (...good: Kind[]) => KINDS.filter((kind) => !good.includes(kind))
const jwtOf = (kind: Kind) => {
  const jwt = kinds[kind] ?? ''
  expect(jwt.split('.')).toHaveLength(3)
  return jwt
}

describe('RFC 8725 §3.11: token confusion', () => {
  it('each of them is there and good where it belongs', async () => {
    expect(await service.userinfo(jwtOf('an access token'))).toBe(200)
    const hint = { prompt: 'none', id_token_hint: jwtOf('an ID token') }
    expect(answer(await authorize(here.browser(), request(service, hint)))).toMatchObject({
      error: 'login_required',
    })
  })

  it.each(but('an access token'))('attack: %s as an access token, at userinfo', async (kind) => {
    const status = await service.userinfo(jwtOf(kind))
    // A token in the client's own name is one of ours, and without `openid`.
    expect(status).toBe(kind === 'a token in the client’s own name' ? 403 : 401)
  })

  it.each(but('an access token', 'a token in the client’s own name'))(
    'attack: %s as an access token, at introspection',
    async (kind) => {
      const response = await all.post('/introspect', { token: jwtOf(kind) })
      expect(await response.json()).toEqual({ active: false })
    },
  )

  it.each(but('an access token'))('attack: %s as a subject_token', async (kind) => {
    const response = await service.post('/token', {
      grant_type: TOKEN_EXCHANGE,
      subject_token: jwtOf(kind),
      subject_token_type: ACCESS_TOKEN,
      audience: API,
      scope: 'read',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it.each(but('an ID token'))('attack: %s as an id_token_hint', async (kind) => {
    const sent = request(service, { id_token_hint: jwtOf(kind) })
    expect(answer(await authorize(here.browser(), sent))).toMatchObject({ error: 'invalid_request' })
  })

  it.each(but('an ID token'))('attack: %s as an id_token_hint ends no session', async (kind) => {
    const opened = await service.signIn()
    const tokens = await service.redeem(opened.code)
    const query = new URLSearchParams({ id_token_hint: jwtOf(kind) })
    await here.browser().ask(`/logout?${query}`)
    expect(await service.userinfo(tokens.access_token)).toBe(200)
    expect(await service.userinfo(jwtOf('an access token'))).toBe(200)
  })

  it.each(KINDS)(
    'attack: %s as an assertion of a client that publishes our keys as its own',
    async (kind) => {
      const response = await here.fetch(
        new Request(`${here.issuer}/token`, {
          method: 'POST',
          body: new URLSearchParams({
            grant_type: 'authorization_code',
            code: 'x',
            client_id: mirror.clientId,
            client_assertion_type: JWT_BEARER,
            client_assertion: jwtOf(kind),
          }),
        }),
      )
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(['invalid_client', 'invalid_request']).toContain(
        (await response.json<{ error: string }>()).error,
      )
    },
  )

  it.each(KINDS)('attack: %s as a request object of a client that publishes our keys', async (kind) => {
    const response = await authorize(here.browser(), { client_id: mirror.clientId, request: jwtOf(kind) })
    expect(toMire(response)).toBe(false)
    expect(response.status).toBe(400)
  })

  it.each(KINDS)('attack: %s as an actor_token', async (kind) => {
    const { access_token: token } = await service.tokens()
    const response = await service.post('/token', {
      grant_type: TOKEN_EXCHANGE,
      subject_token: token,
      subject_token_type: ACCESS_TOKEN,
      actor_token: jwtOf(kind),
      actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      audience: API,
      scope: 'read',
    })
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})

describe('RFC 8725 §3.12: what a client signed for one purpose', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const asserted = async (typ: string | undefined) => {
    const party = await here.service({
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      jwks: { keys: [jwk] },
    })
    const assertion = await new SignJWT({ jti: crypto.randomUUID(), response_type: 'code' })
      .setProtectedHeader({ alg: 'ES256', kid: 'own', ...(typ === undefined ? {} : { typ }) })
      .setIssuer(party.clientId)
      .setSubject(party.clientId)
      .setAudience(here.issuer)
      .setExpirationTime(now() + 60)
      .sign(published.privateKey)
    const response = await here.fetch(
      new Request(`${here.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: JWT_BEARER,
          client_assertion: assertion,
        }),
      }),
    )
    return response.status
  }

  it.each([undefined, 'JWT', 'client-authentication+jwt'])('grants an assertion of typ %s', async (typ) => {
    expect(await asserted(typ)).toBe(200)
  })

  it.each([
    'oauth-authz-req+jwt',
    'dpop+jwt',
    'at+jwt',
    'logout+jwt',
    'token-introspection+jwt',
    'secevent+jwt',
  ])('attack: a JWT of typ %s that went through a browser, shown as a client assertion', async (typ) => {
    expect(await asserted(typ)).toBe(401)
  })
})
