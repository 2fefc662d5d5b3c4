import fc from 'fast-check'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import {
  DPOP_ALGORITHMS,
  dpopChallenge,
  dpopJkt,
  dpopProof,
  dpopToken,
} from '../../../src/protocol/oauth/dpop.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { anyText } from '../../actors/any-text.ts'
import { ProofKey } from '../../actors/proof.ts'
import { refusal } from './refused.ts'

const now = instant(1_800_000_000)
const url = 'https://id.example/token'
const request = { method: 'POST', urls: [url, 'https://mtls.id.example/token'] }
const key = await ProofKey.make()
const made = (changes: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  key.prove({ url, claims: { iat: now, jti: 'one', ...changes }, header })

describe('RFC 9449 §4.3 grants', () => {
  it('the example of §4.1, at its own time and address', async () => {
    const example =
      'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg'
    const at = { method: 'POST', urls: ['https://server.example.com/token'] }
    expect(await dpopProof(example, at, instant(1_562_262_616))).toEqual({
      jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
      jti: '-BwC3ESc6acc2lTc',
      nonce: undefined,
    })
  })

  it.each(DPOP_ALGORITHMS)('a proof signed with %s', async (alg) => {
    const other = await ProofKey.make(alg)
    const proof = await other.prove({ url, nonce: 'n', claims: { iat: now, jti: 'one' } })
    expect(await dpopProof(proof, request, now)).toEqual({ jkt: other.thumbprint, jti: 'one', nonce: 'n' })
  })

  it.each([
    ['a query and a fragment', 'https://id.example/token?a=b#c'],
    ['capitals in scheme and host', 'HTTPS://ID.example/token'],
    ['the port of the scheme', 'https://id.example:443/token'],
    ['dots in the path', 'https://id.example/a/../token'],
    ['unreserved characters encoded', 'https://id.example/%74oken'],
    ['the host for certificates', 'https://mtls.id.example/token'],
  ])('(9) htu with %s (RFC 3986 §6.2.2, §6.2.3)', async (_, htu) => {
    expect(await dpopProof(await made({ htu }), request, now)).toMatchObject({ jti: 'one' })
  })

  it.each([
    ['a little ahead', 60],
    ['a while ago', -300],
  ])('(11) iat %s', async (_, seconds) => {
    expect(await dpopProof(await made({ iat: now + seconds }), request, now)).toMatchObject({ jti: 'one' })
  })

  it('(12) ath of the token that it came with', async () => {
    const proof = await key.prove({ url, accessToken: 'a.b.c', claims: { iat: now } })
    const resource = { ...request, accessToken: 'a.b.c' }
    expect(await dpopProof(proof, resource, now)).toMatchObject({ jkt: key.thumbprint })
  })
})

describe('RFC 9449 §4.3 refuses', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>, RegExp]>([
    ['(3) without jti', { jti: undefined }, {}, /jti/],
    ['(3) an endless jti', { jti: 'x'.repeat(256) }, {}, /jti/],
    ['(3) without htm', { htm: undefined }, {}, /htm/],
    ['(3) without htu', { htu: undefined }, {}, /htu/],
    ['(3) without iat', { iat: undefined }, {}, /iat/],
    ['(3) iat as text', { iat: 'now' }, {}, /iat/],
    ['(4) another typ: a token is no proof', {}, { typ: 'JWT' }, /typ/],
    ['(4) no typ', {}, { typ: undefined }, /typ/],
    ['(6) without its key', {}, { jwk: undefined }, /jwk/],
    ['(8) another method', { htm: 'GET' }, {}, /method/],
    ['(8) the method in lower case (RFC 9110 §9.1)', { htm: 'post' }, {}, /method/],
    ['(9) another endpoint', { htu: 'https://id.example/userinfo' }, {}, /htu/],
    ['(9) another server', { htu: 'https://other.example/token' }, {}, /htu/],
    ['(9) another port', { htu: 'https://id.example:8443/token' }, {}, /htu/],
    ['(9) http', { htu: 'http://id.example/token' }, {}, /htu/],
    ['(9) a slash more', { htu: 'https://id.example/token/' }, {}, /htu/],
    ['(9) the path in capitals', { htu: 'https://id.example/Token' }, {}, /htu/],
    ['(9) a user name', { htu: 'https://id.example@id.example/token' }, {}, /htu/],
    ['(9) a backslash', { htu: 'https:\\\\id.example\\token' }, {}, /htu/],
    ['(9) a path alone', { htu: '/token' }, {}, /htu/],
    ['(11) made long ago', { iat: now - 301 }, {}, /iat/],
    ['(11) made for later', { iat: now + 61 }, {}, /iat/],
    ['RFC 7519 §4.1.4: expired by its own word', { exp: now - 11 }, {}, /exp/],
  ])('%s', async (_, claims, header, why) => {
    const refused = await dpopProof(await made(claims, header), request, now)
    expect(refused).toEqual({ rejected: expect.stringMatching(why) })
  })

  it('(5) alg none', async () => {
    const payload = { jti: 'one', htm: 'POST', htu: url, iat: now }
    const [, body = ''] = new UnsecuredJWT(payload).encode().split('.')
    const head = btoa(JSON.stringify({ typ: 'dpop+jwt', alg: 'none', jwk: key.publicJwk })).replace(/=+$/, '')
    expect(await dpopProof(`${head}.${body}.`, request, now)).toHaveProperty('rejected')
    expect(await dpopProof(`${head}.${body}.AA`, request, now)).toHaveProperty('rejected')
  })

  it('(5) an HMAC under the public key', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(key.publicJwk))
    const proof = await new SignJWT({ jti: 'one', htm: 'POST', htu: url, iat: now })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'HS256', jwk: JSON.parse('{"kty":"oct","k":"AAAA"}') })
      .sign(secret)
    expect(await dpopProof(proof, request, now)).toHaveProperty('rejected')
  })

  it('(6) the signature of another key', async () => {
    const other = await ProofKey.make()
    expect(await dpopProof(await made({}, { jwk: other.publicJwk }), request, now)).toHaveProperty('rejected')
  })

  it('(7) a private key in jwk', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(pair.privateKey)
    const proof = await new SignJWT({ jti: 'one', htm: 'POST', htu: url, iat: now })
      .setProtectedHeader({ typ: 'dpop+jwt', alg: 'ES256', jwk })
      .sign(pair.privateKey)
    expect(await dpopProof(proof, request, now)).toEqual({ rejected: expect.stringMatching(/public key/) })
  })

  it('(1) two proofs in one header', async () => {
    const proof = `${await made()}, ${await made()}`
    expect(await dpopProof(proof, request, now)).toEqual({ rejected: 'it is not one JWT' })
  })

  it.each([
    ['no ath', undefined],
    ['the ath of another token', 'x.y.z'],
  ])('(12) %s', async (_, accessToken) => {
    const proof = await key.prove({ url, accessToken, claims: { iat: now } })
    const resource = { ...request, accessToken: 'a.b.c' }
    expect(await dpopProof(proof, resource, now)).toEqual({ rejected: expect.stringMatching(/ath/) })
  })
})

describe('dpop_jkt (RFC 9449 §10)', () => {
  it.each([key.thumbprint, undefined])('takes %s', (text) => expect(dpopJkt(text)).toBe(text))
  it.each(['', 'short', `${'A'.repeat(42)}=`, 'A'.repeat(44)])('refuses %j', (text) => {
    expect(refusal(() => dpopJkt(text))).toBe('invalid_request')
  })
})

describe('the DPoP scheme (RFC 9449 §7.1)', () => {
  it.each([
    ['DPoP abc', 'abc'],
    ['dpop abc', 'abc'],
    ['Bearer abc', undefined],
    ['DPoPabc', undefined],
    [undefined, undefined],
  ])('reads %j as %j', (header, token) => expect(dpopToken(header)).toBe(token))
  it.each(['DPoP', 'DPoP ', 'DPoP a b', 'DPoP é'])('refuses %j', (header) => {
    expect(refusal(() => dpopToken(header))).toBe('invalid_request')
  })
  it('§7.1: the challenge names the algorithms', () => {
    expect(dpopChallenge('https://id.example')).toBe(
      'DPoP realm="https://id.example", algs="ES256 EdDSA Ed25519 PS256"',
    )
    const refused = new OAuthError('use_dpop_nonce', 'again')
    expect(dpopChallenge('https://id.example', refused)).toContain('error="use_dpop_nonce"')
  })
})

it('any text is refused as a proof, and never throws', async () => {
  const whole = await made()
  await fc.assert(
    fc.asyncProperty(
      anyText(),
      fc.nat({ max: whole.length - 1 }),
      fc.constantFrom(...'ABab01-_.'),
      async (text, at, instead) => {
        expect(await dpopProof(text, request, now)).toHaveProperty('rejected')
        const changed = whole.slice(0, at) + instead + whole.slice(at + 1)
        const result = await dpopProof(changed, request, now)
        expect('rejected' in result || changed === whole || result.jti === 'one').toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})
