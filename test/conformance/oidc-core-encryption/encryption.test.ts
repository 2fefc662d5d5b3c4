import { env } from 'cloudflare:workers'
import {
  compactDecrypt,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { address } from '../../../src/kernel/handle.ts'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'
import { tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const { issuer } = desk
let jwks: JSONWebKeySet
beforeAll(async () => {
  jwks = await (await desk.fetch('/jwks', {}, {})).json<JSONWebKeySet>()
})

/** Whether the session still has this code to give, asked past the token endpoint. */
async function redeemable(by: Service, code: string): Promise<boolean> {
  const asked = address(code)
  if (asked === undefined) return false
  const redeemed = await objectSessions(env.SESSION).redeem(asked.object, {
    code: await digest(asked.secret),
    clientId: ClientId.parse(by.clientId),
    redirectUri: REDIRECT_URI,
    challenge: undefined,
    refresh: undefined,
  })
  return 'grant' in redeemed
}

type What = 'id_token' | 'userinfo'
const registered = (what: What, alg: string, enc: string | undefined, keys: unknown[], more = {}) =>
  desk.service({
    [`${what}_encrypted_response_alg`]: alg,
    ...(enc === undefined ? {} : { [`${what}_encrypted_response_enc`]: enc }),
    jwks: { keys },
    ...more,
  })

const opened = async (jwe: string, key: CryptoKey) => {
  const { plaintext, protectedHeader } = await compactDecrypt(jwe, key)
  return { text: new TextDecoder().decode(plaintext), header: protectedHeader }
}
const verified = (jwt: string, by: Service) =>
  jwtVerify(jwt, createLocalJWKSet(jwks), { issuer, audience: by.clientId })

const CASES: [string, string | undefined, string, { crv?: string }][] = [
  ['ECDH-ES', undefined, 'A128CBC-HS256', {}],
  ['ECDH-ES', 'A256GCM', 'A256GCM', { crv: 'X25519' }],
  ['ECDH-ES+A256KW', 'A256GCM', 'A256GCM', {}],
  ['ECDH-ES+A256KW', 'A128CBC-HS256', 'A128CBC-HS256', { crv: 'P-384' }],
  ['RSA-OAEP-256', undefined, 'A128CBC-HS256', {}],
  ['RSA-OAEP-256', 'A256GCM', 'A256GCM', {}],
]

describe('OIDC Core §2, §10.2: an ID token signed, then encrypted', () => {
  it.each(CASES)('with %s and enc %s', async (alg, enc, expected, options) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, ...options })
    const jwk = { ...(await exportJWK(publicKey)), use: 'enc', kid: 'for-us' }
    const service = await registered('id_token', alg, enc, [jwk])
    const { id_token: idToken } = await service.tokens()
    expect(idToken.split('.')).toHaveLength(5)
    const { text, header } = await opened(idToken, privateKey)
    expect(header).toMatchObject({ alg, enc: expected, cty: 'JWT', kid: 'for-us' })
    const { payload } = await verified(text, service)
    expect(payload).toMatchObject({ nonce: 'the nonce', family_name: 'TESTEUR', at_hash: expect.any(String) })
  })

  it('§10.2: to the key that fits, and never to one for signatures', async () => {
    const [rsa, signing, right] = await Promise.all([
      generateKeyPair('RSA-OAEP-256', { extractable: true }),
      generateKeyPair('ES256', { extractable: true }),
      generateKeyPair('ECDH-ES', { extractable: true }),
    ])
    const keys = [
      { ...(await exportJWK(rsa.publicKey)), use: 'enc' },
      { ...(await exportJWK(signing.publicKey)), use: 'sig' },
      { ...(await exportJWK(right.publicKey)), use: 'enc' },
    ]
    const service = await registered('id_token', 'ECDH-ES', undefined, keys)
    const { text } = await opened((await service.tokens()).id_token, right.privateKey)
    expect((await verified(text, service)).payload.aud).toBe(service.clientId)
  })

  it('a refresh gives an encrypted one too', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const service = await registered('id_token', 'ECDH-ES', undefined, [await exportJWK(publicKey)])
    const { refresh_token } = await service.tokens()
    const response = await service.post('/token', { grant_type: 'refresh_token', refresh_token })
    const { id_token: idToken } = await response.json<{ id_token: string }>()
    expect((await verified((await opened(idToken, privateKey)).text, service)).payload.sub).toBeTruthy()
  })

  it('a client whose keys cannot be had keeps its code, and gets nothing in the clear', async () => {
    const service = await desk.service({
      id_token_encrypted_response_alg: 'ECDH-ES',
      jwks_uri: 'https://dossier.example.com/jwks.json',
    })
    const { code } = await service.signIn()
    const ask = () =>
      service.post('/token', { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI })
    const without = await ask()
    expect(without.status).toBe(400)
    expect(await without.json()).toMatchObject({ error: 'invalid_request' })
    expect(await redeemable(service, code)).toBe(true)
  })
})

describe('RFC 7518 §4.3, §4.6: a registered key that nothing can be encrypted to', () => {
  const point = (half: string) => ({ kty: 'EC', crv: 'P-256', x: half, y: half })
  it.each<[string, 'ECDH-ES' | 'RSA-OAEP-256', Record<string, unknown>]>([
    ['a point that is not on the curve', 'ECDH-ES', point('A'.repeat(43))],
    ['a point that is too short', 'ECDH-ES', point('AA')],
    ['an RSA key of 1024 bits', 'RSA-OAEP-256', { kty: 'RSA', n: `w${'A'.repeat(169)}Q`, e: 'AQAB' }],
    ['an RSA key without its modulus', 'RSA-OAEP-256', { kty: 'RSA', e: 'AQAB' }],
  ])('refuses %s, and the code stays good', async (_, alg, key) => {
    const service = await registered('id_token', alg, undefined, [key])
    const { code } = await service.signIn()
    const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI }
    const response = await service.post('/token', form)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_request' })
    expect(await redeemable(service, code)).toBe(true)
  })
})

describe('OIDC Core §5.3.2: userinfo', () => {
  it.each(CASES)('encrypted with %s and enc %s', async (alg, enc, expected, options) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true, ...options })
    const service = await registered('userinfo', alg, enc, [await exportJWK(publicKey)])
    const { access_token: token } = await service.tokens()
    const response = await desk.userinfo(token)
    expect(response.headers.get('content-type')).toBe('application/jwt')
    const { text, header } = await opened(await new Response(await response.arrayBuffer()).text(), privateKey)
    expect(header).toMatchObject({ alg, enc: expected })
    expect(header).not.toHaveProperty('cty')
    expect(JSON.parse(text)).toMatchObject({ iss: issuer, aud: service.clientId, family_name: 'TESTEUR' })
  })

  it('signed, then encrypted, where both are registered', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const keys = [await exportJWK(publicKey)]
    const signing = { userinfo_signed_response_alg: 'ES256' }
    const service = await registered('userinfo', 'ECDH-ES', 'A256GCM', keys, signing)
    const { access_token: token } = await service.tokens()
    const { text, header } = await opened(await (await desk.userinfo(token)).text(), privateKey)
    expect(header.cty).toBe('JWT')
    expect((await verified(text, service)).payload).toMatchObject({ family_name: 'TESTEUR' })
  })
})

it('oauth4webapi decrypts the ID token and checks all of it', async () => {
  const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
  const service = await registered('id_token', 'ECDH-ES', 'A256GCM', [await exportJWK(publicKey)])
  const { code } = await service.signIn()
  const response = await service.post('/token', {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
  })
  const server: oauth.AuthorizationServer = { issuer, jwks_uri: `${issuer}/jwks` }
  const tokens = await oauth.processAuthorizationCodeResponse(
    server,
    { client_id: service.clientId, id_token_signed_response_alg: 'RS256' },
    response,
    {
      expectedNonce: 'the nonce',
      requireIdToken: true,
      [oauth.jweDecrypt]: async (jwe: string) => (await opened(jwe, privateKey)).text,
    },
  )
  expect(oauth.getValidatedIdTokenClaims(tokens)?.family_name).toBe('TESTEUR')
})
