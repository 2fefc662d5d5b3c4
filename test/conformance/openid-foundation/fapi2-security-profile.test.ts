import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import {
  base64url,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importJWK,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ObjectName } from '../../../src/kernel/identifiers.ts'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import {
  answer,
  authorize,
  CHALLENGE,
  locationOf,
  prove,
  toMire,
  VERIFIER,
} from '../../actors/authorization.ts'
import { clientKey, KeyedClient } from '../../actors/keyed-client.ts'
import { ProofKey, type ProofOf } from '../../actors/proof.ts'
import { REDIRECT_URI } from '../../actors/service.ts'
import { passes } from '../federator.ts'
import { type Granted, refusal, seconds, strictFlow } from './strict-flow.ts'

const flow = await strictFlow()
const { issuer, asked, answered, code, desk, granted, push, pushed, redeem, resource, token } = flow
let client: KeyedClient
let second: KeyedClient
let stranger: ProofKey
beforeAll(async () => {
  const grants = { grant_types: ['authorization_code', 'refresh_token'] }
  client = await flow.client(grants)
  second = await flow.client({ client_name: 'Messagerie', ...grants })
  stranger = await ProofKey.make()
})

/** Refused where it is pushed, before any browser is sent. */
const refusedPush =
  (change: Record<string, string | undefined>, expected = '400 invalid_request') =>
  async () =>
    expect(await refusal(await push(client, asked(client, change)))).toBe(expected)
/** The push is refused because of the client assertion. */
const refusedAssertion = (claims: Record<string, unknown>) => async () =>
  expect(await refusal(await push(client, asked(client), { assertion: claims, proof: null }))).toBe(
    '401 invalid_client',
  )
/** The whole flow with this in the request ends in tokens. */
const succeeds = (change: Record<string, string | undefined>) => async () => {
  const sent = asked(client, change)
  const back = answer(await answered(client, sent))
  expect({ state: back.state, iss: back.iss }).toEqual({ state: sent.state, iss: issuer })
  const response = await redeem(client, back.code ?? '')
  expect(response.status).toBe(200)
  expect(decodeJwt((await response.json<Granted>()).id_token).nonce).toBe(sent.nonce)
}
const sub = (granted: Granted) => decodeJwt(granted.id_token).sub

type Module = readonly [name: string, what: string, run: () => Promise<void>]
const MODULES: readonly Module[] = [
  [
    'fapi2-security-profile-final-discovery-end-point-verification',
    'what the profile needs is offered, under both well-known names',
    async () => {
      const metadata = await flow.metadata()
      const sibling = await desk.fetch('/.well-known/oauth-authorization-server', {}, {})
      expect(await sibling.json()).toEqual(metadata)
      const some = expect.arrayContaining(['PS256', 'ES256', 'EdDSA'])
      expect(metadata).toMatchObject({
        issuer,
        response_types_supported: ['code'],
        authorization_response_iss_parameter_supported: true,
        pushed_authorization_request_endpoint: `${issuer}/par`,
        require_pushed_authorization_requests: false,
        dpop_signing_alg_values_supported: some,
        tls_client_certificate_bound_access_tokens: true,
        id_token_signing_alg_values_supported: some,
        userinfo_signing_alg_values_supported: some,
        token_endpoint_auth_signing_alg_values_supported: some,
        token_endpoint_auth_methods_supported: expect.arrayContaining(['private_key_jwt', 'tls_client_auth']),
        code_challenge_methods_supported: ['S256'],
        scopes_supported: expect.arrayContaining(['openid']),
      })
    },
  ],
  [
    'fapi2-security-profile-final-happy-flow',
    'two clients, tokens bound to their key, at the resource',
    async () => {
      for (const each of [client, second]) {
        const tokens = await granted(each)
        expect(tokens.token_type).toBe('DPoP')
        expect(decodeProtectedHeader(tokens.id_token).alg).toBe('ES256')
        expect(decodeJwt(tokens.access_token).cnf).toEqual({ jkt: flow.key.thumbprint })
        expect(await (await resource(tokens.access_token)).json()).toMatchObject({ sub: sub(tokens) })
      }
    },
  ],
  [
    'fapi2-security-profile-final-user-rejects-authentication',
    'access_denied, with the state and iss',
    async () => {
      const browser = flow.browser()
      const path = locationOf(
        await flow.arrive(client, await pushed(client, asked(client)), browser),
      ).pathname
      const left = await browser.ask(`${path}/cancel`, { method: 'POST' })
      const back = await browser.ask(left.headers.get('location') ?? '')
      expect(answer(back)).toMatchObject({ error: 'access_denied', state: 'the state', iss: issuer })
    },
  ],
  [
    'fapi2-security-profile-final-ensure-authorization-request-without-state-success',
    'and none comes back',
    succeeds({ state: undefined }),
  ],
  [
    'fapi2-security-profile-final-ensure-authorization-request-without-nonce-success',
    'and none is in the ID token',
    succeeds({ nonce: undefined }),
  ],
  [
    'fapi2-security-profile-final-ensure-authorization-request-with-64-char-nonce-success',
    'as it was',
    succeeds({ nonce: 'n'.repeat(64) }),
  ],
  [
    'fapi2-security-profile-final-ensure-other-scope-order-succeeds',
    'openid last',
    succeeds({ scope: 'profile openid' }),
  ],
  [
    'fapi2-security-profile-final-test-claims-parameter-identity-claims',
    'claims asked for by name come in userinfo',
    async () => {
      const claims = JSON.stringify({ userinfo: { given_name: { essential: true }, family_name: null } })
      const tokens = await granted(client, { scope: 'openid', claims })
      expect(await (await resource(tokens.access_token)).json()).toMatchObject({
        given_name: expect.any(String),
        family_name: expect.any(String),
      })
    },
  ],
  [
    'fapi2-security-profile-final-access-token-type-header-case-sensitivity',
    'the scheme in any case',
    async () => {
      const { access_token } = await granted(client)
      for (const scheme of ['dpop', 'DPOP', 'dPoP'])
        expect((await resource(access_token, { scheme })).status).toBe(200)
    },
  ],
  [
    'fapi2-security-profile-final-check-dpop-proof-nbf-exp',
    'proofs that say from when and until when they hold',
    async () => {
      const times = { nbf: seconds(), exp: seconds() + 300 }
      const response = await redeem(client, await code(client), { proof: { claims: times } })
      const { access_token } = await response.json<Granted>()
      expect((await resource(access_token, { claims: times })).status).toBe(200)
    },
  ],
  ...([-10, 10] as const).map(
    (offset): Module => [
      `fapi2-security-profile-final-ensure-dpopproof-with-iat-10seconds-${offset < 0 ? 'before' : 'after'}-succeeds`,
      'clocks differ',
      async () => {
        const claims = { iat: seconds() + offset, ...(offset > 0 ? { nbf: seconds() + 9 } : {}) }
        const response = await redeem(client, await code(client), { proof: { claims } })
        const { access_token } = await response.json<Granted>()
        expect((await resource(access_token, { claims })).status).toBe(200)
      },
    ],
  ),
  [
    'fapi2-security-profile-final-ensure-mismatched-dpop-jkt-fails',
    'dpop_jkt of another key than the proof of the push',
    async () => {
      const sent = asked(client, { dpop_jkt: stranger.thumbprint })
      expect(await refusal(await push(client, sent, {}))).toBe('400 invalid_dpop_proof')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt',
    'pushed with a proof of one key, redeemed with another',
    async () => {
      const back = answer(await answered(client, asked(client), {}))
      expect(await refusal(await redeem(client, back.code ?? '', { key: stranger }))).toBe(
        '400 invalid_grant',
      )
    },
  ],
  [
    'fapi2-security-profile-final-ensure-token-endpoint-fails-with-mismatched-dpop-jkt',
    'dpop_jkt of one key, redeemed with another',
    async () => {
      const given = await code(client, { dpop_jkt: flow.key.thumbprint })
      expect(await refusal(await redeem(client, given, { key: stranger }))).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-dpopproof-at-par-endpoint-binding-success',
    'pushed with a proof, redeemed with the same key',
    async () => {
      const back = answer(await answered(client, asked(client), {}))
      expect((await redeem(client, back.code ?? '')).status).toBe(200)
    },
  ],
  [
    'fapi2-security-profile-final-ensure-dpop-auth-code-binding-success',
    'dpop_jkt of the key that redeems',
    async () => {
      const given = await code(client, { dpop_jkt: flow.key.thumbprint })
      expect((await redeem(client, given)).status).toBe(200)
    },
  ],
  ...(['nonce', 'state'] as const).map(
    (name): Module => [
      `fapi2-security-profile-final-ensure-different-${name}-inside-and-outside-request-object`,
      'what was pushed counts',
      async () => {
        const browser = flow.browser()
        const uri = await pushed(client, asked(client))
        const back = await prove(browser, await flow.arrive(client, uri, browser, { [name]: 'beside' }))
        expect(answer(back).state).toBe('the state')
        const tokens = await (await redeem(client, answer(back).code ?? '')).json<Granted>()
        expect(decodeJwt(tokens.id_token).nonce).toBe('the nonce')
      },
    ],
  ),
  [
    'fapi2-security-profile-final-ensure-authorization-request-with-long-nonce',
    '384 characters',
    succeeds({ nonce: 'n'.repeat(384) }),
  ],
  [
    'fapi2-security-profile-final-ensure-authorization-request-with-long-state',
    '1000 characters',
    succeeds({ state: 's'.repeat(1000) }),
  ],
  [
    'fapi2-security-profile-final-state-only-outside-request-object-not-used',
    'a state that was not pushed does not come back',
    async () => {
      const browser = flow.browser()
      const uri = await pushed(client, asked(client, { state: undefined }))
      const back = await prove(browser, await flow.arrive(client, uri, browser, { state: 'beside' }))
      expect(answer(back)).not.toHaveProperty('state')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-request-object-without-redirect-uri-fails',
    'although only one is registered',
    refusedPush({ redirect_uri: undefined }),
  ],
  [
    'fapi2-security-profile-final-ensure-registered-redirect-uri',
    'an address of nobody’s',
    refusedPush({ redirect_uri: 'https://dossier.example.test/other' }),
  ],
  [
    'fapi2-security-profile-final-plain-fapi-tolerate-unregistered-redirect-uri',
    'the suite allows either; refused',
    refusedPush({ redirect_uri: `${REDIRECT_URI}/other` }),
  ],
  [
    'fapi2-security-profile-final-ensure-unsigned-authorization-request-without-using-par-fails',
    'a strict client that sends its request with the browser',
    async () =>
      expect(answer(await authorize(flow.browser(), asked(client)))).toMatchObject({
        error: 'invalid_request',
        state: 'the state',
        iss: issuer,
      }),
  ],
  [
    'fapi2-security-profile-final-ensure-redirect-uri-in-authorization-request',
    'is required',
    refusedPush({ redirect_uri: undefined }),
  ],
  ...(['code id_token', 'token'] as const).map(
    (type): Module => [
      `fapi2-security-profile-final-ensure-response-type-${type === 'token' ? 'token' : 'code-idtoken'}-fails`,
      'code, and nothing else',
      refusedPush({ response_type: type }, '400 unsupported_response_type'),
    ],
  ),
  [
    'fapi2-security-profile-final-ensure-client-id-in-token-endpoint',
    'the second client’s name with the first client’s key',
    async () => {
      const given = await code(client)
      const form = { client_id: second.clientId }
      expect(await refusal(await redeem(client, given, { form }))).toBe('400 invalid_request')
      const claims = { iss: second.clientId, sub: second.clientId }
      expect(await refusal(await redeem(client, given, { form, assertion: claims }))).toBe(
        '401 invalid_client',
      )
    },
  ],
  [
    'fapi2-security-profile-final-ensure-holder-of-key-required',
    'no tokens without a proof',
    async () =>
      expect(await refusal(await redeem(client, await code(client), { proof: null }))).toBe(
        '400 invalid_request',
      ),
  ],
  [
    'fapi2-security-profile-final-ensure-authorization-code-is-bound-to-client',
    'another client’s code',
    async () => expect(await refusal(await redeem(second, await code(client)))).toBe('400 invalid_grant'),
  ],
  [
    'fapi2-security-profile-final-attempt-reuse-authorization-code-after-one-second',
    'refused, and what it gave is revoked',
    async () => {
      const given = await code(client)
      const { access_token } = await (await redeem(client, given)).json<Granted>()
      await passes(given, 1)
      expect(await refusal(await redeem(client, given))).toBe('400 invalid_grant')
      expect((await resource(access_token)).status).toBe(401)
    },
  ],
  [
    'fapi2-security-profile-final-ensure-token-endpoint-fails-with-expired-auth-code',
    'after a minute',
    async () => {
      const given = await code(client)
      await passes(given, 60)
      expect(await refusal(await redeem(client, given))).toBe('400 invalid_grant')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-signed-client-assertion-with-RS256-fails',
    'although a key for it is registered; nor can it be registered as the algorithm',
    async () => {
      const rsa = await generateKeyPair('PS256', { extractable: true })
      const { alg: _, ...elliptic } = client.key.jwk
      const both = await flow.client({
        jwks: { keys: [elliptic, { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' }] },
      })
      const signedWith = async (alg: string) => {
        const claims = { iss: both.clientId, sub: both.clientId, aud: issuer, jti: alg, exp: seconds() + 60 }
        const key = await importJWK(await exportJWK(rsa.privateKey), alg)
        const client_assertion = await new SignJWT(claims).setProtectedHeader({ alg, kid: 'rsa' }).sign(key)
        return push(both, asked(both), { form: { client_assertion }, proof: null })
      }
      expect((await signedWith('PS256')).status).toBe(201)
      expect(await refusal(await signedWith('RS256'))).toBe('401 invalid_client')
      await expect(flow.client({ token_endpoint_auth_signing_alg: 'RS256' })).rejects.toThrow(
        'invalid_client_metadata',
      )
    },
  ],
  [
    'fapi2-security-profile-final-ensure-client-assertion-in-token-endpoint',
    'no tokens without one',
    async () => {
      const form = { client_assertion: undefined, client_assertion_type: undefined }
      expect(await refusal(await redeem(client, await code(client), { form }))).toBe('401 invalid_client')
    },
  ],
  [
    'fapi2-security-profile-final-ensure-client-assertion-with-exp-is-5-minutes-in-past-fails',
    'invalid_client',
    refusedAssertion({ exp: seconds() - 300, iat: seconds() - 360 }),
  ],
  [
    'fapi2-security-profile-final-ensure-client-assertion-with-wrong-aud-fails',
    'made for another server',
    refusedAssertion({ aud: 'https://other.example.test' }),
  ],
  [
    'fapi2-security-profile-final-ensure-client-assertion-with-no-sub-fails',
    'invalid_client',
    refusedAssertion({ sub: undefined }),
  ],
  ...(
    [
      ['no aud', { aud: undefined }],
      ['no iss', { iss: undefined }],
      ['another iss', { iss: 'https://other.example.test' }],
      ['no exp', { exp: undefined }],
      ['no jti', { jti: undefined }],
    ] as const
  ).map(
    ([what, claims]): Module => [
      'fapi2-security-profile-final-ensure-invalid-client-assertions-fail',
      what,
      refusedAssertion(claims),
    ],
  ),
  [
    'fapi2-security-profile-final-refresh-token',
    'the same token again, never without a proof, never for another client',
    async () => {
      const first = await granted(client)
      expect(first.refresh_token).toMatch(/^[\x21-\x7e]+$/)
      const refreshed = { grant_type: 'refresh_token', refresh_token: first.refresh_token }
      const next = await (await token(client, refreshed)).json<Granted>()
      // FAPI 2.0 §5.3.2.1 (9): not rotated; and whoever lost the answer asks once more.
      expect(next.refresh_token).toBe(first.refresh_token)
      await passes(first.refresh_token, 30)
      expect((await token(client, refreshed)).status).toBe(200)
      expect(sub(next)).toBe(sub(first))
      expect((await resource(next.access_token)).status).toBe(200)
      expect(await refusal(await token(client, refreshed, { proof: null }))).toBe('400 invalid_request')
      expect(await refusal(await token(second, refreshed))).toBe('400 invalid_grant')
      expect((await token(client, refreshed)).status).toBe(200)
    },
  ],
  [
    'fapi2-security-profile-final-par-ensure-reused-request-uri-prior-to-auth-completion-succeeds',
    'only recommended, and the suite warns: a reference is spent by the first browser that shows it',
    async () => {
      const uri = await pushed(client, asked(client))
      expect(toMire(await flow.arrive(client, uri))).toBe(true)
      const again = await flow.arrive(client, uri)
      expect(again.status).toBe(400)
      expect(await again.text()).toContain('invalid_request_uri')
    },
  ],
  [
    'fapi2-security-profile-final-par-attempt-reuse-request_uri',
    'after the sign-in: an error page',
    async () => {
      const browser = flow.browser()
      const uri = await pushed(client, asked(client))
      await prove(browser, await flow.arrive(client, uri, browser))
      const again = await flow.arrive(client, uri, browser)
      expect(again.status).toBe(400)
      expect(await again.text()).toContain('invalid_request_uri')
    },
  ],
  [
    'fapi2-security-profile-final-par-attempt-to-use-expired-request_uri',
    'after expires_in, which is less than ten minutes',
    async () => {
      const response = await push(client, asked(client))
      const { request_uri, expires_in } = await response.json<{ request_uri: string; expires_in: number }>()
      expect(expires_in).toBeLessThan(600)
      const name = ObjectName.parse(
        request_uri.slice('urn:ietf:params:oauth:request_uri:'.length).split('.')[0],
      )
      await runInDurableObject(env.PUSHED_REQUEST.getByName(name), (object) => {
        object.clock = () => after(systemClock(), expires_in)
      })
      const late = await flow.arrive(client, request_uri)
      expect(late.status).toBe(400)
      expect(await late.text()).toContain('invalid_request_uri')
    },
  ],
  [
    'fapi2-security-profile-final-par-ensure-jwt-client-assertion-with-iat-nbf-8-seconds-in-the-future-is-accepted',
    'clocks differ',
    async () => {
      const ahead = { iat: seconds() + 8, nbf: seconds() + 8 }
      expect((await push(client, asked(client), { assertion: ahead, proof: null })).status).toBe(201)
    },
  ],
  [
    'fapi2-security-profile-final-par-ensure-jwt-client-assertion-with-iat-nbf-over-60-seconds-in-the-future-fails',
    'but not by more than a minute: iat',
    refusedAssertion({ iat: seconds() + 120, exp: seconds() + 200 }),
  ],
  [
    'fapi2-security-profile-final-par-ensure-jwt-client-assertion-with-iat-nbf-over-60-seconds-in-the-future-fails',
    'but not by more than a minute: nbf',
    refusedAssertion({ nbf: seconds() + 120, exp: seconds() + 200 }),
  ],
  [
    'fapi2-security-profile-final-par-attempt-to-use-request_uri-for-different-client',
    'the second client shows the first client’s reference',
    async () => {
      const told = await flow.arrive(second, await pushed(client, asked(client)))
      expect(told.status).toBe(400)
      expect(await told.text()).toContain('invalid_request_uri')
    },
  ],
  [
    'fapi2-security-profile-final-par-authorization-request-containing-request_uri-form-param',
    'invalid_request',
    refusedPush({ request_uri: 'urn:ietf:params:oauth:request_uri:x' }),
  ],
  [
    'fapi2-security-profile-final-par-attempt-invalid-http-method',
    'PUT is not allowed',
    async () => {
      const body = new URLSearchParams({ ...asked(client), ...(await client.proved()) })
      expect((await desk.fetch('/par', { method: 'PUT', body }, {})).status).toBe(405)
    },
  ],
  [
    'fapi2-security-profile-final-par-ensure-pkce-required',
    'invalid_request',
    refusedPush({ code_challenge: undefined, code_challenge_method: undefined }),
  ],
  [
    'fapi2-security-profile-final-ensure-pkce-code-verifier-required',
    'invalid_grant',
    async () =>
      expect(
        await refusal(await redeem(client, await code(client), { form: { code_verifier: undefined } })),
      ).toBe('400 invalid_grant'),
  ],
  [
    'fapi2-security-profile-final-incorrect-pkce-code-verifier-rejected',
    'invalid_grant',
    async () =>
      expect(
        await refusal(await redeem(client, await code(client), { form: { code_verifier: CHALLENGE } })),
      ).toBe('400 invalid_grant'),
  ],
  [
    'fapi2-security-profile-final-par-plain-pkce-rejected',
    'invalid_request',
    refusedPush({ code_challenge: VERIFIER, code_challenge_method: 'plain' }),
  ],
  [
    'fapi2-security-profile-final-par-without-duplicate-parameters',
    'client_id and request_uri are all that the browser carries',
    async () => expect(toMire(await flow.arrive(client, await pushed(client, asked(client))))).toBe(true),
  ],
  ...(
    [
      ['par-test-array-as-audience-fails', () => [issuer]],
      ['par-test-par-endpoint-as-audience-fails', () => `${issuer}/par`],
      ['par-test-token-endpoint-url-as-audience-fails', () => `${issuer}/token`],
    ] as const
  ).map(
    ([name, aud]): Module => [
      `fapi2-security-profile-final-${name}`,
      'the issuer, as text, is the only audience',
      refusedAssertion({ aud: aud() }),
    ],
  ),
]

it.each(MODULES)('%s: %s', async (_, __, run) => run())

describe('fapi2-security-profile-final-dpop-negative-tests', () => {
  let accessToken: string
  beforeAll(async () => {
    accessToken = (await granted(client)).access_token
  })

  it.each<[string, Parameters<typeof resource>[1]]>([
    ['the header in capitals', { header_: 'DPOP' }],
    ['htu with a query and a fragment', { url: `${issuer}/userinfo?a=b#c` }],
    ['htu in another case', { url: `${issuer.replace('localhost', 'LOCALHOST')}/userinfo` }],
    ['members that nobody knows', { claims: { extra: 1 }, header: { extra: 'x' } }],
  ])('accepted: %s', async (_, change) => {
    expect((await resource(accessToken, change)).status).toBe(200)
  })

  it.each<[string, ProofOf & { key?: ProofKey }]>([
    ['no typ', { header: { typ: undefined } }],
    ['another typ', { header: { typ: 'JWT' } }],
    ['no jwk', { header: { jwk: undefined } }],
    ['no jti', { claims: { jti: undefined } }],
    ['no htm', { claims: { htm: undefined } }],
    ['another htm', { claims: { htm: 'PUT' } }],
    ['no htu', { claims: { htu: undefined } }],
    ['another htu', { url: 'https://other.example.test/userinfo' }],
    ['no iat', { claims: { iat: undefined } }],
    ['iat an hour ahead', { claims: { iat: seconds() + 3600 } }],
    ['iat an hour ago', { claims: { iat: seconds() - 3600 } }],
    ['no ath', { claims: { ath: undefined } }],
    ['another ath', { claims: { ath: 'A'.repeat(43) } }],
  ])('refused: %s', async (_, change) => {
    expect((await resource(accessToken, change)).status).toBe(401)
  })

  it('refused: another key than the token’s, or its own signed by another', async () => {
    expect((await resource(accessToken, { key: stranger })).status).toBe(401)
    const forged = { key: stranger, header: { jwk: flow.key.publicJwk } }
    expect((await resource(accessToken, forged)).status).toBe(401)
  })

  const send = (dpop: string, scheme = 'DPoP') =>
    desk.fetch('/userinfo', {}, { headers: { authorization: `${scheme} ${accessToken}`, dpop } })
  const proof = (more: ProofOf = {}) =>
    flow.key.prove({ method: 'GET', url: `${issuer}/userinfo`, accessToken, nonce: flow.nonce, ...more })

  it('refused: two proofs, half a proof, alg none, no signature, a private key in jwk', async () => {
    expect((await send(`${await proof()}, ${await proof()}`)).status).toBe(401)
    const [header = '', claims = '', signature = ''] = (await proof()).split('.')
    expect((await send(`${header}.${claims}`)).status).toBe(401)
    const none = btoa(JSON.stringify({ alg: 'none', typ: 'dpop+jwt', jwk: flow.key.publicJwk })).replace(
      /=/g,
      '',
    )
    expect((await send(`${none}.${claims}.`)).status).toBe(401)
    expect((await send(`${header}.${claims}.${signature.slice(0, -6)}AAAAAA`)).status).toBe(401)
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const secret = await exportJWK(privateKey)
    const jwt = new SignJWT({
      jti: 'x',
      htm: 'GET',
      htu: `${issuer}/userinfo`,
      iat: seconds(),
      nonce: flow.nonce,
    })
    expect(await exportJWK(publicKey)).not.toHaveProperty('d')
    const shown = await jwt
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: secret })
      .sign(privateKey)
    expect((await send(shown)).status).toBe(401)
  })

  it('refused: the same proof twice', async () => {
    const once = await proof()
    expect((await send(once)).status).toBe(200)
    expect((await send(once)).status).toBe(401)
  })

  it('refused: RS256 (FAPI 2.0 §5.4.1), at the resource and at the token endpoint', async () => {
    const rsa = await ProofKey.make('RS256')
    expect((await resource(accessToken, { key: rsa })).status).toBe(401)
    expect(await refusal(await redeem(client, await code(client), { key: rsa }))).toBe(
      '400 invalid_dpop_proof',
    )
  })

  it('refused: the token as a bearer token', async () => {
    expect((await send(await proof(), 'Bearer')).status).toBe(401)
  })
})

describe('FAPI 2.0 Security Profile: what strict implies cannot be registered away', () => {
  it('§5.3.2.1, §5.3.2.2, §5.4.1: what is not said is raised, and told', async () => {
    expect(client.service.registered).toMatchObject({
      serment_profile: 'strict',
      require_pushed_authorization_requests: true,
      id_token_signed_response_alg: 'ES256',
      authorization_signed_response_alg: 'ES256',
      introspection_signed_response_alg: 'ES256',
    })
  })

  it.each([
    ['§5.3.2.1 (6): a secret', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['§5.3.2.1 (6): a secret in the form', { token_endpoint_auth_method: 'client_secret_post' }],
    ['§5.3.2.1 (3): a public client', { token_endpoint_auth_method: 'none' }],
    ['§5.3.2.2 (3): requests that are not pushed', { require_pushed_authorization_requests: false }],
    [
      '§5.3.2.1 (4): bearer tokens',
      { dpop_bound_access_tokens: false, tls_client_certificate_bound_access_tokens: false },
    ],
    ['§5.3.2.2 (8): a redirect URI without TLS', { redirect_uris: ['http://localhost:3000/cb'] }],
    ['§5.4.1: ID tokens by RS256', { id_token_signed_response_alg: 'RS256' }],
    ['§5.4.1: userinfo by RS256', { userinfo_signed_response_alg: 'RS256' }],
    ['§5.4.1: JARM by RS256', { authorization_signed_response_alg: 'RS256' }],
    ['§5.4.1: introspection by RS256', { introspection_signed_response_alg: 'RS256' }],
    ['§5.4.1: request objects by RS256', { request_object_signing_alg: 'RS256' }],
    ['§5.4.1: assertions by ES384', { token_endpoint_auth_signing_alg: 'ES384' }],
  ])('%s', async (_, metadata) => {
    await expect(flow.client(metadata)).rejects.toThrow('invalid_client_metadata')
  })

  it('§5.4.1: an assertion by an RSA key of 1024 bits', async () => {
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 }
    const weak = await crypto.subtle.generateKey(
      { ...algorithm, modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) },
      true,
      ['sign', 'verify'],
    )
    if (!('privateKey' in weak)) throw new Error('no pair of keys')
    const { kty, n, e } = await exportJWK(weak.publicKey)
    const { service } = await flow.client({ jwks: { keys: [{ kty, n, e, kid: 'weak' }] } })
    const claims = {
      iss: service.clientId,
      sub: service.clientId,
      aud: issuer,
      jti: 'w',
      exp: seconds() + 60,
    }
    const parts = [{ alg: 'PS256', kid: 'weak' }, claims].map((part) =>
      base64url.encode(JSON.stringify(part)),
    )
    const signature = await crypto.subtle.sign(
      algorithm,
      weak.privateKey,
      new TextEncoder().encode(parts.join('.')),
    )
    const client_assertion = [...parts, base64url.encode(new Uint8Array(signature))].join('.')
    const by = new KeyedClient(service, client.key, issuer)
    const told = await push(by, asked(by), { form: { client_assertion }, proof: null })
    expect(await refusal(told)).toBe('401 invalid_client')
  })

  it('§5.3.2.1 (2): the password grant', async () => {
    const form = { grant_type: 'password', username: 'a', password: 'b' }
    expect(await refusal(await token(client, form))).toBe('400 unsupported_grant_type')
  })

  it('§5.3.2.2 (4): a push without client authentication', async () => {
    const form = { client_assertion: undefined, client_assertion_type: undefined }
    expect(await refusal(await push(client, asked(client), { form, proof: null }))).toBe('401 invalid_client')
  })

  it('§5.2.3 (3): the authorization endpoint is not for scripts of other origins', async () => {
    const headers = { origin: 'https://elsewhere.example.test' }
    const response = await desk.fetch(
      `/authorize?${new URLSearchParams(asked(client))}`,
      { redirect: 'manual' },
      { headers },
    )
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
  })

  it('§5.3.2.2 (10), (11): browsers are redirected with 303', async () => {
    const arrived = await flow.arrive(client, await pushed(client, asked(client)))
    expect(arrived.status).toBe(303)
    expect((await answered(client, asked(client))).status).toBe(303)
  })

  it('§5.4.2: keys that the client publishes by reference or by value, never both', async () => {
    const { jwk } = await clientKey()
    const both = { jwks: { keys: [jwk] }, jwks_uri: 'https://dossier.example.com/jwks' }
    await expect(flow.client(both)).rejects.toThrow('invalid_client_metadata')
  })
})
