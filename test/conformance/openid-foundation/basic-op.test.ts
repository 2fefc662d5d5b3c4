import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  type JSONWebKeySet,
  jwtVerify,
  UnsecuredJWT,
} from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import {
  answer,
  authorize,
  CHALLENGE,
  locationOf,
  prove,
  request,
  signIn,
  someone,
  toMire,
  VERIFIER,
  world,
} from '../../actors/authorization.ts'
import type { Browser } from '../../actors/browser.ts'
import { clientKey } from '../../actors/keyed-client.ts'
import { REDIRECT_URI, type Service, type Tokens } from '../../actors/service.ts'
import { passes } from '../federator.ts'

const here = world()
let service: Service
let other: Service
let signing: Service
const key = await clientKey('RS256')
beforeAll(async () => {
  service = await here.service()
  other = await here.service({ client_name: 'Messagerie' })
  signing = await here.service({ jwks: { keys: [key.jwk] } })
})

const get = async <T>(path: string): Promise<T> => (await here.network(`${here.issuer}${path}`, {})).json<T>()
const refusal = async (response: Response) =>
  `${response.status} ${(await response.json<{ error: string }>()).error}`
const seconds = () => Math.floor(Date.now() / 1000)

const form = (code: string, more: Record<string, string> = {}) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: REDIRECT_URI,
  ...more,
})

/** A whole flow as the suite's `oidcc-server` has it: the browser, the code, the tokens, and all that can be checked. */
async function flow(more: Record<string, string> = {}, browser = here.browser()) {
  const back = await signIn(browser, request(service, more))
  const { code = '', state, iss } = answer(back)
  expect({ state, iss }).toEqual({ state: 'the state', iss: here.issuer })
  const response = await service.post('/token', form(code))
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('content-type')).toContain('application/json')
  const tokens = await response.json<Tokens & { token_type: string; expires_in: number; scope: string }>()
  expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: expect.any(Number) })
  return { code, tokens, claims: await verified(tokens.id_token), browser }
}

/** OIDC Core §3.1.3.7: all that a relying party checks of an ID token. */
async function verified(idToken: string) {
  const keys = createLocalJWKSet(await get<JSONWebKeySet>('/jwks'))
  const { payload } = await jwtVerify(idToken, keys, {
    issuer: here.issuer,
    audience: service.clientId,
    algorithms: ['RS256'],
    requiredClaims: ['sub', 'iat', 'exp'],
    maxTokenAge: 60,
  })
  return payload
}

const userinfo = async (accessToken: string, how: 'get' | 'header' | 'body' = 'get') => {
  const init =
    how === 'body'
      ? { method: 'POST', body: new URLSearchParams({ access_token: accessToken }) }
      : { method: how === 'get' ? 'GET' : 'POST', headers: { authorization: `Bearer ${accessToken}` } }
  const response = await here.network(`${here.issuer}/userinfo`, init)
  expect(response.status).toBe(200)
  return response.json<Record<string, unknown>>()
}

/** A browser where somebody signed in some seconds ago, and the service knows them. */
async function signedIn(ago = 0): Promise<Browser> {
  const browser = here.browser()
  const who = someone('phr', after(systemClock(), -ago))
  await signIn(browser, request(service), who)
  await here.acquainted(who, service)
  return browser
}
const redeemed = async (response: Response) =>
  decodeJwt((await service.redeem(answer(response).code ?? '')).id_token)

/** What a scope of OIDC Core §5.4 gives; a scope that is not offered is left out, and the suite skips its module. */
const scoped = (scope: string) => async () => {
  const { scopes_supported } = await get<{ scopes_supported: string[] }>('/.well-known/openid-configuration')
  const { tokens, claims } = await flow({ scope: `openid ${scope}` })
  const offered = scope.split(' ').filter((one) => scopes_supported.includes(one))
  expect(tokens.scope.split(' ').toSorted()).toEqual(['openid', ...offered].toSorted())
  const told = await userinfo(tokens.access_token)
  expect(told.sub).toBe(claims.sub)
  for (const name of ['family_name', 'given_name'])
    expect(typeof told[name]).toBe(offered.includes('profile') ? 'string' : 'undefined')
}

type Module = readonly [name: string, what: string, run: () => Promise<void>]
const MODULES: readonly Module[] = [
  [
    'oidcc-server',
    'code, tokens, an ID token that every check of a relying party passes',
    async () => {
      const { claims, tokens } = await flow()
      expect(claims).toMatchObject({ nonce: 'the nonce', azp: service.clientId, sub: expect.any(String) })
      expect((await userinfo(tokens.access_token)).sub).toBe(claims.sub)
    },
  ],
  [
    'oidcc-response-type-missing',
    'invalid_request, to the service',
    async () => {
      const { response_type: _, ...sent } = request(service)
      expect(answer(await authorize(here.browser(), sent))).toMatchObject({
        error: 'invalid_request',
        state: 'the state',
      })
    },
  ],
  [
    'oidcc-idtoken-signature',
    'RS256, with the kid of a published key',
    async () => {
      const { tokens } = await flow()
      const { keys } = await get<JSONWebKeySet>('/jwks')
      const { alg, kid } = decodeProtectedHeader(tokens.id_token)
      expect(alg).toBe('RS256')
      expect(keys.filter((one) => one.kid === kid)).toHaveLength(1)
    },
  ],
  [
    'oidcc-idtoken-unsigned',
    'skipped by the suite: none is not offered, and cannot be registered',
    async () => {
      const metadata = await get<Record<string, string[]>>('/.well-known/openid-configuration')
      expect(metadata.id_token_signing_alg_values_supported).not.toContain('none')
      await expect(here.service({ id_token_signed_response_alg: 'none' })).rejects.toThrow('not registered')
    },
  ],
  ...(['get', 'header', 'body'] as const).map(
    (how): Module => [
      how === 'get' ? 'oidcc-userinfo-get' : `oidcc-userinfo-post-${how}`,
      'the claims of who signed in',
      async () => {
        const { tokens, claims } = await flow()
        expect(await userinfo(tokens.access_token, how)).toMatchObject({ sub: claims.sub })
      },
    ],
  ),
  [
    'oidcc-ensure-request-without-nonce-succeeds-for-code-flow',
    'no nonce in, none out',
    async () => {
      const { nonce: _, ...sent } = request(service)
      expect(await redeemed(await signIn(here.browser(), sent))).not.toHaveProperty('nonce')
    },
  ],
  ['oidcc-scope-profile', 'names', scoped('profile')],
  ['oidcc-scope-email', 'skipped by the suite: not offered', scoped('email')],
  ['oidcc-scope-address', 'skipped by the suite: not offered', scoped('address')],
  ['oidcc-scope-phone', 'skipped by the suite: not offered', scoped('phone')],
  ['oidcc-scope-all', 'those that are offered', scoped('profile email address phone')],
  [
    'oidcc-ensure-other-scope-order-succeeds',
    'openid last',
    async () => expect((await flow({ scope: 'profile openid' })).tokens.scope).toBe('openid profile'),
  ],
  ...(['page', 'popup'] as const).map(
    (display): Module => [
      `oidcc-display-${display}`,
      'is no reason to refuse',
      async () => void (await flow({ display })),
    ],
  ),
  [
    'oidcc-prompt-login',
    'the person signs in again, and auth_time says when',
    async () => {
      const browser = await signedIn(100)
      const first = await redeemed(await authorize(browser, request(service)))
      const asked = await authorize(browser, request(service, { prompt: 'login' }))
      expect(toMire(asked)).toBe(true)
      const second = await redeemed(await prove(browser, asked))
      expect(second.sub).toBe(first.sub)
      expect(Number(second.auth_time)).toBeGreaterThan(Number(first.auth_time))
    },
  ],
  [
    'oidcc-prompt-none-not-logged-in',
    'login_required',
    async () =>
      expect(answer(await authorize(here.browser(), request(service, { prompt: 'none' })))).toEqual({
        error: 'login_required',
        error_description: expect.any(String),
        state: 'the state',
        iss: here.issuer,
      }),
  ],
  [
    'oidcc-prompt-none-logged-in',
    'the same person, at the same auth_time',
    async () => {
      const browser = await signedIn(10)
      const first = await redeemed(await authorize(browser, request(service)))
      const second = await redeemed(await authorize(browser, request(service, { prompt: 'none' })))
      expect(second).toMatchObject({ sub: first.sub, auth_time: first.auth_time })
    },
  ],
  [
    'oidcc-max-age-1',
    'signs in again after more than a second',
    async () => {
      const browser = await signedIn(3)
      const asked = await authorize(browser, request(service, { max_age: '1' }))
      expect(toMire(asked)).toBe(true)
      expect(Number((await redeemed(await prove(browser, asked))).auth_time)).toBeGreaterThan(seconds() - 3)
    },
  ],
  [
    'oidcc-max-age-10000',
    'does not sign in again, and auth_time stays',
    async () => {
      const browser = await signedIn(3)
      const first = await redeemed(await authorize(browser, request(service, { max_age: '10000' })))
      const second = await redeemed(
        await authorize(browser, request(service, { max_age: '10000', prompt: 'none' })),
      )
      expect(second.auth_time).toBe(first.auth_time)
    },
  ],
  [
    'oidcc-ensure-request-with-unknown-parameter-succeeds',
    'what is not understood is left aside',
    async () => void (await flow({ extra: 'foobar' })),
  ],
  [
    'oidcc-id-token-hint',
    'with prompt=none, the person of the hint',
    async () => {
      const browser = await signedIn()
      const { id_token: hint } = await service.redeem(
        answer(await authorize(browser, request(service))).code ?? '',
      )
      const again = await authorize(browser, request(service, { prompt: 'none', id_token_hint: hint }))
      expect((await redeemed(again)).sub).toBe(decodeJwt(hint).sub)
    },
  ],
  [
    'oidcc-login-hint',
    'is no reason to refuse',
    async () => void (await flow({ login_hint: 'bob@example.test' })),
  ],
  ['oidcc-ui-locales', 'is no reason to refuse', async () => void (await flow({ ui_locales: 'se fr-FR' }))],
  ['oidcc-claims-locales', 'is no reason to refuse', async () => void (await flow({ claims_locales: 'se' }))],
  [
    'oidcc-ensure-request-with-acr-values-succeeds',
    'classes of nobody’s beside ours: the answer states what was reached',
    async () => {
      expect((await flow({ acr_values: '1 2 eidas1' })).claims.acr).toBe('eidas1')
      expect((await flow({ acr_values: '1 2' })).claims.acr).toBe('eidas1')
    },
  ],
  [
    'oidcc-codereuse',
    'invalid_grant, at once',
    async () => {
      const { code } = await flow()
      expect(await refusal(await service.post('/token', form(code)))).toBe('400 invalid_grant')
    },
  ],
  [
    'oidcc-codereuse-30seconds',
    'invalid_grant after half a minute, and what the code gave is revoked',
    async () => {
      const { code, tokens } = await flow()
      await passes(code, 30)
      expect(await refusal(await service.post('/token', form(code)))).toBe('400 invalid_grant')
      expect(await service.userinfo(tokens.access_token)).toBe(401)
    },
  ],
  [
    'oidcc-ensure-registered-redirect-uri',
    'an address of nobody’s is told to the person, and not followed',
    async () => {
      const response = await authorize(
        here.browser(),
        request(service, { redirect_uri: `${REDIRECT_URI}/x` }),
      )
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
    },
  ],
  [
    'oidcc-ensure-post-request-succeeds',
    'the same by POST',
    async () => {
      const browser = here.browser()
      const body = new URLSearchParams(request(service))
      const asked = await browser.ask('/authorize', { method: 'POST', body })
      expect(await redeemed(await prove(browser, asked))).toMatchObject({ nonce: 'the nonce' })
    },
  ],
  [
    'oidcc-server-client-secret-post',
    'the secret in the form',
    async () => {
      const posting = await here.service({ token_endpoint_auth_method: 'client_secret_post' })
      const { code = '' } = answer(await signIn(here.browser(), request(posting)))
      const secret = { client_id: posting.clientId, client_secret: posting.secret }
      const response = await here.network(`${here.issuer}/token`, {
        method: 'POST',
        body: new URLSearchParams(form(code, secret)),
      })
      expect(response.status).toBe(200)
    },
  ],
  [
    'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported',
    'request_uri_not_supported, and nothing is fetched',
    async () => {
      const before = here.asked.length
      const sent = request(service, { request_uri: 'https://dossier.example.test/request.jwt' })
      expect(answer(await authorize(here.browser(), sent))).toMatchObject({
        error: 'request_uri_not_supported',
      })
      expect(here.asked.length).toBe(before)
    },
  ],
  [
    'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported',
    'skipped by the suite: none is not offered, and is refused',
    async () => {
      const metadata = await get<Record<string, string[]>>('/.well-known/openid-configuration')
      expect(metadata.request_object_signing_alg_values_supported).not.toContain('none')
      const object = new UnsecuredJWT({ ...request(service), iss: service.clientId, aud: here.issuer })
      const sent = request(service, { request: object.encode() })
      expect(answer(await authorize(here.browser(), sent))).toMatchObject({ error: 'invalid_request_object' })
    },
  ],
  [
    'oidcc-claims-essential',
    'name is none of our claims, of which the suite warns; one that we have comes in userinfo only',
    async () => {
      const essential = { essential: true }
      const asked = JSON.stringify({ userinfo: { name: essential, given_name: essential } })
      const { tokens, claims } = await flow({ scope: 'openid', claims: asked })
      expect(await userinfo(tokens.access_token)).toMatchObject({ given_name: expect.any(String) })
      expect(claims).not.toHaveProperty('given_name')
    },
  ],
  [
    'oidcc-ensure-request-object-with-redirect-uri',
    'the address of the object counts, not the one beside it',
    async () => {
      const object = await key.sign({
        ...request(signing, { state: 'inside' }),
        iss: signing.clientId,
        aud: here.issuer,
        exp: seconds() + 60,
      })
      const sent = request(signing, { redirect_uri: 'https://invalid.example.test/cb', request: object })
      const back = await signIn(here.browser(), sent)
      expect(locationOf(back).href.startsWith(`${REDIRECT_URI}?`)).toBe(true)
      expect(answer(back)).toMatchObject({ state: 'inside', code: expect.any(String) })
    },
  ],
  [
    'oidcc-refresh-token',
    'a new ID token of the same sign-in; another client gets nothing for it',
    async () => {
      const { tokens, claims } = await flow()
      expect(tokens.refresh_token).toMatch(/^[\x21-\x7e]+$/)
      const refresh = { grant_type: 'refresh_token', refresh_token: tokens.refresh_token }
      const response = await service.post('/token', refresh)
      expect(response.status).toBe(200)
      const again = await response.json<Tokens>()
      const renewed = await verified(again.id_token)
      const { iss, sub, aud, auth_time, azp } = claims
      expect(renewed).toMatchObject({ iss, sub, aud, auth_time, azp })
      expect(renewed).not.toHaveProperty('nonce')
      expect(again.access_token).not.toBe(tokens.access_token)
      const foreign = { grant_type: 'refresh_token', refresh_token: again.refresh_token }
      expect(await refusal(await other.post('/token', foreign))).toBe('400 invalid_grant')
    },
  ],
  [
    'oidcc-ensure-request-with-valid-pkce-succeeds',
    'S256',
    async () => {
      const pkce = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
      const { code = '' } = answer(await signIn(here.browser(), request(service, pkce)))
      expect((await service.post('/token', form(code, { code_verifier: VERIFIER }))).status).toBe(200)
    },
  ],
]

it.each(MODULES)('%s: %s', async (_, __, run) => run())
