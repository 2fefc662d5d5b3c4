import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { tokenRequest } from '../../../src/protocol/oauth/token-request.ts'
import { refusal } from './refused.ts'

const of = (form: Record<string, string>) => tokenRequest(new Map(Object.entries(form)))
const verifier = 'v'.repeat(43)

describe('grants', () => {
  it('RFC 6749 §4.1.3, RFC 7636 §4.5: a code with its verifier', () => {
    const sent = {
      grant_type: 'authorization_code',
      code: 'c',
      redirect_uri: 'https://a.example/',
      code_verifier: verifier,
    }
    expect(of(sent)).toEqual({
      grantType: 'authorization_code',
      code: 'c',
      redirectUri: 'https://a.example/',
      codeVerifier: verifier,
    })
  })
  it('RFC 6749 §6: a refresh token, with a narrower scope', () => {
    expect(of({ grant_type: 'refresh_token', refresh_token: 'r', scope: 'openid' })).toEqual({
      grantType: 'refresh_token',
      refreshToken: 'r',
      scope: 'openid',
    })
  })
})

describe('refuses', () => {
  it.each([
    ['RFC 6749 §4.1.3: no grant_type', {}, 'invalid_request'],
    ['RFC 6749 §4.1.3: no code', { grant_type: 'authorization_code' }, 'invalid_request'],
    ['RFC 6749 §6: no refresh token', { grant_type: 'refresh_token' }, 'invalid_request'],
    ['RFC 9700 §2.4: the password grant', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a grant in another case', { grant_type: 'Authorization_Code', code: 'c' }, 'unsupported_grant_type'],
    [
      'RFC 7636 §4.1: a malformed verifier',
      { grant_type: 'authorization_code', code: 'c', code_verifier: 'short' },
      'invalid_grant',
    ],
  ])('%s', (_, form, code) => expect(refusal(() => of(form))).toBe(code))
})

it('any form is parsed or refused', () => {
  const grant = fc.constantFrom('authorization_code', 'refresh_token', 'x')
  fc.assert(
    fc.property(
      grant,
      fc.dictionary(fc.constantFrom('code', 'code_verifier', 'refresh_token', 'scope'), fc.string()),
      (grant_type, rest) => {
        try {
          expect(of({ ...rest, grant_type }).grantType).toBe(grant_type)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OAuthError)
        }
      },
    ),
  )
})
