import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { basic, ISSUER, post, provider, REDIRECT_URI, relyingParty, SECRET } from '../provider.ts'

const ID = 'demo-records'
const key = await generateKeyPair('ES256')
const parties = await Promise.all([
  relyingParty(ID),
  relyingParty('demo-pharmacy'),
  relyingParty('demo-codes', { grant_types: ['authorization_code'], id_token_signed_response_alg: 'EdDSA' }),
  relyingParty('demo-keys', {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [await exportJWK(key.publicKey)] },
  }),
  relyingParty('demo-browser', { token_endpoint_auth_method: 'none' }),
])

/** RFC 7636 Appendix B. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

type Body = Record<string, unknown>
const text = (body: Body, name: string): string => {
  const value = body[name]
  if (typeof value !== 'string') throw new Error(`${name} is no text in ${JSON.stringify(body)}`)
  return value
}

let assertions = 0
const assertion = async () => ({
  client_assertion: await new SignJWT({ jti: `assertion ${assertions++}` })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer('demo-keys')
    .setSubject('demo-keys')
    .setAudience(ISSUER)
    .setExpirationTime('1m')
    .sign(key.privateKey),
  client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
})

function world() {
  const side = provider(parties)
  const token = async (
    form: Record<string, string>,
    headers: Record<string, string> = { authorization: basic(ID) },
  ) => {
    const response = await side.app.request('/token', post(form, headers))
    return { response, body: await response.json<Body>() }
  }
  const redeem = (code: string, extra: Record<string, string> = {}, headers?: Record<string, string>) =>
    token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, ...extra }, headers)
  const refresh = (
    refreshToken: string,
    extra: Record<string, string> = {},
    headers?: Record<string, string>,
  ) => token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...extra }, headers)
  const userinfo = async (accessToken: string) =>
    (await side.app.request('/userinfo', { headers: { authorization: `Bearer ${accessToken}` } })).status
  return { ...side, token, redeem, refresh, userinfo }
}

describe('POST /token grants', () => {
  it('RFC 6749 §5.1, OIDC Core §3.1.3.3: tokens for a code, in Pro Santé Connect’s shape', async () => {
    const { signIn, redeem } = world()
    const { code, session, sid } = await signIn(ID)
    const { response, body } = await redeem(code)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(Object.keys(body).sort()).toEqual([
      'access_token',
      'expires_in',
      'id_token',
      'refresh_expires_in',
      'refresh_token',
      'scope',
      'session_state',
      'token_type',
    ])
    expect(body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 120,
      refresh_expires_in: 1_800,
      scope: 'openid scope_all',
      session_state: sid,
    })
    expect(text(body, 'refresh_token').startsWith(`${session}.`)).toBe(true)
  })

  it('RFC 9068 §2: an access token', async () => {
    const { signIn, redeem } = world()
    const { code, session, sid } = await signIn(ID)
    const accessToken = text((await redeem(code)).body, 'access_token')
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    const claims = decodeJwt(accessToken)
    expect(claims).toMatchObject({
      iss: ISSUER,
      aud: ISSUER,
      sub: 'f:3b1c7a52-0d5e-4c0a-9a77-5d1f0c2e9b10:899700900012',
      client_id: ID,
      scope: 'openid scope_all',
      acr: 'eidas1',
      amr: ['pop', 'user', 'mfa'],
      auth_time: claims.iat,
      sid,
      authMode: 'PASSKEY',
      SubjectNameID: '899700900012',
      preferred_username: '899700900012',
    })
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(120)
    expect(claims.jti?.split('.')).toMatchObject([session, expect.any(String), expect.any(String)])
  })

  it('OIDC Core §2: an ID token, signed as registered', async () => {
    const { signIn, redeem } = world()
    const { code, sid } = await signIn(ID)
    const idToken = text((await redeem(code)).body, 'id_token')
    expect(decodeProtectedHeader(idToken)).toMatchObject({ typ: 'JWT', alg: 'RS256' })
    expect(decodeJwt(idToken)).toMatchObject({
      iss: ISSUER,
      aud: ID,
      azp: ID,
      sub: 'f:3b1c7a52-0d5e-4c0a-9a77-5d1f0c2e9b10:899700900012',
      nonce: 'the nonce',
      acr: 'eidas1',
      amr: ['pop', 'user', 'mfa'],
      at_hash: expect.any(String),
      sid,
      session_state: sid,
      authMode: 'PASSKEY',
      SubjectNameID: '899700900012',
      preferred_username: '899700900012',
      given_name: 'CAMILLE',
      family_name: 'EXEMPLE',
    })
    const other = await signIn('demo-codes')
    const second = await redeem(other.code, {}, { authorization: basic('demo-codes') })
    expect(decodeProtectedHeader(text(second.body, 'id_token')).alg).toBe('EdDSA')
    expect(second.body).not.toHaveProperty('refresh_token')
  })

  it('RFC 6749 §2.3.1: to a client with its secret in the form', async () => {
    const { signIn, redeem } = world()
    const { code } = await signIn(ID)
    expect((await redeem(code, { client_id: ID, client_secret: SECRET }, {})).response.status).toBe(200)
  })

  it('RFC 7636 §4.5: to a public client with its verifier', async () => {
    const { signIn, redeem } = world()
    const { code } = await signIn('demo-browser', { codeChallenge: CHALLENGE })
    const { response } = await redeem(code, { client_id: 'demo-browser', code_verifier: VERIFIER }, {})
    expect(response.status).toBe(200)
  })

  it('RFC 7523 §2.2: to a client with an assertion, once', async () => {
    const { signIn, redeem, events } = world()
    const { code } = await signIn('demo-keys')
    const proof = await assertion()
    expect((await redeem(code, proof, {})).response.status).toBe(200)
    const again = await redeem(code, proof, {})
    expect(again.body.error).toBe('invalid_client')
    expect(events.at(-1)).toMatchObject({
      kind: 'client.refused',
      detail: 'invalid_client: assertion: replayed',
    })
  })

  it('RFC 6749 §6, OIDC Core §12.2: other tokens for a refresh token, with the same auth_time and without nonce', async () => {
    const { signIn, redeem, refresh, wait } = world()
    const { code, session } = await signIn(ID)
    const first = (await redeem(code)).body
    await wait(session, 600)
    const { response, body } = await refresh(text(first, 'refresh_token'))
    expect(response.status).toBe(200)
    expect(body.refresh_token).not.toBe(first.refresh_token)
    const before = decodeJwt(text(first, 'id_token'))
    const claims = decodeJwt(text(body, 'id_token'))
    expect(claims).toMatchObject({
      auth_time: before.auth_time,
      sub: before.sub,
      sid: before.sid,
      iat: (before.iat ?? 0) + 600,
    })
    expect(claims).not.toHaveProperty('nonce')
  })

  it('RFC 6749 §6: less scope when less is asked', async () => {
    const { signIn, redeem, refresh } = world()
    const { code } = await signIn(ID, { scope: 'openid identity profession' })
    const first = (await redeem(code)).body
    const { body } = await refresh(text(first, 'refresh_token'), { scope: 'openid profession' })
    expect(body.scope).toBe('openid profession')
    expect(decodeJwt(text(body, 'access_token')).scope).toBe('openid profession')
    expect(decodeJwt(text(body, 'id_token'))).not.toHaveProperty('given_name')
  })

  it('no token that outlives the session', async () => {
    const { signIn, redeem, refresh, wait } = world()
    const { code, session } = await signIn(ID)
    let tokens = (await redeem(code)).body
    for (let minutes = 0; minutes < 225; minutes += 25) {
      await wait(session, 25 * 60)
      tokens = (await refresh(text(tokens, 'refresh_token'))).body
    }
    await wait(session, 14 * 60)
    const last = await refresh(text(tokens, 'refresh_token'))
    expect(last.body).toMatchObject({ expires_in: 60, refresh_expires_in: 60 })
    await wait(session, 60)
    expect((await refresh(text(last.body, 'refresh_token'))).body.error).toBe('invalid_grant')
  })

  it.each([
    ['by secret: one Durable Object call', ID, async () => ({}), { authorization: basic(ID) }, ['session']],
    ['by assertion: one more', 'demo-keys', assertion, {}, ['replay', 'session']],
  ])('in a warm isolate, %s', async (_, id, proof, headers, expected) => {
    const { signIn, redeem, calls } = world()
    await redeem((await signIn(id)).code, await proof(), headers)
    const { code } = await signIn(id)
    calls.length = 0
    expect((await redeem(code, await proof(), headers)).response.status).toBe(200)
    expect(calls).toEqual(expected)
  })
})

describe('POST /token refuses', () => {
  it.each([
    [
      'RFC 7636 §4.6: a wrong verifier',
      { codeChallenge: CHALLENGE },
      { code_verifier: VERIFIER.replace('d', 'e') },
      'verifier-mismatch',
    ],
    [
      'RFC 7636 §4.1: a verifier that is too short',
      { codeChallenge: CHALLENGE },
      { code_verifier: 'short' },
      'code_verifier',
    ],
    ['RFC 7636 §4.5: no verifier', { codeChallenge: CHALLENGE }, {}, 'verifier-missing'],
    [
      'RFC 9700 §2.1.1: a verifier without a challenge',
      {},
      { code_verifier: VERIFIER },
      'verifier-unexpected',
    ],
    [
      'RFC 6749 §4.1.3: a redirect URI off by one character',
      {},
      { redirect_uri: `${REDIRECT_URI}/` },
      'redirect-uri-mismatch',
    ],
    ['RFC 6749 §4.1.3: the code of another client', { clientId: parties[1]?.clientId }, {}, 'other-client'],
    [
      'RFC 6749 §4.1.2: a code that nobody minted',
      {},
      { code: `${'A'.repeat(22)}.${'B'.repeat(43)}` },
      'unknown',
    ],
    ['RFC 6749 §4.1.2: a code that is none', {}, { code: 'nonsense' }, 'unknown'],
  ])('%s', async (_, binding, form, detail) => {
    const { signIn, redeem, events } = world()
    const { clientId = parties[0]?.clientId, ...bound } = { clientId: undefined, ...binding }
    const { code } = await signIn(ID, { ...bound, ...(clientId === undefined ? {} : { clientId }) })
    const { response, body } = await redeem(code, form)
    expect(response.status).toBe(400)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(body.error).toBe('invalid_grant')
    expect(events.at(-1)).toMatchObject({ kind: 'token.refused', clientId: ID })
    expect(events.at(-1)?.detail).toContain(detail)
  })

  it('RFC 6749 §4.1.2: an expired code', async () => {
    const { signIn, redeem, wait, events } = world()
    const { code, session } = await signIn(ID)
    await wait(session, 60)
    expect((await redeem(code)).body.error).toBe('invalid_grant')
    expect(events.at(-1)?.detail).toBe('invalid_grant: expired')
  })

  it('RFC 6749 §4.1.2: a code used twice, and the tokens of the first time', async () => {
    const { signIn, redeem, refresh, userinfo, events } = world()
    const { code } = await signIn(ID)
    const first = (await redeem(code)).body
    expect(await userinfo(text(first, 'access_token'))).toBe(200)
    const again = await redeem(code)
    expect(again.body.error).toBe('invalid_grant')
    expect(events.at(-1)).toMatchObject({ kind: 'token.reuse', clientId: ID })
    expect(await userinfo(text(first, 'access_token'))).toBe(401)
    expect((await refresh(text(first, 'refresh_token'))).body.error).toBe('invalid_grant')
  })

  it('RFC 6749 §4.1.2: forty-nine of fifty redemptions of one code at once', async () => {
    const { signIn, redeem } = world()
    const { code } = await signIn(ID)
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(code)))
    expect(answers.filter(({ response }) => response.status === 200)).toHaveLength(1)
    expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(49)
  })

  it('RFC 9700 §4.14.2: a refresh token used twice, and everything that came of it', async () => {
    const { signIn, redeem, refresh, userinfo, events } = world()
    const { code } = await signIn(ID)
    const first = (await redeem(code)).body
    const second = (await refresh(text(first, 'refresh_token'))).body
    expect(await userinfo(text(second, 'access_token'))).toBe(200)
    expect((await refresh(text(first, 'refresh_token'))).body.error).toBe('invalid_grant')
    expect(events.at(-1)).toMatchObject({ kind: 'token.reuse', clientId: ID })
    expect(await userinfo(text(second, 'access_token'))).toBe(401)
    expect((await refresh(text(second, 'refresh_token'))).body.error).toBe('invalid_grant')
  })

  it.each([
    [
      'RFC 6749 §10.4: the refresh token of another client',
      {},
      { authorization: basic('demo-pharmacy') },
      400,
      'invalid_grant',
    ],
    [
      'RFC 6749 §6: more scope than was granted',
      { scope: 'openid contact' },
      undefined,
      400,
      'invalid_scope',
    ],
    ['RFC 6749 §3.3: a malformed scope', { scope: 'openid  scope_all' }, undefined, 400, 'invalid_scope'],
    [
      'RFC 6749 §5.2: a client not registered for refresh',
      {},
      { authorization: basic('demo-codes') },
      400,
      'unauthorized_client',
    ],
  ])('%s', async (_, form, headers, status, error) => {
    const { signIn, redeem, refresh } = world()
    const { code } = await signIn(ID)
    const first = (await redeem(code)).body
    const { response, body } = await refresh(text(first, 'refresh_token'), form, headers)
    expect(response.status).toBe(status)
    expect(body.error).toBe(error)
    expect((await refresh(text(first, 'refresh_token'))).response.status).toBe(200)
  })

  it.each([
    ['RFC 6749 §5.2: a wrong secret', {}, { authorization: basic(ID, 'wrong') }, 401, 'invalid_client'],
    ['RFC 6749 §5.2: an unknown client', {}, { authorization: basic('nobody') }, 401, 'invalid_client'],
    ['RFC 6749 §3.2.1: no client at all', {}, {}, 401, 'invalid_client'],
    [
      'RFC 6749 §2.3: two ways at once',
      { client_id: ID, client_secret: SECRET },
      { authorization: basic(ID) },
      400,
      'invalid_request',
    ],
    [
      'RFC 6749 §5.2: an unknown grant',
      { grant_type: 'password' },
      { authorization: basic(ID) },
      400,
      'unsupported_grant_type',
    ],
    [
      'RFC 6749 §4.1.3: no grant_type',
      { grant_type: '' },
      { authorization: basic(ID) },
      400,
      'invalid_request',
    ],
    ['RFC 6749 §4.1.3: no code', { code: '' }, { authorization: basic(ID) }, 400, 'invalid_request'],
    [
      'RFC 6749 Appendix B: another content type',
      {},
      { authorization: basic(ID), 'content-type': 'application/json' },
      400,
      'invalid_request',
    ],
  ])('%s, and the code stays good', async (_, form, headers, status, error) => {
    const { signIn, redeem } = world()
    const { code } = await signIn(ID)
    const { response, body } = await redeem(code, form, headers)
    expect(response.status).toBe(status)
    expect(body).toEqual({ error, error_description: expect.any(String) })
    expect(response.headers.get('www-authenticate')?.startsWith('Basic realm=') ?? false).toBe(status === 401)
    expect((await redeem(code)).response.status).toBe(200)
  })

  it('CORS: nothing of a preflight, from any origin', async () => {
    const headers = {
      origin: 'https://app.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const response = await world().app.request('/token', { method: 'OPTIONS', headers })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-headers')).toContain('Authorization')
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('RFC 6749 §3.2: a duplicated parameter', async () => {
    const { app } = world()
    const init = post({}, { authorization: basic(ID) })
    const response = await app.request('/token', {
      ...init,
      body: 'grant_type=refresh_token&grant_type=refresh_token',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })

  it.each([
    ['RFC 6749 §3.2: GET', { method: 'GET' }, 405],
    ['a body beyond 64 kB', post({ code: 'x'.repeat(70_000) }), 413],
  ])('%s', async (_, init, status) => {
    const response = await world().app.request('/token', init)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
  })
})
