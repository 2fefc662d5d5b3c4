import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  answer,
  authorize,
  CHALLENGE,
  locationOf,
  request,
  signIn,
  toMire,
  VERIFIER,
  world,
} from '../../actors/authorization.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'

const here = world()
const S256 = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }
let service: Service
let other: Service
beforeAll(async () => {
  service = await here.service()
  other = await here.service({ client_name: 'Messagerie' })
})
const codeOf = async (sent: Record<string, string>) => answer(await signIn(here.browser(), sent)).code ?? ''
const redeem = (by: Service, code: string, more: Record<string, string> = {}) =>
  by.post('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...more })
const refusal = async (response: Response) => (await response.json<{ error: string }>()).error

describe('RFC 9700 §4.4: mix-up', () => {
  const honest = (issuer: string): oauth.AuthorizationServer => ({
    issuer,
    authorization_response_iss_parameter_supported: true,
  })

  it('RFC 9207 §2.4: every answer says who answers, codes and refusals alike', async () => {
    expect(answer(await signIn(here.browser(), request(service))).iss).toBe(here.issuer)
    expect(answer(await authorize(here.browser(), request(service, { prompt: 'none' }))).iss).toBe(
      here.issuer,
    )
  })

  it('attack: our answer at a client that thinks it asked another server is thrown away', async () => {
    const back = locationOf(await signIn(here.browser(), request(service)))
    const client = { client_id: service.clientId }
    expect(() =>
      oauth.validateAuthResponse(honest('https://evil.example'), client, back, 'the state'),
    ).toThrow(/iss/)
    expect(() => oauth.validateAuthResponse(honest(here.issuer), client, back, 'the state')).not.toThrow()
  })

  it('attack: iss in the request, or in the redirect URI’s query, does not become the answer’s', async () => {
    const uri = 'https://dossier.example.test/cb?iss=https://evil.example'
    const own = await here.service({ redirect_uris: [uri] })
    const back = locationOf(
      await signIn(here.browser(), { ...request(own, { iss: 'https://evil.example' }), redirect_uri: uri }),
    )
    expect(back.searchParams.getAll('iss')).toEqual(['https://evil.example', here.issuer])
    const client = { client_id: own.clientId }
    expect(() => oauth.validateAuthResponse(honest(here.issuer), client, back, 'the state')).toThrow()
  })
})

describe('RFC 9700 §4.5: code injection', () => {
  it('attack: a stolen code at another client: refused, and good for nobody any more', async () => {
    const code = await codeOf(request(service))
    expect(await refusal(await redeem(other, code))).toBe('invalid_grant')
    expect(await refusal(await redeem(service, code))).toBe('invalid_grant')
  })

  it('attack: a stolen code in a flow of the attacker’s own, whose verifier is another', async () => {
    const code = await codeOf(request(service, S256))
    expect(await refusal(await redeem(service, code, { code_verifier: 'a'.repeat(43) }))).toBe(
      'invalid_grant',
    )
    expect(await refusal(await redeem(service, code, { code_verifier: VERIFIER }))).toBe('invalid_grant')
  })

  it('attack: a code used twice ends what it gave', async () => {
    const code = await codeOf(request(service))
    const tokens = await service.redeem(code)
    expect(await refusal(await redeem(service, code))).toBe('invalid_grant')
    expect(await service.userinfo(tokens.access_token)).toBe(401)
  })

  it('attack: a code of one redirect URI redeemed with another of the same client', async () => {
    const uris = [REDIRECT_URI, 'https://dossier.example.test/other']
    const two = await here.service({ redirect_uris: uris })
    const code = await codeOf(request(two))
    expect(await refusal(await redeem(two, code, { redirect_uri: uris[1] ?? '' }))).toBe('invalid_grant')
  })

  it.each(['', 'x', 'a.b', `${'A'.repeat(22)}.${'B'.repeat(43)}`])(
    'attack: a code that never was: %s',
    async (code) => {
      expect((await redeem(service, code)).status).toBe(400)
    },
  )
})

describe('RFC 9700 §2.1.1, §4.8.2: PKCE downgrade', () => {
  it('attack: the challenge stripped on the way: the verifier gives it away', async () => {
    const code = await codeOf(request(service))
    expect(await refusal(await redeem(service, code, { code_verifier: VERIFIER }))).toBe('invalid_grant')
  })

  it('attack: the verifier left out', async () => {
    const code = await codeOf(request(service, S256))
    expect(await refusal(await redeem(service, code))).toBe('invalid_grant')
  })

  it.each([
    ['plain', { code_challenge: VERIFIER, code_challenge_method: 'plain' }],
    ['plain by silence', { code_challenge: CHALLENGE }],
    ['a method in another case', { code_challenge: CHALLENGE, code_challenge_method: 's256' }],
    ['a method without a challenge', { code_challenge_method: 'S256' }],
    ['a short challenge', { code_challenge: 'a', code_challenge_method: 'S256' }],
  ])('attack: %s', async (_, more: Record<string, string>) => {
    expect(answer(await authorize(here.browser(), request(service, more)))).toMatchObject({
      error: 'invalid_request',
    })
  })

  it('attack: PKCE left out by a public client', async () => {
    const held = await here.service({ token_endpoint_auth_method: 'none' })
    expect(answer(await authorize(here.browser(), request(held)))).toMatchObject({ error: 'invalid_request' })
    expect(toMire(await authorize(here.browser(), request(held, S256)))).toBe(true)
    const pushed = await held.post('/par', request(held))
    expect(pushed.status).toBeGreaterThanOrEqual(400)
  })
})

describe('RFC 9700 §4.1: redirect URI tricks', () => {
  it.each([
    ['another case in the scheme', 'HTTPS://dossier.example.test/callback'],
    ['another case in the host', 'https://Dossier.example.test/callback'],
    ['another case in the path', 'https://dossier.example.test/Callback'],
    ['the default port said', 'https://dossier.example.test:443/callback'],
    ['another port', 'https://dossier.example.test:8443/callback'],
    ['a fragment', `${REDIRECT_URI}#`],
    ['a fragment with an address', `${REDIRECT_URI}#@evil.example`],
    ['a user', 'https://evil.example@dossier.example.test/callback'],
    ['the registered host as a user', 'https://dossier.example.test@evil.example/callback'],
    ['the registered host as a user and password', 'https://dossier.example.test:443@evil.example/callback'],
    ['a path that climbs', 'https://dossier.example.test/callback/../evil'],
    ['a path that climbs and comes back', 'https://dossier.example.test/x/../callback'],
    ['an encoded climb', 'https://dossier.example.test/callback/%2e%2e/evil'],
    ['an encoded slash', 'https://dossier.example.test%2fcallback'],
    ['a slash more', `${REDIRECT_URI}/`],
    ['two slashes', 'https://dossier.example.test//callback'],
    ['a path parameter', `${REDIRECT_URI};x`],
    ['a query', `${REDIRECT_URI}?next=https://evil.example`],
    ['a backslash', 'https://dossier.example.test\\@evil.example/callback'],
    ['a subdomain', 'https://evil.dossier.example.test/callback'],
    ['a domain that begins alike', 'https://dossier.example.test.evil.example/callback'],
    ['a domain that ends alike', 'https://evildossier.example.test/callback'],
    ['the root’s dot', 'https://dossier.example.test./callback'],
    ['no TLS', 'http://dossier.example.test/callback'],
    ['no scheme', '//dossier.example.test/callback'],
    ['javascript', 'javascript://dossier.example.test/callback%0aalert(1)'],
    ['data', 'data:text/html,x'],
    ['a wide letter (U+FF44)', 'https://ｄossier.example.test/callback'],
    ['a letter that looks alike (U+043E)', 'https://dоssier.example.test/callback'],
    ['a full stop that looks alike (U+3002)', 'https://dossier。example.test/callback'],
    ['a letter beyond the basic plane', 'https://dossier.example.test/callback𝒶'],
    ['a combining accent', 'https://dossier.example.test/callbac\u0301k'],
    ['text that turns around', `${REDIRECT_URI}\u202e`],
    ['a line break', `${REDIRECT_URI}\r\nLocation: https://evil.example`],
    ['a tab in the scheme', 'ht\ttps://dossier.example.test/callback'],
    ['a zero', `${REDIRECT_URI}\u0000`],
    ['a blank before', ` ${REDIRECT_URI}`],
    ['a list', `${REDIRECT_URI} https://evil.example`],
    ['punycode of the same', 'https://xn--dossier-.example.test/callback'],
  ])('attack: %s', async (_, uri) => {
    for (const more of [{}, { response_mode: 'form_post' }, { response_mode: 'jwt' }, { prompt: 'none' }]) {
      const response = await authorize(here.browser(), { ...request(service, more), redirect_uri: uri })
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
      expect(await response.text()).not.toMatch(/<form|http-equiv/)
    }
    const pushed = await service.post('/par', { ...request(service), redirect_uri: uri })
    expect(pushed.status).toBe(400)
  })

  it('RFC 6749 §3.1, attack: two of them', async () => {
    for (const uris of [
      [REDIRECT_URI, 'https://evil.example/'],
      ['https://evil.example/', REDIRECT_URI],
    ]) {
      const query = new URLSearchParams(request(service))
      query.delete('redirect_uri')
      for (const uri of uris) query.append('redirect_uri', uri)
      const response = await here.browser().ask(`/authorize?${query}`)
      expect(response.status).toBe(400)
      expect(response.headers.get('location')).toBeNull()
    }
  })

  it('RFC 9700 §4.11.2, attack: an error of ours does not send the browser where a stranger says', async () => {
    const sent = {
      client_id: 'unknown',
      redirect_uri: 'https://evil.example/',
      response_type: 'code',
      scope: 'openid',
    }
    const response = await authorize(here.browser(), sent)
    expect(response.status).toBe(400)
    expect(response.headers.get('location')).toBeNull()
  })
})
