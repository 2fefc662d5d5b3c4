import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { CIBA_GRANT } from '../../../src/protocol/oauth/backchannel-metadata.ts'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import type { Service } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

/** OIDC Core §8.1, §17.3: services that know a person by names of their own, and want to know more. */

const API = 'https://api.example.test/pairwise-attacks'
const PERSON = '899700911111'
const desk = tokenDesk()
const keys = await generateKeyPair('ES256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' }] }
const GRANTS = ['authorization_code', TOKEN_EXCHANGE]

let one: Service
let two: Service
let api: Service
beforeAll(async () => {
  const pairwise = (host: string) =>
    desk.service({
      subject_type: 'pairwise',
      grant_types: GRANTS,
      redirect_uris: [`https://${host}/callback`],
    })
  one = await pairwise('dossier.example.test')
  two = await pairwise('pharmacie.example.test')
  api = await desk.service({ serment_api: { audience: API, scopes: ['identity', 'read'] } })
})

/** An API token of this client's, and what an ID token told it. */
async function lent(client: Service, scope: string) {
  const [redirectUri = ''] = client.registered.redirect_uris as string[]
  const { code } = await client.signIn({ scope, redirectUri })
  const form = { grant_type: 'authorization_code', code, redirect_uri: redirectUri }
  const first = await (await client.post('/token', form)).json<{ access_token: string; id_token: string }>()
  const second = await client.post('/token', {
    grant_type: TOKEN_EXCHANGE,
    subject_token: first.access_token,
    subject_token_type: ACCESS_TOKEN,
    audience: API,
    scope: 'identity read',
  })
  const { access_token: token } = await second.json<{ access_token: string }>()
  return { token, claims: decodeJwt(token), sub: decodeJwt(first.id_token).sub }
}
const introspect = async (token: string) =>
  (await api.post('/introspect', { token })).json<Record<string, unknown>>()

describe('OIDC Core §17.3: learning who somebody is', () => {
  it('attack: reading the national id in a token exchanged for an API', async () => {
    const { claims, sub } = await lent(one, 'openid profession')
    expect(JSON.stringify(claims)).not.toContain(PERSON)
    expect(claims.sub).toBe(sub)
  })

  it('attack: two services compare the tokens of one API', async () => {
    const [a, b] = await Promise.all([lent(one, 'openid'), lent(two, 'openid')])
    expect(a.claims.sub).not.toBe(b.claims.sub)
    const shared = Object.entries(a.claims).filter(([name, value]) => b.claims[name] === value)
    const same = shared.map(([name]) => name).filter((name) => typeof a.claims[name] === 'string')
    expect(same.sort()).toEqual(['acr', 'aud', 'authMode', 'iss', 'scope'])
  })

  it('grants the API what the client may not read: its own name for the person, by introspection', async () => {
    const { token } = await lent(one, 'openid')
    expect(await introspect(token)).toMatchObject({
      active: true,
      sub: expect.stringMatching(new RegExp(`^f:[0-9a-f-]{36}:${PERSON}$`)),
      SubjectNameID: PERSON,
    })
  })

  it('grants both, where the person was told that the service learns who they are', async () => {
    const { claims } = await lent(one, 'openid identity')
    expect(claims).toMatchObject({ SubjectNameID: PERSON, sub: expect.stringContaining(PERSON) })
  })
})

describe('RFC 8252 §7.3: applications that share the loopback', () => {
  it.each(['http://127.0.0.1/cb', 'http://localhost/cb', 'http://[::1]/cb'])(
    'attack: two of them compare the people they know, at %s',
    async (uri) => {
      const native = () =>
        desk.service({
          subject_type: 'pairwise',
          application_type: 'native',
          redirect_uris: [uri],
        })
      const [a, b] = await Promise.all([native(), native()])
      const sub = async (by: Service) => {
        const { code } = await by.signIn({ scope: 'openid', redirectUri: uri })
        const form = { grant_type: 'authorization_code', code, redirect_uri: uri }
        const { id_token } = await (await by.post('/token', form)).json<{ id_token: string }>()
        return decodeJwt(id_token).sub
      }
      expect(await sub(a)).not.toBe(await sub(b))
      expect(await sub(a)).toBe(await sub(a))
    },
  )
})

describe('CIBA Core §4: naming the sector of somebody else', () => {
  const squat = (more: Record<string, unknown>) =>
    desk
      .service({
        subject_type: 'pairwise',
        redirect_uris: ['https://victim.example.test/callback'],
        grant_types: [CIBA_GRANT],
        ...more,
      })
      .then(
        () => 'registered',
        (error: unknown) => String(error),
      )
  const KEY = { token_endpoint_auth_method: 'private_key_jwt' }

  it('grants who signs with keys that are published in the sector', async () => {
    expect(await squat({ ...KEY, jwks_uri: 'https://victim.example.test/jwks' })).toBe('registered')
  })

  it.each<[string, Record<string, unknown>]>([
    ['by a redirect URI that is never gone to', {}],
    ['with keys of one’s own, by value', { ...KEY, jwks }],
    ['with keys published elsewhere', { ...KEY, jwks_uri: 'https://evil.example/jwks' }],
    ['with keys published on a subdomain', { ...KEY, jwks_uri: 'https://a.victim.example.test/jwks' }],
    ['with a secret, beside keys in the sector', { jwks_uri: 'https://victim.example.test/jwks' }],
    ['beside a code flow', { grant_types: ['authorization_code', CIBA_GRANT] }],
  ])('attack: %s', async (_, more) => {
    expect(await squat(more)).toContain('invalid_client_metadata')
  })
})
