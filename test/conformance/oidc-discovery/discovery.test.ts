import {
  createLocalJWKSet,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  jwtVerify,
  SignJWT,
} from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { JWT_BEARER } from '../../../src/protocol/oauth/client-credentials.ts'
import { providerMetadata } from '../../../src/protocol/oidc/discovery.ts'
import { holderOf } from '../../actors/passkey-holder.ts'
import {
  answerOf,
  authorize,
  type Client,
  codeFor,
  fetch,
  issuer,
  locationOf,
  newBrowser,
  Person,
  random,
  redemption,
  refreshing,
  registered,
  request,
  throughMire,
  token,
  userinfo,
} from '../federator.ts'

const get = (url: string) => fetch(new Request(url, { redirect: 'manual' }))
const listed = async () =>
  (await get(`${issuer}/.well-known/openid-configuration`)).json<ReturnType<typeof providerMetadata>>()
/** The lists as the code has them, for the tables; the first test holds the document to be this. */
const metadata = providerMetadata({ issuer, registrationOpen: true, claims: [] })

const keys = async () =>
  createLocalJWKSet(await (await get(metadata.jwks_uri)).json<Parameters<typeof createLocalJWKSet>[0]>())
const refuses = (metadata: Record<string, unknown>) =>
  expect(registered(metadata)).rejects.toThrow(/expected 400 to be 201/)

let person: Person
let client: Client
beforeAll(async () => {
  person = await Person.who()
  client = await registered()
})

describe('OIDC Discovery §3: what is advertised is true', () => {
  it('the document is the one that these tables hold to account', async () => {
    const { claims_supported: _, ...rest } = await listed()
    const { claims_supported: __, ...expected } = metadata
    expect(rest).toEqual(expected)
  })

  it.each(
    Object.entries(metadata).flatMap(([name, value]) =>
      /_(?:endpoint|uri)$/.test(name) ? [[name, String(value)] as const] : [],
    ),
  )('%s answers at %s', async (_, url) => {
    const [got, posted] = [await get(url), await fetch(new Request(url, { method: 'POST' }))]
    expect([got.status, posted.status].some((status) => status !== 404)).toBe(true)
  })

  it.each(metadata.id_token_signing_alg_values_supported)('ID tokens signed with %s', async (alg) => {
    const of = await registered({ id_token_signed_response_alg: alg })
    const { body } = await token(of, redemption(await codeFor(of, person)))
    expect(decodeProtectedHeader(body.id_token).alg).toBe(alg)
    const { payload } = await jwtVerify(body.id_token, await keys(), { issuer, audience: of.client_id })
    expect(payload).toMatchObject({ nonce: 'the nonce', acr: 'eidas1' })
    const { claims_supported } = await listed()
    const own = ['session_state']
    expect(Object.keys(payload).filter((name) => ![...claims_supported, ...own].includes(name))).toEqual([])
  })

  it.each(metadata.userinfo_signing_alg_values_supported)('userinfo signed with %s', async (alg) => {
    const of = await registered({ userinfo_signed_response_alg: alg })
    const { body } = await token(of, redemption(await codeFor(of, person)))
    const answer = await userinfo(body.access_token)
    expect(answer.headers.get('content-type')).toBe('application/jwt')
    const jwt = new TextDecoder().decode(await answer.arrayBuffer())
    const { payload, protectedHeader } = await jwtVerify(jwt, await keys(), {
      issuer,
      audience: of.client_id,
    })
    expect(protectedHeader.alg).toBe(alg)
    // Not an ID token: what is signed for another purpose names nobody at /authorize (RFC 8725 §3.11).
    expect(payload.exp).toBeUndefined()
    const hinted = await authorize(newBrowser(), request(of, { id_token_hint: jwt }))
    expect(answerOf(hinted).error).toBe('invalid_request')
  })

  it.each(['none', 'HS256', 'RS512', 'ES512', 'ES256K'])('and no other algorithm: %s', async (alg) => {
    await refuses({ id_token_signed_response_alg: alg })
    await refuses({ userinfo_signed_response_alg: alg })
  })

  it.each(metadata.token_endpoint_auth_methods_supported.filter((method) => method !== 'private_key_jwt'))(
    'client authentication by %s',
    async (method) => {
      const of = await registered({ token_endpoint_auth_method: method })
      const code = await codeFor(of, person)
      const inForm = method === 'client_secret_post' ? { client_secret: of.client_secret ?? '' } : {}
      const by = method === 'client_secret_basic' ? of : { client_id: of.client_id }
      expect((await token(by, { ...redemption(code), ...inForm })).status).toBe(200)
    },
  )

  const asserting = async (alg: string, signedWith = alg) => {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
    const of = await registered({
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
    })
    const assertion = await new SignJWT({ jti: random().toString() })
      .setProtectedHeader({ alg: signedWith })
      .setIssuer(of.client_id)
      .setSubject(of.client_id)
      .setAudience(issuer)
      .setExpirationTime('1m')
      .sign(privateKey)
    const form = { ...redemption(await codeFor(of, person)), client_assertion_type: JWT_BEARER }
    return token({ client_id: of.client_id }, { ...form, client_assertion: assertion })
  }
  it.each(metadata.token_endpoint_auth_signing_alg_values_supported)(
    'client authentication by private_key_jwt, signed with %s',
    async (alg) => expect((await asserting(alg)).status).toBe(200),
  )
  it.each(['RS512', 'PS384', 'ES512'])('and no other: private_key_jwt signed with %s', async (alg) => {
    expect(await asserting(alg)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
  it.each(['client_secret_jwt'])('and no other: %s', (token_endpoint_auth_method) =>
    refuses({ token_endpoint_auth_method }),
  )

  it.each(metadata.scopes_supported)('the scope %s is granted where it is asked for', async (scope) => {
    const asked = [...new Set(['openid', scope])].join(' ')
    const { body } = await token(client, redemption(await codeFor(client, person, { scope: asked })))
    expect(z.object({ scope: z.string() }).parse(body).scope.split(' ')).toContain(scope)
    const { claims_supported } = await listed()
    const told = Object.keys(await (await userinfo(body.access_token)).json<Record<string, unknown>>())
    expect(told.filter((name) => !claims_supported.includes(name))).toEqual([])
  })
  it('RFC 6749 §3.3: another is left out, and the response says so', async () => {
    const scope = 'openid address'
    const { body } = await token(client, redemption(await codeFor(client, person, { scope })))
    expect(z.object({ scope: z.string() }).parse(body).scope).toBe('openid')
  })

  it.each(metadata.prompt_values_supported)('prompt=%s is understood', async (prompt) => {
    const browser = newBrowser()
    await codeFor(client, person, {}, browser)
    const answer = await authorize(browser, request(client, { prompt }))
    if (prompt === 'none') expect(answerOf(answer).code).toBeTruthy()
    else expect(locationOf(answer).pathname).toMatch(/^\/login\//)
  })
  it('and no other: prompt=create', async () => {
    const answer = await authorize(newBrowser(), request(client, { prompt: 'create' }))
    expect(answerOf(answer).error).toBe('invalid_request')
  })

  it.each(metadata.acr_values_supported)(
    'acr_values=%s can be reached, and is stated',
    async (acr_values) => {
      const strong = await Person.who()
      strong.passkey = await holderOf(strong.id, issuer, { synced: false })
      const { body } = await token(client, redemption(await codeFor(client, strong, { acr_values })))
      const { payload } = await jwtVerify(body.id_token, await keys())
      expect(payload.acr).toBe(acr_values)
    },
  )
  it('EAP ACR Values 1.0 §2: phrh is not stated of a passkey that is copied between devices', async () => {
    const { body } = await token(client, redemption(await codeFor(client, person, { acr_values: 'phrh' })))
    expect((await jwtVerify(body.id_token, await keys())).payload.acr).toBe('phr')
  })

  it('response_types: code, and no other', async () => {
    expect(metadata.response_types_supported).toEqual(['code'])
    const error = async (change: Record<string, string>) =>
      answerOf(await authorize(newBrowser(), request(client, change))).error
    for (const response_type of ['token', 'id_token', 'code id_token', 'none'])
      expect(await error({ response_type })).toBe('unsupported_response_type')
    expect(await error({ response_mode: 'fragment' })).toBe('invalid_request')
  })
  it.each(metadata.response_modes_supported)('response_mode=%s is taken', async (response_mode) => {
    const answer = await authorize(newBrowser(), request(client, { response_mode }))
    expect(locationOf(answer).pathname).toMatch(/^\/login\//)
  })

  it('grant_types: nothing of a password, and nothing without a code', async () => {
    const { body } = await token(client, redemption(await codeFor(client, person)))
    expect((await token(client, refreshing(body.refresh_token))).status).toBe(200)
    for (const grant_type of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:jwt-bearer'])
      expect(await token(client, { grant_type })).toMatchObject({ body: { error: 'unsupported_grant_type' } })
  })
  it.each(metadata.grant_types_supported)('grant_type=%s is known', async (grant_type) => {
    const { body } = await token(client, { grant_type })
    expect(body).not.toMatchObject({ error: 'unsupported_grant_type' })
  })

  it.each([
    ['request_uri', 'request_uri_not_supported'],
    ['registration', 'registration_not_supported'],
  ])('OIDC Core §3.1.2.6: what is said not to be is refused by name, %s', async (name, error) => {
    expect(answerOf(await authorize(newBrowser(), request(client, { [name]: 'x' }))).error).toBe(error)
  })

  it('subject_types: public ones are the same for two services, pairwise ones are not', async () => {
    expect(metadata.subject_types_supported).toEqual(['public', 'pairwise'])
    const sub = async (of: Client) => {
      const { body } = await token(of, redemption(await codeFor(of, person)))
      return (await jwtVerify(body.id_token, await keys())).payload.sub
    }
    expect(await sub(client)).toBe(await sub(await registered()))
    expect(await sub(await registered({ subject_type: 'pairwise' }))).not.toBe(await sub(client))
  })

  it.each(metadata.ui_locales_supported)('ui_locales=%s', async (ui_locales) => {
    const browser = newBrowser()
    const asked = await authorize(browser, request(client, { ui_locales }))
    const page = await (await browser.ask(locationOf(asked).pathname)).text()
    expect(page).toContain(`<html lang="${ui_locales}"`)
  })

  it('RFC 9207 §3: iss is in every answer', async () => {
    const browser = newBrowser()
    const { answer } = await throughMire(browser, await authorize(browser, request(client)), person)
    expect(answer.iss).toBe(issuer)
  })
})

describe('RFC 7591 §3.2.2: registration refuses', () => {
  it.each([
    ['a scope that no request could hold', { scope: 'openid  profile' }],
    ['a scope with a quote', { scope: 'open"id' }],
  ])('%s (RFC 6749 §3.3)', (_, metadata) => refuses(metadata))
})
