import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import {
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import { KeyedClient } from '../../actors/keyed-client.ts'
import { deliverOnce } from '../../actors/logout-receiver.ts'
import type { Phone } from '../../actors/phone.ts'
import { ProofKey } from '../../actors/proof.ts'
import { type Acknowledged, asked, CIBA, refusal, request, type Tokens, until, world } from '../ciba/world.ts'

const calls: { url: string; init: RequestInit }[] = []
let endpoint: () => Response = () => new Response(null, { status: 204 })
const JWKS = 'https://logiciel.example.org/jwks'
const published: object[] = []
const here = world(async (url, init) => {
  if (url === JWKS) return Response.json({ keys: published })
  calls.push({ url, init })
  return endpoint()
})
const { issuer } = here
const ENDPOINT = 'https://logiciel.example.org/ciba/ping'
const NOTIFICATION_TOKEN = 'client-token.8d67dc78'
const seconds = () => Math.floor(Date.now() / 1000)

let client: KeyedClient
let second: KeyedClient
let pinged: KeyedClient
let key: ProofKey
let nonce = ''
let nationalId = ''
let phone: Phone
const signing = { backchannel_authentication_request_signing_alg: 'ES256' }
beforeAll(async () => {
  client = await KeyedClient.register(here, signing)
  second = await KeyedClient.register(here, signing)
  pinged = await KeyedClient.register(here, {
    ...signing,
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: ENDPOINT,
  })
  key = await ProofKey.make()
  const first = await post(
    '/token',
    { client_id: 'anybody' },
    { dpop: await key.prove({ url: `${issuer}/token` }) },
  )
  nonce = first.headers.get('dpop-nonce') ?? ''
  nationalId = await here.person()
})

const post = async (path: string, form: Record<string, string>, headers: Record<string, string> = {}) =>
  here.app.fetch(
    new Request(`${issuer}${path}`, { method: 'POST', body: new URLSearchParams(form), headers }),
  )

/** A request object as the plan's client makes it; `undefined` leaves a claim out. */
const claims = (by: KeyedClient, change: Record<string, unknown> = {}) => ({
  ...asked(nationalId),
  iss: by.clientId,
  aud: issuer,
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 300,
  jti: crypto.randomUUID(),
  ...(by === pinged ? { client_notification_token: NOTIFICATION_TOKEN } : {}),
  ...change,
})
const object = (change: Record<string, unknown> = {}, by = client) => by.key.sign(claims(by, change))
const begin = async (signed: string, by = client, assertion: Record<string, unknown> = {}) =>
  post('/bc-authorize', { request: signed, ...(await by.proved(assertion)) })

/** A request that waits on the phone of somebody who was asked nothing before. */
async function waiting(by = client, change: Record<string, unknown> = {}): Promise<Acknowledged> {
  nationalId = await here.person()
  phone = await here.phone(nationalId)
  const rung = () => here.events().filter(({ detail }) => detail?.startsWith('service: ')).length
  const before = rung()
  const response = await begin(await object(change, by), by)
  expect(response.status, await response.clone().text()).toBe(200)
  await until(() => rung() > before)
  return response.json<Acknowledged>()
}
const approve = async () => phone.tap(await request(phone), '47')
const deny = async () => phone.tap(await request(phone), 'none')
async function poll(
  authReqId: string,
  by = client,
  form: Record<string, string | undefined> = {},
  proof: ProofKey | null = key,
): Promise<Response> {
  const all = { grant_type: CIBA, auth_req_id: authReqId, ...(await by.proved()), ...form }
  const sent = Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
  const dpop = proof === null ? undefined : await proof.prove({ url: `${issuer}/token`, nonce })
  return post('/token', sent, dpop === undefined ? {} : { dpop })
}
const later = (authReqId: string, by: number) =>
  runInDurableObject(env.CIBA.getByName(authReqId.split('.')[0] ?? ''), (one) => {
    one.clock = () => after(systemClock(), by)
  })
/** Stops the clock of a request, so that however slow we are, two polls come at once. */
const still = (authReqId: string) =>
  runInDurableObject(env.CIBA.getByName(authReqId.split('.')[0] ?? ''), (one) => {
    const now = systemClock()
    one.clock = () => now
  })
/** OIDC Core §3.1.3.7, CIBA Core §10.1.1. */
async function verified(tokens: Tokens, by = client) {
  const jwks = await (await here.app.fetch(new Request(`${issuer}/jwks`))).json<JSONWebKeySet>()
  const { payload, protectedHeader } = await jwtVerify(tokens.id_token, createLocalJWKSet(jwks), {
    issuer,
    audience: by.clientId,
    requiredClaims: ['sub', 'exp', 'iat', 'auth_time', 'at_hash'],
  })
  expect(protectedHeader.alg).toBe('ES256')
  return payload
}

const refused = (make: () => Promise<string> | string) => async () =>
  expect(await refusal(await begin(await make()))).toBe('400 invalid_request')
const refusedClaims = (change: Record<string, unknown>) => refused(() => object(change))

/** A client with an RSA key beside its own, and what that key signs. */
async function withRsa() {
  const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true })
  const { alg: _, ...elliptic } = client.key.jwk
  const jwks = { keys: [elliptic, { ...(await exportJWK(publicKey)), kid: 'rsa' }] }
  const { service } = await KeyedClient.register(here, { ...signing, jwks })
  const by = new KeyedClient(service, client.key, issuer)
  const assertion = async (alg: string) =>
    new SignJWT({
      iss: by.clientId,
      sub: by.clientId,
      aud: issuer,
      jti: crypto.randomUUID(),
      exp: seconds() + 60,
    })
      .setProtectedHeader({ alg, kid: 'rsa' })
      .sign(await importJWK(await exportJWK(privateKey), alg))
  return { by, assertion }
}

type Module = readonly [name: string, what: string, run: () => Promise<void>]
const MODULES: readonly Module[] = [
  [
    'fapi-ciba-id1-discovery-end-point-verification',
    'poll and ping, signed requests by the profile’s algorithms, user codes',
    async () => {
      const response = await here.app.fetch(new Request(`${issuer}/.well-known/openid-configuration`))
      expect(await response.json()).toMatchObject({
        backchannel_authentication_endpoint: `${issuer}/bc-authorize`,
        backchannel_token_delivery_modes_supported: ['poll', 'ping'],
        backchannel_authentication_request_signing_alg_values_supported: expect.arrayContaining([
          'PS256',
          'ES256',
        ]),
        backchannel_user_code_parameter_supported: true,
        grant_types_supported: expect.arrayContaining([CIBA]),
        token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt']),
      })
    },
  ],
  [
    'fapi-ciba-id1',
    'acknowledged, pending, approved, tokens bound to a key',
    async () => {
      const ack = await waiting()
      expect(ack.auth_req_id).toMatch(/^[A-Za-z0-9._-]{64,}$/)
      expect(ack.expires_in).toBeGreaterThan(0)
      expect(ack.interval).toBeGreaterThan(0)
      expect(await refusal(await poll(ack.auth_req_id))).toBe('400 authorization_pending')
      await approve()
      const response = await poll(ack.auth_req_id)
      expect(response.headers.get('cache-control')).toBe('no-store')
      const tokens = await response.json<Tokens>()
      expect(await verified(tokens)).toMatchObject({ acr: 'eidas1' })
      expect(decodeJwt(tokens.access_token).cnf).toEqual({ jkt: key.thumbprint })
    },
  ],
  [
    'fapi-ciba-id1',
    'in ping mode: told once, by the client’s own token, and then fetched',
    async () => {
      calls.length = 0
      here.queued.length = 0
      const ack = await waiting(pinged)
      await approve()
      await deliverOnce(
        here.composed,
        here.queued.filter(({ type }) => type === 'ping'),
      )
      expect(calls).toHaveLength(1)
      expect(JSON.parse(String(calls[0]?.init.body))).toEqual({ auth_req_id: ack.auth_req_id })
      expect(new Headers(calls[0]?.init.headers).get('authorization')).toBe(`Bearer ${NOTIFICATION_TOKEN}`)
      expect((await poll(ack.auth_req_id, pinged)).status).toBe(200)
    },
  ],
  [
    'fapi-ciba-id1-user-rejects-authentication',
    'access_denied',
    async () => {
      const ack = await waiting()
      await deny()
      expect(await refusal(await poll(ack.auth_req_id))).toBe('400 access_denied')
    },
  ],
  [
    'fapi-ciba-id1-multiple-call-to-token-endpoint',
    'too fast is slow_down, and the interval grows; a result is given once',
    async () => {
      const ack = await waiting()
      await still(ack.auth_req_id)
      const told = []
      for (let call = 0; call < 3; call++) told.push(await refusal(await poll(ack.auth_req_id)))
      expect(told).toEqual(['400 authorization_pending', '400 slow_down', '400 slow_down'])
      await approve()
      expect((await poll(ack.auth_req_id)).status).toBe(200)
      expect(await refusal(await poll(ack.auth_req_id))).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi-ciba-id1-auth-req-id-expired',
    'expired_token',
    async () => {
      const ack = await waiting(client, { requested_expiry: 30 })
      expect(ack.expires_in).toBe(30)
      await later(ack.auth_req_id, 30)
      expect(await refusal(await poll(ack.auth_req_id))).toBe('400 expired_token')
    },
  ],
  [
    'fapi-ciba-id1-ensure-authorization-request-with-binding-message-succeeds',
    'and the phone shows it',
    async () => {
      const ack = await waiting(client, { binding_message: 'Ordonnance 1234' })
      const shown = await request(phone)
      expect(JSON.parse(shown.context)).toMatchObject({ message: 'Ordonnance 1234' })
      await phone.tap(shown, 'confirm')
      expect((await poll(ack.auth_req_id)).status).toBe(200)
    },
  ],
  [
    'fapi-ciba-id1-ensure-other-scope-order-succeeds',
    'openid last',
    async () => {
      const ack = await waiting(client, { scope: 'profile openid' })
      await approve()
      expect((await poll(ack.auth_req_id)).status).toBe(200)
    },
  ],
  [
    'fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds',
    'text is as good as a number',
    async () => {
      const ack = await waiting(client, { requested_expiry: '30' })
      expect(ack.expires_in).toBe(30)
    },
  ],
  [
    'fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message',
    'what cannot be shown is invalid_binding_message',
    async () => {
      const bad = await object({ binding_message: `1234\n${'x'.repeat(200)}` })
      expect(await refusal(await begin(bad))).toBe('400 invalid_binding_message')
    },
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-aud-fails',
    'invalid_request',
    refusedClaims({ aud: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-bad-aud-fails',
    'invalid_request',
    refusedClaims({ aud: 'https://other.example.test' }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-iss-fails',
    'invalid_request',
    refusedClaims({ iss: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-bad-iss-fails',
    'invalid_request',
    refusedClaims({ iss: 'somebody' }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-exp-fails',
    'invalid_request',
    refusedClaims({ exp: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-expired-exp-fails',
    'five minutes ago',
    refusedClaims({ nbf: seconds() - 600, exp: seconds() - 300 }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-exp-is-70-minutes-in-future-fails',
    'invalid_request',
    refusedClaims({ exp: seconds() + 70 * 60 }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-iat-fails',
    'invalid_request',
    refusedClaims({ iat: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-nbf-fails',
    'invalid_request',
    refusedClaims({ nbf: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-nbf-is-10-minutes-in-future-fails',
    'invalid_request',
    refusedClaims({ nbf: seconds() + 600, exp: seconds() + 900 }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-nbf-is-70-minutes-in-past-fails',
    'invalid_request',
    refusedClaims({ nbf: seconds() - 70 * 60 }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-missing-jti-fails',
    'invalid_request',
    refusedClaims({ jti: undefined }),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails',
    'invalid_request',
    refused(() => new UnsecuredJWT(claims(client)).encode()),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-bad-fails',
    'another signature',
    refused(async () => `${(await object()).slice(0, -6)}AAAAAA`),
  ],
  [
    'fapi-ciba-id1-ensure-request-object-signature-algorithm-is-RS256-fails',
    'nor can it be registered',
    async () => {
      const rsa = await generateKeyPair('RS256')
      const signed = new SignJWT(claims(client)).setProtectedHeader({ alg: 'RS256' }).sign(rsa.privateKey)
      expect(await refusal(await begin(await signed))).toBe('400 invalid_request')
      const metadata = { backchannel_authentication_request_signing_alg: 'RS256' }
      await expect(KeyedClient.register(here, metadata)).rejects.toThrow('invalid_client_metadata')
    },
  ],
  [
    'fapi-ciba-id1-ensure-request-object-signed-by-other-client-fails',
    'that names the first',
    refused(() => second.key.sign(claims(client))),
  ],
  [
    'fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails',
    'invalid_request',
    refusedClaims({ id_token_hint: 'a.b.c' }),
  ],
  [
    'fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request',
    'one more letter, and the second client’s',
    async () => {
      const ack = await waiting()
      expect(await refusal(await poll(`${ack.auth_req_id}A`))).toBe('400 invalid_grant')
      expect(await refusal(await poll(ack.auth_req_id, second))).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi-ciba-id1-ensure-different-client-id-and-issuer-in-backchannel-authorization-request',
    'the second client shows the first client’s request',
    async () => expect(await refusal(await begin(await object(), second))).toBe('400 invalid_request'),
  ],
  [
    'fapi-ciba-id1-ensure-wrong-client-id-in-token-endpoint-request',
    'the second client’s name with the first client’s key',
    async () => {
      const ack = await waiting()
      const form = { client_id: second.clientId }
      expect(await refusal(await poll(ack.auth_req_id, client, form))).toBe('400 invalid_request')
    },
  ],
  [
    'fapi-ciba-id1-ensure-wrong-client-id-in-backchannel-authorization-request',
    'the second client’s name with the first client’s key',
    async () => {
      const sent = { request: await object(), ...(await client.proved()), client_id: second.clientId }
      expect(await refusal(await post('/bc-authorize', sent))).toBe('400 invalid_request')
    },
  ],
  [
    'fapi-ciba-id1-ensure-without-client-assertion-in-token-endpoint-request',
    'invalid_client',
    async () => {
      const ack = await waiting()
      const form = { client_assertion: undefined, client_assertion_type: undefined }
      expect(await refusal(await poll(ack.auth_req_id, client, form))).toBe('401 invalid_client')
    },
  ],
  [
    'fapi-ciba-id1-ensure-without-client-assertion-in-backchannel-authorization-request',
    'invalid_client',
    async () => {
      const sent = { request: await object(), client_id: client.clientId }
      expect(await refusal(await post('/bc-authorize', sent))).toBe('401 invalid_client')
    },
  ],
  [
    'fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails',
    'by a key that may sign PS256',
    async () => {
      const { by, assertion } = await withRsa()
      const sent = async (alg: string) => ({
        request: await object({ login_hint: '899700599999' }, by),
        ...(await by.proved()),
        client_assertion: await assertion(alg),
      })
      expect(await refusal(await post('/bc-authorize', await sent('RS256')))).toBe('401 invalid_client')
      expect((await post('/bc-authorize', await sent('PS256'))).status).toBe(200)
    },
  ],
  [
    'fapi-ciba-id1-ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails',
    'by a key that may sign PS256',
    async () => {
      const { by, assertion } = await withRsa()
      const unknown = `${'A'.repeat(22)}.${'A'.repeat(43)}`
      const told = async (alg: string) =>
        refusal(await poll(unknown, by, { client_assertion: await assertion(alg) }))
      expect(await told('RS256')).toBe('401 invalid_client')
      expect(await told('PS256')).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi-ciba-id1-ensure-client-assertion-with-iss-aud-to-token-endpoint-succeeds',
    'the issuer as audience',
    async () => {
      const ack = await waiting()
      await approve()
      expect((await poll(ack.auth_req_id)).status).toBe(200)
    },
  ],
  ...(
    [
      ['ping-backchannel-notification-endpoint-response-has-body', 'is not read', 200, 0],
      ['ping-backchannel-notification-endpoint-response-401', 'and the client can still fetch', 401, 0],
      ['ping-backchannel-notification-endpoint-response-403', 'and the client can still fetch', 403, 0],
      [
        'ping-with-mtls-ciba-notification-endpoint-response-401-and-require-server-does-not-retry',
        'nothing is tried again',
        401,
        0,
      ],
      ['ping-backchannel-notification-endpoint-return-redirect-request', 'is not followed', 301, 0],
    ] as const
  ).map(
    ([name, what, status, again]): Module => [
      `fapi-ciba-id1-${name}`,
      what,
      async () => {
        calls.length = 0
        here.queued.length = 0
        const headers = { location: 'https://elsewhere.example.org/' }
        endpoint = () => new Response('body', { status, headers })
        const ack = await waiting(pinged)
        await approve()
        const held = here.queued.splice(0).filter(({ type }) => type === 'ping')
        await deliverOnce(here.composed, held)
        expect(held).toHaveLength(again)
        expect(calls.map(({ url }) => url)).toEqual([ENDPOINT])
        expect((await poll(ack.auth_req_id, pinged)).status).toBe(200)
      },
    ],
  ),
  [
    'fapi-ciba-id1-ensure-backchannel-authorization-request-without-request-fails',
    'what a strict client does not sign',
    async () => {
      const sent = { ...asked(nationalId), ...(await client.proved()) }
      expect(await refusal(await post('/bc-authorize', sent))).toBe('400 invalid_request')
    },
  ],
  [
    'fapi-ciba-id1-refresh-token',
    'the same person again; nothing for the second client',
    async () => {
      const ack = await waiting()
      await approve()
      const tokens = await (await poll(ack.auth_req_id)).json<Tokens>()
      const refresh = async (by: KeyedClient) => {
        const form = {
          grant_type: 'refresh_token',
          refresh_token: tokens.refresh_token,
          ...(await by.proved()),
        }
        return post('/token', form, { dpop: await key.prove({ url: `${issuer}/token`, nonce }) })
      }
      const next = await (await refresh(client)).json<Tokens>()
      expect((await verified(next)).sub).toBe((await verified(tokens)).sub)
      expect(await refusal(await refresh(second))).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi-ciba-id1-ensure-mtls-holder-of-key-required',
    'a key or a certificate: never neither',
    async () => {
      const ack = await waiting()
      await approve()
      expect(await refusal(await poll(ack.auth_req_id, client, {}, null))).toBe('400 invalid_request')
      expect((await poll(ack.auth_req_id)).status).toBe(200)
    },
  ],
]

it.each(MODULES)('%s: %s', async (_, __, run) => run())

describe('CIBA Core §7.1: what is not offered is left aside', () => {
  it('an id_token_hint whose sub is pairwise, which nobody can turn back: unknown_user_id (§13)', async () => {
    const paired = await KeyedClient.register(here, {
      ...signing,
      subject_type: 'pairwise',
      redirect_uris: ['https://logiciel.example.org/cb'],
      jwks: undefined,
      jwks_uri: JWKS,
    })
    published.push(paired.key.jwk)
    const ack = await waiting(paired)
    await approve()
    const { id_token } = await (await poll(ack.auth_req_id, paired)).json<Tokens>()
    expect(decodeJwt(id_token).sub).not.toContain(nationalId)
    const hinted = await object({ login_hint: undefined, id_token_hint: id_token }, paired)
    expect(await refusal(await begin(hinted, paired))).toBe('400 unknown_user_id')
  })

  it('user_code, which discovery says is not supported', async () => {
    const ack = await waiting(client, { user_code: '1234' })
    await deny()
    expect(await refusal(await poll(ack.auth_req_id))).toBe('400 access_denied')
  })
})
