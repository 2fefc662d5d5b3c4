import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { KeyedClient } from '../../actors/keyed-client.ts'
import { ProofKey, type ProofOf } from '../../actors/proof.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const { issuer } = desk
const url = `${issuer}/token`
const userinfoUrl = `${issuer}/userinfo`

let key: ProofKey
let other: ProofKey
let nonce: string
let confidential: Service
let open: Service
let bound: Service
let strict: KeyedClient
beforeAll(async () => {
  key = await ProofKey.make()
  other = await ProofKey.make()
  confidential = await desk.service()
  open = await desk.service({ token_endpoint_auth_method: 'none' })
  bound = await desk.service({ dpop_bound_access_tokens: true })
  strict = await KeyedClient.register(desk)
  nonce = await desk.nonce(key)
})

interface Answer {
  readonly error?: string
  readonly error_description?: string
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
}

/** A proof for the token endpoint with the nonce of the day. */
const proof = (change: ProofOf = {}, by = key) => by.prove({ url, nonce, ...change })

const codeForm = (code: string, by: Service) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: REDIRECT_URI,
  client_id: by.clientId,
})
const credentials = (by: Service) => (by === open ? {} : { authorization: by.authorization })

async function redeem(by: Service, dpop: string | undefined, binding: { jkt?: string } = {}) {
  const { code } = await by.signIn(binding)
  const headers = { ...credentials(by), ...(dpop === undefined ? {} : { dpop }) }
  const response = await desk.token(codeForm(code, by), { headers })
  return { response, body: await response.json<Answer>() }
}

async function redeemStrict(dpop: string | undefined): Promise<Answer> {
  const { code } = await strict.service.signIn()
  const form = { ...codeForm(code, strict.service), ...(await strict.proved()) }
  const response = await desk.token(form, { headers: dpop === undefined ? {} : { dpop } })
  return response.json<Answer>()
}

/** A token that is bound to `key`. */
const boundToken = async (by = confidential) => (await redeem(by, await proof())).body

async function refresh(by: Service, refreshToken: string, dpop: string | undefined) {
  const headers = { ...credentials(by), ...(dpop === undefined ? {} : { dpop }) }
  const form = { grant_type: 'refresh_token', refresh_token: refreshToken, client_id: by.clientId }
  return (await desk.token(form, { headers })).json<Answer>()
}

async function userinfo(token: string, change: ProofOf | undefined, by = key, scheme = 'DPoP') {
  const dpop =
    change === undefined
      ? {}
      : { dpop: await by.prove({ method: 'GET', url: userinfoUrl, accessToken: token, nonce, ...change }) }
  return desk.userinfo(token, { headers: dpop }, scheme)
}

describe('RFC 9449: grants', () => {
  it('§5: a token bound to the key of the proof, and §6.1: its cnf', async () => {
    const { response, body } = await redeem(confidential, await proof())
    expect(response.status).toBe(200)
    expect(body.token_type).toBe('DPoP')
    const jwks = await (await desk.fetch('/jwks', {}, {})).json<JSONWebKeySet>()
    const { payload } = await jwtVerify(body.access_token, createLocalJWKSet(jwks), { typ: 'at+jwt', issuer })
    expect(payload.cnf).toEqual({ jkt: key.thumbprint })
  })

  it('§5: without a proof, a bearer token as before', async () => {
    const { body } = await redeem(confidential, undefined)
    expect(body.token_type).toBe('Bearer')
    expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf')
  })

  it('§7.1: userinfo, with the proof of the token', async () => {
    const { access_token: token } = await boundToken()
    const response = await userinfo(token, {})
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ family_name: 'TESTEUR' })
  })

  it('§7.1: userinfo by POST', async () => {
    const { access_token: token } = await boundToken()
    const dpop = await key.prove({ method: 'POST', url: userinfoUrl, accessToken: token, nonce })
    const headers = { authorization: `DPoP ${token}`, dpop }
    expect((await desk.fetch('/userinfo', { method: 'POST' }, { headers })).status).toBe(200)
  })

  it('§10: a code bound by dpop_jkt, to whoever holds the key', async () => {
    expect((await redeem(confidential, await proof(), { jkt: key.thumbprint })).response.status).toBe(200)
  })

  it('§5: a public client refreshes with the same key', async () => {
    const first = await boundToken(open)
    const second = await refresh(open, first.refresh_token, await proof())
    expect(second.token_type).toBe('DPoP')
    expect(decodeJwt(second.access_token).cnf).toEqual({ jkt: key.thumbprint })
  })

  it('§5: a confidential client may change its key when it refreshes', async () => {
    const first = await boundToken()
    const second = await refresh(confidential, first.refresh_token, await proof({}, other))
    expect(decodeJwt(second.access_token).cnf).toEqual({ jkt: other.thumbprint })
  })

  it('FAPI 2.0 §5.3.2.1: a strict client gets tokens with a proof', async () => {
    expect((await redeemStrict(await proof())).token_type).toBe('DPoP')
  })

  it('§8.2, §9: every answer to a proof carries a nonce, readable by a page of any origin', async () => {
    const { code } = await open.signIn()
    const headers = { dpop: await proof(), origin: 'https://app.example.test' }
    const token = await desk.token(codeForm(code, open), { headers })
    expect(token.headers.get('dpop-nonce')).toMatch(/^[\w-]{22}$/)
    expect(token.headers.get('access-control-expose-headers')).toContain('DPoP-Nonce')
    const { access_token } = await token.json<Answer>()
    expect((await userinfo(access_token, {})).headers.get('dpop-nonce')).toMatch(/^[\w-]{22}$/)
    const preflight = await desk.fetch(
      '/token',
      { method: 'OPTIONS' },
      { headers: { origin: 'https://app.example.test', 'access-control-request-method': 'POST' } },
    )
    expect(preflight.headers.get('access-control-allow-headers')).toContain('DPoP')
  })

  it('costs one object call more, and no query, at both endpoints', async () => {
    const { code } = await confidential.signIn()
    const headers = { authorization: confidential.authorization, dpop: await proof() }
    let token = ''
    const atToken = await desk.cost(async () => {
      const response = await desk.token(codeForm(code, confidential), { headers })
      token = (await response.json<Answer>()).access_token
    })
    expect(atToken).toEqual({ objects: ['REPLAY.first', 'SESSION.redeem'], queries: [] })
    const atUserinfo = await desk.cost(() => userinfo(token, {}))
    expect(atUserinfo).toEqual({ objects: ['REPLAY.first', 'SESSION.inspect'], queries: [] })
  })
})

describe('RFC 9449 at the token endpoint: refuses', () => {
  it.each([
    ['no nonce', undefined],
    ['a nonce of its own', 'my-own-nonce'],
  ])('§8: %s, and says which one to use', async (_, own) => {
    const { response, body } = await redeem(confidential, await proof({ nonce: own }))
    expect(response.status).toBe(400)
    expect(body.error).toBe('use_dpop_nonce')
    const next = response.headers.get('dpop-nonce') ?? ''
    expect((await redeem(confidential, await proof({ nonce: next }))).response.status).toBe(200)
  })

  it('§8: asking for a nonce leaves the code good', async () => {
    const { code } = await confidential.signIn()
    const headers = { authorization: confidential.authorization }
    const form = codeForm(code, confidential)
    const without = await desk.token(form, {
      headers: { ...headers, dpop: await proof({ nonce: undefined }) },
    })
    expect(without.status).toBe(400)
    expect((await desk.token(form, { headers: { ...headers, dpop: await proof() } })).status).toBe(200)
  })

  it.each<[string, ProofOf]>([
    ['wrong htm', { method: 'GET' }],
    ['wrong htu: another endpoint', { url: `${issuer}/userinfo` }],
    ['wrong htu: another server', { url: 'https://resource.example/token' }],
    ['wrong alg', { header: { alg: 'ES256', typ: 'JWT' } }],
    ['a proof from yesterday', { claims: { iat: Math.floor(Date.now() / 1000) - 86_400 } }],
    ['a proof for tomorrow', { claims: { iat: Math.floor(Date.now() / 1000) + 86_400 } }],
    ['no jti', { claims: { jti: undefined } }],
  ])('§4.3: %s', async (_, change) => {
    const { response, body } = await redeem(confidential, await proof(change))
    expect(response.status).toBe(400)
    expect(body.error).toBe('invalid_dpop_proof')
  })

  it('§11.1 attack: a proof replayed', async () => {
    const dpop = await proof()
    expect((await redeem(confidential, dpop)).response.status).toBe(200)
    const again = await redeem(confidential, dpop)
    expect(again.response.status).toBe(400)
    expect(again.body).toMatchObject({ error: 'invalid_dpop_proof' })
  })

  it('§11.1 attack: a proof sent ten times at once gives one token', async () => {
    const dpop = await proof()
    const answers = await Promise.all(Array.from({ length: 10 }, () => redeem(confidential, dpop)))
    expect(answers.filter(({ response }) => response.status === 200)).toHaveLength(1)
  })

  it('§4.3 (1): two DPoP headers', async () => {
    const { body } = await redeem(confidential, `${await proof()}, ${await proof()}`)
    expect(body.error).toBe('invalid_dpop_proof')
  })

  it.each([
    ['another key', () => proof({}, other)],
    ['no key', async () => undefined],
  ])('§10 attack: a stolen code, bound by dpop_jkt, redeemed with %s', async (_, dpop) => {
    const { response, body } = await redeem(confidential, await dpop(), { jkt: key.thumbprint })
    expect(response.status).toBe(400)
    expect(body.error).toBe('invalid_grant')
  })

  it.each([
    ['another key', () => proof({}, other)],
    ['no key', async () => undefined],
  ])('§5 attack: a public client’s stolen refresh token, with %s', async (_, dpop) => {
    const { refresh_token: stolen } = await boundToken(open)
    expect(await refresh(open, stolen, await dpop())).toMatchObject({ error: 'invalid_grant' })
    // Its holder loses nothing by the attempt.
    expect(await refresh(open, stolen, await proof())).toMatchObject({ token_type: 'DPoP' })
  })

  it('§5.2: a client registered for DPoP without a proof, and its code stays good', async () => {
    const { code } = await bound.signIn()
    const headers = { authorization: bound.authorization }
    const without = await desk.token(codeForm(code, bound), { headers })
    expect(await without.json()).toMatchObject({ error: 'invalid_dpop_proof' })
    const withProof = await desk.token(codeForm(code, bound), {
      headers: { ...headers, dpop: await proof() },
    })
    expect(withProof.status).toBe(200)
  })

  it('FAPI 2.0 §5.3.2.1: a bearer token for a strict client', async () => {
    expect((await redeemStrict(undefined)).error).toBe('invalid_request')
  })
})

describe('RFC 9449 at a protected resource: refuses', () => {
  let token: string
  beforeAll(async () => {
    token = (await boundToken()).access_token
  })
  const challenge = (response: Response) => response.headers.get('www-authenticate') ?? ''

  it('§7.2 attack: a stolen token used as a bearer token', async () => {
    const response = await desk.userinfo(token)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
    expect(challenge(response)).toMatch(/DPoP realm=.*algs="ES256/)
  })

  it('§7.2 attack: a stolen token in a form', async () => {
    const response = await desk.post('/userinfo', { access_token: token })
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
  })

  it('§7.1 attack: a stolen token with a proof of the thief’s key', async () => {
    const response = await userinfo(token, {}, other)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
    expect(challenge(response)).toMatch(/^DPoP .*error="invalid_token".*algs="/)
  })

  it.each<[string, ProofOf]>([
    ['wrong htu: the token endpoint', { url }],
    ['wrong htm', { method: 'POST' }],
    ['wrong ath: another token', { accessToken: 'another.token.still' }],
    ['no ath', { accessToken: undefined }],
  ])('§4.3: %s', async (_, change) => {
    const response = await userinfo(token, change)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_dpop_proof' })
    expect(challenge(response)).toMatch(/^DPoP .*error="invalid_dpop_proof"/)
  })

  it('§9: no nonce, and says which one to use', async () => {
    const response = await userinfo(token, { nonce: undefined })
    expect(response.status).toBe(401)
    expect(challenge(response)).toMatch(/^DPoP .*error="use_dpop_nonce"/)
    const next = response.headers.get('dpop-nonce') ?? ''
    expect((await userinfo(token, { nonce: next })).status).toBe(200)
  })

  it('§7.1: the token without a proof', async () => {
    const response = await userinfo(token, undefined)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_dpop_proof' })
  })

  it('§11.1 attack: a proof replayed', async () => {
    const dpop = await key.prove({ method: 'GET', url: userinfoUrl, accessToken: token, nonce })
    expect((await desk.userinfo(token, { headers: { dpop } }, 'DPoP')).status).toBe(200)
    const again = await desk.userinfo(token, { headers: { dpop } }, 'DPoP')
    expect(again.status).toBe(401)
    expect(await again.json()).toMatchObject({ error: 'invalid_dpop_proof' })
  })

  it('§7.1: a bearer token dressed up as a bound one', async () => {
    const { body } = await redeem(confidential, undefined)
    const response = await userinfo(body.access_token, {})
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
  })

  it('§7.1: both schemes are offered to whoever brings nothing', async () => {
    const response = await desk.fetch('/userinfo', {}, {})
    expect(challenge(response)).toMatch(/^Bearer realm=.*, DPoP realm=.*algs="/)
  })

  it('a proof is remembered only for a token that holds: nobody fills the memory', async () => {
    const forged = `${token.slice(0, -4)}AAAA`
    const dpop = await key.prove({ method: 'GET', url: userinfoUrl, accessToken: forged, nonce })
    const spent = await desk.cost(() => desk.userinfo(forged, { headers: { dpop } }, 'DPoP'))
    expect(spent.objects).toEqual([])
  })
})
