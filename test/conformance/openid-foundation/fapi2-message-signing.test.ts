import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { answer, toMire } from '../../actors/authorization.ts'
import { KeyedClient } from '../../actors/keyed-client.ts'
import { type Granted, refusal, seconds, strictFlow } from './strict-flow.ts'

const flow = await strictFlow()
const { issuer, asked, answered, desk, push, pushed, redeem } = flow
const jwks = async () => (await desk.fetch('/jwks', {}, {})).json<JSONWebKeySet>()

let client: KeyedClient
let second: KeyedClient
beforeAll(async () => {
  const signing = { require_signed_request_object: true, request_object_signing_alg: 'ES256' }
  client = await flow.client(signing)
  second = await flow.client({ client_name: 'Messagerie', ...signing })
})

/** A request object as the plan's client makes it; `undefined` leaves a claim out. */
const object = (
  change: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  by: KeyedClient = client,
) => by.key.sign(claims(change, by), { typ: 'oauth-authz-req+jwt', ...header })
const claims = (change: Record<string, unknown> = {}, by: KeyedClient = client) => ({
  ...asked(by),
  iss: by.clientId,
  aud: issuer,
  iat: seconds(),
  nbf: seconds(),
  exp: seconds() + 300,
  response_mode: 'jwt',
  ...change,
})

/** Refused where it is pushed. */
const refused = (make: () => Promise<string> | string) => async () =>
  expect(await refusal(await push(client, { request: await make() }))).toBe('400 invalid_request_object')
/** The whole flow, with the answer signed, to tokens. */
const succeeds =
  (change: Record<string, unknown> = {}) =>
  async () => {
    const response = await signedAnswer(await answered(client, { request: await object(change) }))
    expect(response).toMatchObject({ code: expect.any(String), state: 'the state' })
    expect((await redeem(client, String(response.code))).status).toBe(200)
  }
/** JARM §2.4: what a client checks of a signed answer. */
async function signedAnswer(back: Response, by: KeyedClient = client) {
  const { response = '', ...beside } = answer(back)
  expect(beside).toEqual({})
  const { payload, protectedHeader } = await jwtVerify(response, createLocalJWKSet(await jwks()), {
    issuer,
    audience: by.clientId,
    requiredClaims: ['exp'],
  })
  expect(protectedHeader.alg).toBe('ES256')
  expect(Number(payload.exp) - seconds()).toBeLessThanOrEqual(600)
  return payload
}

type Module = readonly [name: string, what: string, run: () => Promise<void>]
const MODULES: readonly Module[] = [
  [
    'fapi2-security-profile-final-discovery-end-point-verification',
    'JAR and JARM are offered with the profile’s algorithms',
    async () => {
      const some = expect.arrayContaining(['PS256', 'ES256', 'EdDSA'])
      expect(await flow.metadata()).toMatchObject({
        response_modes_supported: expect.arrayContaining(['jwt']),
        authorization_signing_alg_values_supported: some,
        request_object_signing_alg_values_supported: some,
        introspection_signing_alg_values_supported: some,
      })
    },
  ],
  ['fapi2-security-profile-final-happy-flow', 'signed on the way there and back', succeeds()],
  [
    'fapi2-security-profile-final-user-rejects-authentication',
    'the refusal is signed too',
    async () => {
      const browser = flow.browser()
      const uri = await pushed(client, { request: await object() })
      const path = (await flow.arrive(client, uri, browser)).headers.get('location') ?? ''
      const left = await browser.ask(`${path}/cancel`, { method: 'POST' })
      const response = await signedAnswer(await browser.ask(left.headers.get('location') ?? ''))
      expect(response).toMatchObject({ error: 'access_denied', state: 'the state' })
    },
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-multiple-aud-succeeds',
    'ours among them',
    succeeds({ aud: ['https://other.example.test', issuer] }),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted',
    'clocks differ',
    succeeds({ nbf: seconds() + 8, iat: seconds() + 8 }),
  ],
  ...(['nonce', 'state'] as const).map(
    (name): Module => [
      `fapi2-security-profile-final-ensure-different-${name}-inside-and-outside-request-object`,
      'what is signed counts',
      async () => {
        const response = await answered(client, { request: await object(), [name]: 'beside' })
        const { code, state } = await signedAnswer(response)
        expect(state).toBe('the state')
        const tokens = await (await redeem(client, String(code))).json<Granted>()
        expect(decodeJwt(tokens.id_token).nonce).toBe('the nonce')
      },
    ],
  ),
  [
    'fapi2-security-profile-final-state-only-outside-request-object-not-used',
    'a state that is not signed does not come back',
    async () => {
      const sent = { request: await object({ state: undefined }), state: 'beside' }
      expect(await signedAnswer(await answered(client, sent))).not.toHaveProperty('state')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-without-exp-fails',
    'exp is required',
    refused(() => object({ exp: undefined })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-without-nbf-fails',
    'nbf is required',
    refused(() => object({ nbf: undefined })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails',
    'although one stands beside it',
    async () => {
      const { redirect_uri = '' } = asked(client)
      const sent = { request: await object({ redirect_uri: undefined }), redirect_uri }
      expect(await refusal(await push(client, sent))).toBe('400 invalid_request')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-expired-request-object-fails',
    'five minutes ago',
    refused(() => object({ nbf: seconds() - 600, exp: seconds() - 300 })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-bad-aud-fails',
    'made for another server',
    refused(() => object({ aud: 'https://other.example.test' })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-exp-over-60-fails',
    '70 minutes ahead',
    refused(() => object({ exp: seconds() + 70 * 60 })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-exp-over-60-fails',
    '70 minutes after nbf',
    refused(() => object({ nbf: seconds() - 40 * 60, exp: seconds() + 30 * 60 })),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-nbf-over-60-fails',
    '70 minutes ago',
    refused(() => object({ nbf: seconds() - 70 * 60, exp: seconds() + 60 })),
  ],
  [
    'fapi2-security-profile-final-ensure-signed-request-object-with-RS256-fails',
    'by a key that may sign PS256',
    async () => {
      const { publicKey, privateKey } = await generateKeyPair('PS256', { extractable: true })
      const { alg: _, ...elliptic } = client.key.jwk
      const { service } = await flow.client({
        jwks: { keys: [elliptic, { ...(await exportJWK(publicKey)), kid: 'rsa' }] },
      })
      const both = new KeyedClient(service, client.key, issuer)
      const signed = async (alg: string) =>
        new SignJWT(claims({ ...asked(both), iss: both.clientId }))
          .setProtectedHeader({ alg, kid: 'rsa' })
          .sign(await importJWK(await exportJWK(privateKey), alg))
      const withRS256 = await push(both, { request: await signed('RS256') })
      expect(await refusal(withRS256)).toBe('400 invalid_request_object')
      expect((await push(both, { request: await signed('PS256') })).status).toBe(201)
    },
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-signature-algorithm-is-not-none',
    'alg none',
    refused(() => new UnsecuredJWT(claims()).encode()),
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-with-invalid-signature-fails',
    'another signature',
    refused(async () => `${(await object()).slice(0, -6)}AAAAAA`),
  ],
  [
    'fapi2-security-profile-final-ensure-matching-key-in-authorization-request',
    'signed with the second client’s key',
    refused(() => second.key.sign(claims(), {})),
  ],
  [
    'fapi2-security-profile-final-ensure-unsigned-request-at-par-endpoint-fails',
    'a client that signs all its requests',
    async () => expect(await refusal(await push(client, asked(client)))).toBe('400 invalid_request'),
  ],
  [
    'fapi2-security-profile-final-par-authorization-request-containing-request_uri',
    'inside the object',
    refused(() => object({ request_uri: 'urn:ietf:params:oauth:request_uri:x' })),
  ],
]

it.each(MODULES)('%s: %s', async (_, __, run) => run())

describe('FAPI 2.0 Message Signing §5.5: introspection', () => {
  it('is answered with a JWT, signed as the profile says, when asked so', async () => {
    const api = await flow.client({ serment_introspection: true, grant_types: ['client_credentials'] })
    const response = await flow.redeem(
      client,
      String((await signedAnswer(await answered(client, { request: await object() }))).code),
    )
    const { access_token } = await response.json<Granted>()
    const form = { token: access_token, ...(await api.proved()) }
    const headers = { accept: 'application/token-introspection+jwt' }
    const told = await desk.post('/introspect', form, { headers })
    expect(told.headers.get('content-type')).toBe('application/token-introspection+jwt')
    const jwt = new TextDecoder().decode(await told.arrayBuffer())
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: 'ES256', typ: 'token-introspection+jwt' })
    const { payload } = await jwtVerify(jwt, createLocalJWKSet(await jwks()), {
      issuer,
      audience: api.clientId,
    })
    expect(payload).toMatchObject({
      token_introspection: { active: true, cnf: { jkt: flow.key.thumbprint } },
    })
  })
})

it('a client that signs none of its requests need not: signing is each client’s own choice', async () => {
  const plain = await flow.client()
  expect(toMire(await flow.arrive(plain, await pushed(plain, asked(plain))))).toBe(true)
})
