import { exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { readIdTokenHint } from '../../../src/protocol/oidc/id-token-hint.ts'

const issuer = 'https://id.example'
const ours = await generateKeyPair('ES256')
const theirs = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(ours.publicKey)), kid: 'k', alg: 'ES256', use: 'sig' }] }
const claims = { iss: issuer, sub: 'sub', aud: 'client', sid: 'sid', exp: 1 }

const signed = (payload: JWTPayload, key = ours.privateKey, typ?: string) =>
  new SignJWT(payload)
    .setProtectedHeader({ alg: 'ES256', kid: 'k', ...(typ === undefined ? {} : { typ }) })
    .sign(key)

describe('grants', () => {
  it('RP-Initiated Logout §4: an ID token of ours, even expired', async () => {
    expect(await readIdTokenHint(await signed(claims), jwks, issuer)).toEqual({
      subject: 'sub',
      audience: ['client'],
      sid: 'sid',
    })
  })
  it('with typ JWT', async () => {
    expect(await readIdTokenHint(await signed(claims, ours.privateKey, 'JWT'), jwks, issuer)).toBeDefined()
  })
})

describe('refuses', () => {
  it.each([
    ['another key', () => signed(claims, theirs.privateKey)],
    ['another issuer', () => signed({ ...claims, iss: 'https://other.example' })],
    ['RFC 9068 §2.1: an access token', () => signed(claims, ours.privateKey, 'at+jwt')],
    ['no subject', () => signed({ iss: issuer, aud: 'client' })],
    ['no signature', async () => new UnsecuredJWT(claims).encode()],
    ['no JWT', async () => 'x.y.z'],
    ['nothing', async () => ''],
  ])('OIDC Core §3.1.2.1: %s', async (_, make) => {
    expect(await readIdTokenHint(await make(), jwks, issuer)).toBeUndefined()
  })
})
