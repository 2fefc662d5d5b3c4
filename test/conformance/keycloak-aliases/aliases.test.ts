import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { REDIRECT_URI, Service } from '../../actors/service.ts'

const composed = compose(env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const { app, settings } = composed
const { issuer } = settings
const REALM = '/auth/realms/esante-wallet'
const OPENID = `${REALM}/protocol/openid-connect`
const ask = (path: string, init: RequestInit = {}) => app.request(`${issuer}${path}`, init, env)

let service: Service
beforeAll(async () => {
  service = await Service.register(composed, {
    serment_introspection: true,
    post_logout_redirect_uris: ['https://dossier.example.test/bye'],
  })
})

describe('PSC §1.1: the same endpoints under the paths of a realm', () => {
  it.each(['openid-configuration', 'wallet-openid-configuration'])(
    'discovery, %s, in which the issuer is the same',
    async (name) => {
      const alias = await (await ask(`${REALM}/.well-known/${name}`)).json<Record<string, unknown>>()
      expect(alias).toEqual(await (await ask(`/.well-known/${name}`)).json())
      expect(alias.issuer).toBe(issuer)
    },
  )

  it('a service with these paths written into it: from auth to logout', async () => {
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: service.clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'openid scope_all',
    })
    const asked = await ask(`${OPENID}/auth?${query}`, { headers: { accept: 'text/html' } })
    expect(asked.status).toBe(303)
    expect(asked.headers.get('location')).toMatch(/^\/login\//)

    const { code } = await service.signIn()
    const redeemed = await service.post(`${OPENID}/token`, {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
    })
    const tokens = await redeemed.json<{ access_token: string; refresh_token: string; id_token: string }>()

    const bearer = { headers: { authorization: `Bearer ${tokens.access_token}` } }
    expect((await ask(`${OPENID}/userinfo`, bearer)).status).toBe(200)
    expect(await (await ask(`${OPENID}/certs`)).json()).toEqual(await (await ask('/jwks')).json())

    const introspected = await service.post(`${OPENID}/token/introspect`, { token: tokens.access_token })
    expect(await introspected.json()).toMatchObject({ active: true, client_id: service.clientId })

    const revoked = await service.post(`${OPENID}/revoke`, { token: tokens.refresh_token })
    expect(revoked.status).toBe(200)
    expect((await ask(`${OPENID}/userinfo`, bearer)).status).toBe(401)

    const bye = new URLSearchParams({
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: 'https://dossier.example.test/bye',
    })
    const left = await ask(`${OPENID}/logout?${bye}`)
    expect(left.status).toBe(303)
    expect(left.headers.get('location')).toBe('https://dossier.example.test/bye')
  })

  it('a pushed request', async () => {
    const response = await service.post(`${OPENID}/ext/par/request`, {
      response_type: 'code',
      client_id: service.clientId,
      redirect_uri: REDIRECT_URI,
      scope: 'openid',
    })
    expect(response.status).toBe(201)
  })

  it('a backchannel request reaches the same refusals', async () => {
    const [own, alias] = await Promise.all([
      service.post('/bc-authorize', { scope: 'openid' }),
      service.post(`${OPENID}/ext/ciba/auth`, { scope: 'openid' }),
    ])
    expect(alias.status).toBe(own.status)
    expect(await alias.json()).toEqual(await own.json())
  })

  it('a browser of another origin asks first, there too', async () => {
    const response = await ask(`${OPENID}/token`, {
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.test', 'access-control-request-method': 'POST' },
    })
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
  })

  it('RFC 7523 §3: the address that a client called is an audience of its assertion, another is none', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const keyed = await Service.register(composed, {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...(await exportJWK(pair.publicKey)), alg: 'ES256' }] },
    })
    const post = async (audience: string) => {
      const assertion = await new SignJWT({ jti: crypto.randomUUID() })
        .setProtectedHeader({ alg: 'ES256' })
        .setIssuer(keyed.clientId)
        .setSubject(keyed.clientId)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('1m')
        .sign(pair.privateKey)
      return ask(`${OPENID}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({
          token: 'x',
          client_assertion: assertion,
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        }),
      })
    }
    expect((await post(`${issuer}${OPENID}/revoke`)).status).toBe(200)
    expect((await post(issuer)).status).toBe(200)
    expect((await post(`${issuer}/auth/realms/other/protocol/openid-connect/revoke`)).status).toBe(401)
    expect((await post(`https://evil.example.test${OPENID}/revoke`)).status).toBe(401)
  })

  it('nothing else: what is no endpoint there is not found', async () => {
    for (const path of ['/protocol/openid-connect/register', '/sandbox', '/account'])
      expect((await ask(`${REALM}${path}`)).status).toBe(404)
  })
})
