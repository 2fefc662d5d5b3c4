import { env } from 'cloudflare:workers'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { tally } from '../../actors/browser.ts'
import { countingEnv } from '../../actors/counting-env.ts'
import { Service } from '../../actors/service.ts'

const counted = countingEnv(env)
const composed = compose(counted.env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
})
const { app, settings } = composed
let service: Service
let other: Service
beforeAll(async () => {
  service = await Service.register(composed, {}, counted.env)
  other = await Service.register(composed, {}, counted.env)
})

const refresh = (by: Service, token: string) =>
  by.post('/token', { grant_type: 'refresh_token', refresh_token: token })

describe('RFC 7009: grants', () => {
  it.each(['refresh_token', 'access_token'] as const)(
    '§2.1: a %s takes its whole family along, in one object call and no query',
    async (kind) => {
      const tokens = await service.tokens()
      const from = counted.calls.length
      const response = await service.post('/revoke', { token: tokens[kind], token_type_hint: kind })
      expect(tally(counted.calls.slice(from))).toEqual({ objects: ['SESSION.revoke'], queries: [] })
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toBe('')
      expect(await service.userinfo(tokens.access_token)).toBe(401)
      expect((await refresh(service, tokens.refresh_token)).status).toBe(400)
    },
  )

  it('§2.1: a refresh token that was rotated meanwhile still ends its family', async () => {
    const tokens = await service.tokens()
    const rotated = await (await refresh(service, tokens.refresh_token)).json<{ access_token: string }>()
    expect((await service.post('/revoke', { token: tokens.refresh_token })).status).toBe(200)
    expect(await service.userinfo(rotated.access_token)).toBe(401)
  })

  it('§2.1: a wrong or unknown token_type_hint changes nothing', async () => {
    for (const hint of ['access_token', 'saml', 'x'.repeat(100)]) {
      const tokens = await service.tokens()
      const form = { token: tokens.refresh_token, token_type_hint: hint }
      expect((await service.post('/revoke', form)).status).toBe(200)
      expect(await service.userinfo(tokens.access_token)).toBe(401)
    }
  })

  it.each([
    ['unknown', 'never-issued'],
    ['of a session that never was', `${'A'.repeat(22)}.${'A'.repeat(43)}`],
    ['a forged JWT', 'eyJhbGciOiJub25lIn0.eyJqdGkiOiJ4In0.'],
  ])('§2.2: 200 for a token that is %s', async (_, token) => {
    expect((await service.post('/revoke', { token })).status).toBe(200)
  })

  it('§2.2: 200 again for one revoked before', async () => {
    const { refresh_token: token } = await service.tokens()
    expect((await service.post('/revoke', { token })).status).toBe(200)
    expect((await service.post('/revoke', { token })).status).toBe(200)
  })

  it('§2: a public client by its name, from a browser of any origin, with oauth4webapi', async () => {
    const application = await Service.register(composed, { token_endpoint_auth_method: 'none' }, counted.env)
    const { code } = await application.signIn()
    const redeemed = await app.request(
      `${settings.issuer}/token`,
      {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          client_id: application.clientId,
          code,
          redirect_uri: 'https://dossier.example.test/callback',
        }),
      },
      counted.env,
    )
    const tokens = await redeemed.json<{ access_token: string; refresh_token: string }>()
    const server = { issuer: settings.issuer, revocation_endpoint: `${settings.issuer}/revoke` }
    const response = await oauth.revocationRequest(
      server,
      { client_id: application.clientId },
      oauth.None(),
      tokens.refresh_token,
      {
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: async (url, { method, headers, body }) =>
          app.request(
            url,
            { method, headers: { ...headers, origin: 'https://app.example.test' }, body: body ?? null },
            counted.env,
          ),
      },
    )
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    await oauth.processRevocationResponse(response)
    expect(await application.userinfo(tokens.access_token)).toBe(401)
  })

  it('the session of the person goes on: signing out is another thing', async () => {
    const tokens = await service.tokens()
    await service.post('/revoke', { token: tokens.refresh_token })
    const again = await service.join(tokens.opened)
    expect((await service.redeem(again.code)).access_token).toBeTruthy()
  })
})

describe('RFC 7009: refuses', () => {
  it.each(['refresh_token', 'access_token'] as const)(
    'attack §2.1: revoking another client’s %s, which stays good',
    async (kind) => {
      const tokens = await service.tokens()
      const response = await other.post('/revoke', { token: tokens[kind] })
      expect(response.status).toBe(400)
      expect(await response.json()).toMatchObject({ error: 'invalid_grant' })
      expect(await service.userinfo(tokens.access_token)).toBe(200)
      expect((await refresh(service, tokens.refresh_token)).status).toBe(200)
    },
  )

  it('attack §2.1: a wrong secret revokes nothing', async () => {
    const tokens = await service.tokens()
    const authorization = `Basic ${btoa(`${service.clientId}:wrong`)}`
    const response = await other.post('/revoke', { token: tokens.refresh_token }, { authorization })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Basic')
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
    expect(await service.userinfo(tokens.access_token)).toBe(200)
  })

  it('attack §2.1: a confidential client by its name alone', async () => {
    const tokens = await service.tokens()
    const response = await app.request(
      `${settings.issuer}/revoke`,
      {
        method: 'POST',
        body: new URLSearchParams({ client_id: service.clientId, token: tokens.refresh_token }),
      },
      counted.env,
    )
    expect(response.status).toBe(401)
    expect(await service.userinfo(tokens.access_token)).toBe(200)
  })

  it('§2.2.1: a token that nothing can end, in a client’s own name', async () => {
    const structure = await Service.register(
      composed,
      { redirect_uris: [], grant_types: ['client_credentials'] },
      counted.env,
    )
    const given = await structure.post('/token', { grant_type: 'client_credentials' })
    const { access_token: token } = await given.json<{ access_token: string }>()
    const response = await structure.post('/revoke', { token })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'unsupported_token_type' })
  })

  it.each([
    ['§2.1: no token', {}, 400],
    ['RFC 6749 §3.2: a parameter twice is read by nobody', undefined, 400],
  ])('%s', async (_, form, status) => {
    const response =
      form === undefined
        ? await app.request(
            `${settings.issuer}/revoke`,
            {
              method: 'POST',
              headers: {
                authorization: service.authorization,
                'content-type': 'application/x-www-form-urlencoded',
              },
              body: 'token=a&token=b',
            },
            counted.env,
          )
        : await service.post('/revoke', form)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})
