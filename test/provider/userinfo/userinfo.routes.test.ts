import { createLocalJWKSet, decodeJwt, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { basic, ISSUER, post, provider, REDIRECT_URI, relyingParty } from '../provider.ts'

const ID = 'demo-records'
const parties = await Promise.all([
  relyingParty(ID),
  relyingParty('demo-signed', { userinfo_signed_response_alg: 'ES256' }),
])
const suspended = { ...(await relyingParty('demo-suspended')), status: 'suspended' as const }
const SUB = 'f:3b1c7a52-0d5e-4c0a-9a77-5d1f0c2e9b10:899700900012'

async function world(id = ID, scope = 'openid scope_all') {
  const side = provider([...parties, suspended])
  const { code, session } = await side.signIn(id, { scope })
  const response = await side.app.request(
    '/token',
    post(
      { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI },
      { authorization: basic(id) },
    ),
  )
  const { access_token, id_token } = await response.json<{ access_token: string; id_token: string }>()
  const get = (token: string, path = '/userinfo') =>
    side.app.request(path, { headers: { authorization: `Bearer ${token}` } })
  return { ...side, session, token: access_token, idToken: id_token, get }
}

describe('/userinfo grants', () => {
  it('RFC 6750 §2.1: to a token in the header', async () => {
    const { get, token } = await world()
    const response = await get(token)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toMatchObject({
      sub: SUB,
      SubjectNameID: '899700900012',
      authMode: 'PASSKEY',
    })
  })

  it.each([
    [
      'OIDC Core §5.3.1: by POST with the header',
      (token: string) => ({ method: 'POST', headers: { authorization: `Bearer ${token}` } }),
    ],
    ['RFC 6750 §2.2: by POST with the form', (token: string) => post({ access_token: token })],
  ])('%s', async (_, init) => {
    const { app, token } = await world()
    const response = await app.request('/userinfo', init(token))
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ sub: SUB })
  })

  it('OIDC Core §5.3.2: a signed JWT where it was registered', async () => {
    const { get, token, needs } = await world('demo-signed')
    const response = await get(token)
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const { payload } = await jwtVerify(await response.text(), createLocalJWKSet(await needs.signer.jwks()), {
      issuer: ISSUER,
      audience: 'demo-signed',
      algorithms: ['ES256'],
    })
    expect(payload).toMatchObject({ sub: SUB, SubjectNameID: '899700900012' })
  })

  it('only what the scope gives', async () => {
    const { get, token } = await world(ID, 'openid identity')
    expect(Object.keys(await (await get(token)).json<object>()).sort()).toEqual([
      'SubjectNameID',
      'authMode',
      'codeCivilite',
      'family_name',
      'given_name',
      'otherIds',
      'preferred_username',
      'sub',
    ])
  })

  it('in a warm isolate with one Durable Object call', async () => {
    const { get, token, calls } = await world()
    calls.length = 0
    await get(token)
    expect(calls).toEqual(['session'])
  })
})

describe('/userinfo refuses', () => {
  it('RFC 6750 §3.1: a request without a token, saying only how', async () => {
    const { app } = await world()
    const response = await app.request('/userinfo')
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer realm="${ISSUER}", DPoP realm="${ISSUER}", algs="ES256 EdDSA Ed25519 PS256"`,
    )
  })

  it.each<[string, (w: Awaited<ReturnType<typeof world>>) => Promise<Response> | Response, number, string]>([
    [
      'RFC 6750 §2.3: a token in the query',
      (w) => w.app.request(`/userinfo?access_token=${w.token}`),
      400,
      'invalid_request',
    ],
    [
      'RFC 6750 §2: a token in two ways',
      (w) =>
        w.app.request('/userinfo', post({ access_token: w.token }, { authorization: `Bearer ${w.token}` })),
      400,
      'invalid_request',
    ],
    ['RFC 6750 §3.1: a token that is none', (w) => w.get('nonsense'), 401, 'invalid_token'],
    ['RFC 8725 §3.11: an ID token', (w) => w.get(w.idToken), 401, 'invalid_token'],
    [
      'RFC 9068 §4: a token of another signer',
      async (w) => {
        const { privateKey } = await generateKeyPair('ES256')
        const forged = await new SignJWT(decodeJwt(w.token))
          .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
          .sign(privateKey)
        return w.get(forged)
      },
      401,
      'invalid_token',
    ],
    [
      'RFC 6750 §3.1: a token that expired',
      async (w) => {
        await w.wait(w.session, 120)
        return w.get(w.token)
      },
      401,
      'invalid_token',
    ],
    [
      'a token whose session ended',
      async (w) => {
        await w.needs.sessions.end(w.session)
        return w.get(w.token)
      },
      401,
      'invalid_token',
    ],
    [
      'a token of a session of another object',
      async (w) => {
        const claims = decodeJwt(w.token)
        const jti = `${'A'.repeat(22)}.${claims.jti?.split('.').slice(1).join('.')}`
        return w.get(await w.needs.signer.sign({ ...claims, jti }, { typ: 'at+jwt', alg: 'ES256' }))
      },
      401,
      'invalid_token',
    ],
    [
      'RFC 9068 §4: a token for another audience',
      async (w) =>
        w.get(
          await w.needs.signer.sign(
            { ...decodeJwt(w.token), aud: 'https://api.example' },
            { typ: 'at+jwt', alg: 'ES256' },
          ),
        ),
      401,
      'invalid_token',
    ],
    [
      'a token of a client that was suspended',
      async (w) => {
        const claims = { ...decodeJwt(w.token), client_id: 'demo-suspended' }
        return w.get(await w.needs.signer.sign(claims, { typ: 'at+jwt', alg: 'ES256' }))
      },
      401,
      'invalid_token',
    ],
    [
      'OIDC Core §5.3.1: a token without openid',
      async (w) =>
        w.get(
          await w.needs.signer.sign(
            { ...decodeJwt(w.token), scope: 'identity' },
            { typ: 'at+jwt', alg: 'ES256' },
          ),
        ),
      403,
      'insufficient_scope',
    ],
  ])('%s', async (_, ask, status, error) => {
    const w = await world()
    const response = await ask(w)
    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toContain(`error="${error}"`)
    expect(await response.json()).toMatchObject({ error })
    expect(w.events.at(-1)).toMatchObject({
      kind: 'userinfo.refused',
      detail: expect.stringContaining(error),
    })
  })
})
