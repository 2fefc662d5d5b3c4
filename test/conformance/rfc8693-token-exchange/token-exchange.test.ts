import { env } from 'cloudflare:workers'
import { createLocalJWKSet, exportJWK, generateKeyPair, type JSONWebKeySet, jwtVerify, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import { CLIENT } from '../../actors/certificates.ts'
import { ProofKey } from '../../actors/proof.ts'
import type { Service } from '../../actors/service.ts'
import { type Brought, MTLS_ORIGIN, tokenDesk } from '../../actors/token-desk.ts'

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const AUDIENCE = 'https://api.example.test/dossiers'
const GRANTS = ['authorization_code', 'refresh_token', EXCHANGE]

const desk = tokenDesk()
const { issuer } = desk
const keys = await generateKeyPair('ES256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'ES256', kid: 'proxy' }] }
const published = async () => (await desk.fetch('/jwks', {}, {})).json<JSONWebKeySet>()

let proxy: Service
let other: Service
let api: Service
beforeAll(async () => {
  proxy = await desk.service({ grant_types: GRANTS, jwks })
  other = await desk.service({ grant_types: GRANTS, jwks })
  api = await desk.service({
    serment_api: { audience: AUDIENCE, scopes: ['patient.read', 'patient.write', 'agenda.read'] },
  })
})

const form = (token: string, change: Record<string, string | undefined> = {}) =>
  Object.fromEntries(
    Object.entries({
      grant_type: EXCHANGE,
      subject_token: token,
      subject_token_type: ACCESS_TOKEN,
      audience: AUDIENCE,
      scope: 'patient.read',
      ...change,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
const exchange = (by: Service, sent: Record<string, string>, brought: Brought = {}) =>
  desk.token(sent, { ...brought, headers: { authorization: by.authorization, ...brought.headers } })
const given = async (response: Response) => {
  const body = await response.json<{ access_token: string; [member: string]: unknown }>()
  if (!response.ok) throw new Error(JSON.stringify(body))
  const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(await published()), {
    issuer,
    audience: AUDIENCE,
    typ: 'at+jwt',
  })
  return { body, claims: payload }
}
const introspect = async (by: Service, token: string) =>
  (await by.post('/introspect', { token })).json<Record<string, unknown>>()

describe('RFC 8693: grants', () => {
  it('§2.2.1: a professional’s token for one of the API, an hour long, in one object call and no query', async () => {
    const { access_token: token, opened } = await proxy.tokens()
    await exchange(proxy, form(token))
    let response: Response | undefined
    const cost = await desk.cost(async () => {
      response = await exchange(proxy, form(token, { scope: 'agenda.read patient.read' }))
    })
    expect(cost).toEqual({ objects: ['SESSION.lend'], queries: [] })
    expect(response?.headers.get('cache-control')).toBe('no-store')
    const { body, claims } = await given(response ?? new Response())
    expect(body).toEqual({
      access_token: expect.any(String),
      issued_token_type: ACCESS_TOKEN,
      token_type: 'Bearer',
      expires_in: 3_600,
      scope: 'patient.read agenda.read',
    })
    expect(claims).toMatchObject({
      iss: issuer,
      aud: AUDIENCE,
      sub: expect.stringMatching(/^f:[0-9a-f-]{36}:899700911111$/),
      client_id: proxy.clientId,
      azp: proxy.clientId,
      scope: 'patient.read agenda.read',
      SubjectNameID: '899700911111',
      preferred_username: '899700911111',
      sid: opened.sid,
      acr: 'eidas1',
      auth_time: expect.any(Number),
    })
    expect(Number(claims.exp) - Number(claims.iat)).toBe(3_600)
    expect(claims).not.toHaveProperty('act')
  })

  it.each([
    ['§2.1: resource in place of audience', { audience: undefined, resource: AUDIENCE }],
    ['§2.1: both, naming the same', { resource: AUDIENCE }],
    [
      '§3: the subject token called a JWT, and a JWT asked for',
      {
        subject_token_type: JWT,
        requested_token_type: JWT,
      },
    ],
  ])('%s', async (_, change) => {
    const { access_token: token } = await proxy.tokens()
    expect((await given(await exchange(proxy, form(token, change)))).claims.aud).toBe(AUDIENCE)
  })

  it('with oauth4webapi', async () => {
    const { access_token: token } = await proxy.tokens()
    const server: oauth.AuthorizationServer = { issuer, token_endpoint: `${issuer}/token` }
    const client: oauth.Client = { client_id: proxy.clientId }
    const { grant_type: grant, ...parameters } = form(token)
    const response = await oauth.genericTokenEndpointRequest(
      server,
      client,
      oauth.ClientSecretBasic(proxy.secret),
      grant ?? '',
      parameters,
      {
        [oauth.allowInsecureRequests]: true,
        [oauth.customFetch]: (url, { method, headers, body }) =>
          desk.fetch(url, { method, body: body ?? null }, { headers }),
      },
    )
    const answer = await oauth.processGenericTokenEndpointResponse(server, client, response)
    expect(answer.issued_token_type).toBe(ACCESS_TOKEN)
  })

  it('RFC 7662: the API asks about its tokens, nobody else is told', async () => {
    const { access_token: token } = await proxy.tokens()
    const { body } = await given(await exchange(proxy, form(token)))
    expect(await introspect(api, body.access_token)).toMatchObject({
      active: true,
      aud: AUDIENCE,
      client_id: proxy.clientId,
      scope: 'patient.read',
      SubjectNameID: '899700911111',
    })
    const everything = await desk.service({ serment_introspection: true })
    expect(await introspect(everything, body.access_token)).toEqual({ active: false })
    const otherApi = await desk.service({
      serment_api: { audience: 'https://api.example.test/other', scopes: ['x'] },
    })
    expect(await introspect(otherApi, body.access_token)).toEqual({ active: false })
    // And the API learns nothing of tokens that are not its own.
    expect(await introspect(api, token)).toEqual({ active: false })
  })

  it('RFC 7009 §2.1: given up by its client, it is over for the API too', async () => {
    const { access_token: token } = await proxy.tokens()
    const { body } = await given(await exchange(proxy, form(token)))
    const stranger = await other.post('/revoke', { token: body.access_token })
    expect(await stranger.json()).toMatchObject({ error: 'invalid_grant' })
    expect(await introspect(api, body.access_token)).toMatchObject({ active: true })
    expect((await proxy.post('/revoke', { token: body.access_token })).status).toBe(200)
    expect(await introspect(api, body.access_token)).toEqual({ active: false })
  })

  it('OIDC Core §8: an API that registered pairwise subjects does not learn the national id', async () => {
    const audience = 'https://api.example.test/pairwise'
    const pairwise = await desk.service({
      subject_type: 'pairwise',
      serment_api: { audience, scopes: ['statistics'] },
    })
    const { access_token: token } = await proxy.tokens()
    const response = await exchange(proxy, form(token, { audience, scope: 'statistics' }))
    const { access_token: given } = await response.json<{ access_token: string }>()
    const told = await introspect(pairwise, given)
    expect(told).toMatchObject({ active: true })
    expect(JSON.stringify(told)).not.toContain('899700911111')
    expect(atob((given.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/'))).not.toContain(
      '899700911111',
    )
  })
})

describe('RFC 8693 §4.1: the software and the activity', () => {
  const stated = {
    lps_nom: 'Logiciel Exemple',
    lps_id: 'LPS-0001',
    lps_version: '4.2',
  }
  const signed = (claims: Record<string, unknown>, change: { issuer?: string; audience?: string } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'proxy' })
      .setIssuer(change.issuer ?? proxy.clientId)
      .setAudience(change.audience ?? issuer)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(keys.privateKey)
  const practising = {
    exercices: [
      {
        activities: [
          { identifiantTechniqueDeLaStructure: 'R95141', numeroFinessSite: '', numeroSiretSite: '' },
        ],
      },
    ],
  }

  it('are in act, as the client signed them', async () => {
    const { access_token: token } = await proxy.tokens({}, practising)
    const actor = { ...stated, situation_exercice: 'R95141' }
    const sent = form(token, { actor_token: await signed(actor), actor_token_type: JWT })
    const { claims, body } = await given(await exchange(proxy, sent))
    expect(claims.act).toEqual({ sub: 'LPS-0001', ...actor })
    expect(await introspect(api, body.access_token)).toMatchObject({ act: { sub: 'LPS-0001', ...actor } })
  })

  it.each<[string, () => Promise<string> | string]>([
    ['attack: an activity that is not the person’s', () => signed({ ...stated, situation_exercice: 'R1' })],
    ['attack: an empty activity', () => signed({ ...stated, situation_exercice: '' })],
    ['another client’s', () => signed(stated, { issuer: other.clientId })],
    ['for another server', () => signed(stated, { audience: 'https://evil.example.test' })],
    ['without a version', () => signed({ ...stated, lps_version: undefined })],
    ['that is no JWT', () => 'x'],
    [
      'attack: signed by somebody else',
      async () => {
        const { privateKey } = await generateKeyPair('ES256')
        return new SignJWT(stated)
          .setProtectedHeader({ alg: 'ES256', kid: 'proxy' })
          .setIssuer(proxy.clientId)
          .setAudience(issuer)
          .setExpirationTime('5m')
          .sign(privateKey)
      },
    ],
    ['attack: the subject token in its place', async () => (await proxy.tokens()).access_token],
  ])('§2.2.2: refuses an actor token %s', async (_, make) => {
    const { access_token: token } = await proxy.tokens({}, practising)
    const response = await exchange(proxy, form(token, { actor_token: await make(), actor_token_type: JWT }))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it.each([
    ['a type without a token', { actor_token_type: JWT }],
    ['a token without its type', { actor_token: 'x' }],
    ['a token of another type', { actor_token: 'x', actor_token_type: ACCESS_TOKEN }],
  ])('§2.1: refuses %s', async (_, change) => {
    const { access_token: token } = await proxy.tokens()
    const response = await exchange(proxy, form(token, change))
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})

describe('RFC 8693: refuses', () => {
  const refusal = async (sent: Record<string, string>, by = proxy, brought: Brought = {}) => {
    const response = await exchange(by, sent, brought)
    return { status: response.status, ...(await response.json<{ error: string }>()) }
  }

  it('attack: exchanging another client’s token, which stays good', async () => {
    const { access_token: token } = await proxy.tokens()
    expect(await refusal(form(token), other)).toMatchObject({ status: 400, error: 'invalid_request' })
    expect(await proxy.userinfo(token)).toBe(200)
  })

  it('attack: the token of a session that ended', async () => {
    const { access_token: token, opened } = await proxy.tokens()
    await objectSessions(env.SESSION).end(opened.session)
    expect(await refusal(form(token))).toMatchObject({ status: 400, error: 'invalid_request' })
  })

  it('attack: the token of a family that was revoked', async () => {
    const tokens = await proxy.tokens()
    await proxy.post('/revoke', { token: tokens.refresh_token })
    expect(await refusal(form(tokens.access_token))).toMatchObject({ error: 'invalid_request' })
  })

  it('an API token is over with its session, for whoever asks', async () => {
    const { access_token: token, opened } = await proxy.tokens()
    const { body } = await given(await exchange(proxy, form(token)))
    await objectSessions(env.SESSION).end(opened.session)
    expect(await introspect(api, body.access_token)).toEqual({ active: false })
  })

  it('attack: a suspended client', async () => {
    const suspended = await desk.service({ grant_types: GRANTS })
    const { access_token: token } = await suspended.tokens()
    await env.DB.prepare("UPDATE relying_party SET status = 'suspended' WHERE client_id = ?")
      .bind(suspended.clientId)
      .run()
    const elsewhere = compose(env, { channel: { deliver: async () => 'delivered' }, registrationOpen: true })
    const response = await elsewhere.app.request(
      `${issuer}/token`,
      {
        method: 'POST',
        headers: { authorization: suspended.authorization },
        body: new URLSearchParams(form(token)),
      },
      env,
    )
    expect(response.status).toBe(401)
  })

  it('attack: an API token, exchanged once more', async () => {
    const { access_token: token } = await proxy.tokens()
    const { body } = await given(await exchange(proxy, form(token)))
    expect(await refusal(form(body.access_token))).toMatchObject({ error: 'invalid_request' })
  })

  it('attack: an API token at userinfo', async () => {
    const { access_token: token } = await proxy.tokens()
    const { body } = await given(await exchange(proxy, form(token)))
    expect(await proxy.userinfo(body.access_token)).toBe(401)
  })

  it.each([
    ['attack: an ID token', 'id_token'],
    ['attack: a refresh token', 'refresh_token'],
  ] as const)('%s in place of the access token', async (_, kind) => {
    const tokens = await proxy.tokens()
    expect(await refusal(form(tokens[kind]))).toMatchObject({ error: 'invalid_request' })
  })

  it('a token in the client’s own name: nobody is behind it', async () => {
    const machine = await desk.service({ grant_types: [...GRANTS, 'client_credentials'] })
    const own = await machine.post('/token', { grant_type: 'client_credentials' })
    const { access_token: token } = await own.json<{ access_token: string }>()
    expect(await refusal(form(token), machine)).toMatchObject({ error: 'invalid_request' })
  })

  it('RFC 6749 §5.2: a client that is not registered for it', async () => {
    const plain = await desk.service()
    const { access_token: token } = await plain.tokens()
    expect(await refusal(form(token), plain)).toMatchObject({ error: 'unauthorized_client' })
  })

  it('a public client is not registered for it', async () => {
    await expect(desk.service({ grant_types: GRANTS, token_endpoint_auth_method: 'none' })).rejects.toThrow(
      /invalid_client_metadata/,
    )
  })

  it.each([
    ['§2.1: no subject token', { subject_token: undefined }, 'invalid_request'],
    ['§2.1: no type of it', { subject_token_type: undefined }, 'invalid_request'],
    [
      '§3: a type that we do not make',
      { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' },
      'invalid_request',
    ],
    [
      '§2.1: a wish for a refresh token',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
    ],
    ['§2.1: no audience', { audience: undefined }, 'invalid_request'],
    ['§2.2.2: an audience that no API has', { audience: 'https://nobody.example.test' }, 'invalid_target'],
    ['§2.2.2: two APIs at once', { resource: 'https://api.example.test/two' }, 'invalid_target'],
    ['no scope', { scope: undefined }, 'invalid_scope'],
    ['a scope that the API does not have', { scope: 'patient.read admin' }, 'invalid_scope'],
    ['a scope of people', { scope: 'openid' }, 'invalid_scope'],
  ])('%s', async (_, change, error) => {
    const { access_token: token } = await proxy.tokens()
    expect(await refusal(form(token, change))).toMatchObject({ status: 400, error })
  })

  it('§2.2.2: an API that takes tokens from others only, as if there were none', async () => {
    const audience = 'https://api.example.test/closed'
    await desk.service({ serment_api: { audience, scopes: ['x'], clients: [other.clientId] } })
    const { access_token: token } = await proxy.tokens()
    const [closed, none] = await Promise.all([
      refusal(form(token, { audience, scope: 'x' })),
      refusal(form(token, { audience: 'https://api.example.test/none', scope: 'x' })),
    ])
    expect(closed).toEqual(none)
    const { access_token: theirs } = await other.tokens()
    expect((await exchange(other, form(theirs, { audience, scope: 'x' }))).status).toBe(200)
  })
})

describe('a token bound to a key', () => {
  it('RFC 9449 §5: is exchanged with the key’s proof only, and gives another that is bound to it', async () => {
    const key = await ProofKey.make()
    const nonce = await desk.nonce(key)
    const proof = async (by = key) => ({
      headers: { dpop: await by.prove({ url: `${issuer}/token`, nonce }) },
    })
    const { code } = await proxy.signIn()
    const redeemed = await exchange(
      proxy,
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: 'https://dossier.example.test/callback',
      },
      await proof(),
    )
    const { access_token: token } = await redeemed.json<{ access_token: string }>()
    const { body, claims } = await given(await exchange(proxy, form(token), await proof()))
    expect(body.token_type).toBe('DPoP')
    expect(claims.cnf).toEqual({ jkt: key.thumbprint })
    expect(await introspect(api, body.access_token)).toMatchObject({
      token_type: 'DPoP',
      cnf: { jkt: key.thumbprint },
    })
    // Attack: whoever stole the token has no proof, or one of another key.
    expect((await exchange(proxy, form(token))).status).toBe(400)
    expect((await exchange(proxy, form(token), await proof(await ProofKey.make()))).status).toBe(400)
  })

  it('RFC 8705 §3: gives one bound to the certificate of the connection, where the client is registered so', async () => {
    const bound = await desk.service({
      grant_types: GRANTS,
      tls_client_certificate_bound_access_tokens: true,
    })
    const { code } = await bound.signIn()
    const redeem = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: 'https://dossier.example.test/callback',
    }
    const redeemed = await exchange(bound, redeem, { origin: MTLS_ORIGIN, certificate: CLIENT })
    const { access_token: token } = await redeemed.json<{ access_token: string }>()
    const { claims } = await given(
      await exchange(bound, form(token), { origin: MTLS_ORIGIN, certificate: CLIENT }),
    )
    expect(claims.cnf).toEqual({ 'x5t#S256': expect.stringMatching(/^[\w-]{43}$/) })
    expect((await exchange(bound, form(token))).status).toBe(400)
  })
})
