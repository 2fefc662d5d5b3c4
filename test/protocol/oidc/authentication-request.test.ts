import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { authenticationRequest } from '../../../src/protocol/oidc/authentication-request.ts'
import { anyText } from '../../actors/any-text.ts'
import { refusal } from '../oauth/refused.ts'

const minimal = { response_type: 'code', scope: 'openid' }
const of = (sent: Record<string, string>) => authenticationRequest(new Map(Object.entries(sent)))

describe('grants', () => {
  it('OIDC Core §3.1.2.1: everything that it has', () => {
    expect(
      of({
        response_type: 'code',
        response_mode: 'query',
        scope: 'openid scope_all',
        state: 's',
        nonce: 'n',
        code_challenge: 'c'.repeat(43),
        code_challenge_method: 'S256',
        prompt: 'login consent',
        max_age: '60',
        acr_values: 'eidas1 other',
        login_hint: '899700000000',
        ui_locales: 'en fr',
        id_token_hint: 'h',
        display: 'page',
      }),
    ).toEqual({
      responseMode: 'query',
      claims: { userinfo: [], idToken: [], subject: undefined, acr: undefined },
      scopes: ['openid', 'scope_all'],
      codeChallenge: 'c'.repeat(43),
      nonce: 'n',
      prompt: ['login', 'consent'],
      maxAge: 60,
      acrValues: ['eidas1'],
      loginHint: '899700000000',
      uiLocales: 'en fr',
      idTokenHint: 'h',
    })
  })
  it('OIDC Core §5.5.1.1: acr asked in claims counts before acr_values, where it names one that we have', () => {
    const claims = (acr: object) => JSON.stringify({ id_token: { acr } })
    expect(of({ ...minimal, acr_values: 'eidas1', claims: claims({ values: ['phr'] }) }).acrValues).toEqual([
      'phr',
    ])
    expect(of({ ...minimal, acr_values: 'phr', claims: claims({ value: 'loa4' }) }).acrValues).toEqual([
      'phr',
    ])
  })
  it('OIDC Core §3.1.2.1: unknown parameters are ignored', () => {
    expect(of({ ...minimal, kc_idp_hint: 'x' })).toEqual(of(minimal))
  })
})

describe('refuses', () => {
  it.each([
    ['RFC 6749 §4.1.2.1: no response_type', { scope: 'openid' }, 'invalid_request'],
    ['RFC 9700 §2.1.2: token', { ...minimal, response_type: 'token' }, 'unsupported_response_type'],
    ['OIDC Core §3.2: id_token', { ...minimal, response_type: 'id_token' }, 'unsupported_response_type'],
    [
      'OIDC Core §3.3: code id_token',
      { ...minimal, response_type: 'code id_token' },
      'unsupported_response_type',
    ],
    ['a response_mode that we do not have', { ...minimal, response_mode: 'fragment' }, 'invalid_request'],
    ['OIDC Core §3.1.2.1: no scope', { response_type: 'code' }, 'invalid_scope'],
    ['OIDC Core §3.1.2.1: no openid', { ...minimal, scope: 'scope_all' }, 'invalid_scope'],
    ['OIDC Core §5.5: claims that are none', { ...minimal, claims: '[]' }, 'invalid_request'],
    ['OIDC Core §7.2.1: registration', { ...minimal, registration: '{}' }, 'registration_not_supported'],
    [
      'RFC 7636 §4.3: plain',
      { ...minimal, code_challenge: 'c'.repeat(43), code_challenge_method: 'plain' },
      'invalid_request',
    ],
    ['state beyond 2048', { ...minimal, state: 's'.repeat(2049) }, 'invalid_request'],
    ['nonce beyond 512', { ...minimal, nonce: 'n'.repeat(513) }, 'invalid_request'],
    ['login_hint beyond 256', { ...minimal, login_hint: 'n'.repeat(257) }, 'invalid_request'],
    ['OIDC Core §3.1.2.1: prompt=none with another', { ...minimal, prompt: 'none login' }, 'invalid_request'],
    ['OIDC Core §3.1.2.1: an unknown prompt', { ...minimal, prompt: 'create' }, 'invalid_request'],
    ['max_age below nothing', { ...minimal, max_age: '-1' }, 'invalid_request'],
    ['max_age as words', { ...minimal, max_age: 'soon' }, 'invalid_request'],
    ['max_age as a fraction', { ...minimal, max_age: '1.5' }, 'invalid_request'],
    ['max_age beyond reason', { ...minimal, max_age: '9'.repeat(20) }, 'invalid_request'],
  ])('%s', (_, sent: Record<string, string>, code) => expect(refusal(() => of(sent))).toBe(code))
})

it('any values are parsed or refused', () => {
  const names = [
    'scope',
    'response_type',
    'prompt',
    'max_age',
    'acr_values',
    'code_challenge',
    'code_challenge_method',
    'nonce',
  ] as const
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), anyText()), (sent) => {
      for (const attempt of [sent, { ...minimal, ...sent }, { ...sent, ...minimal }]) {
        try {
          expect(of(attempt).scopes).toContain('openid')
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OAuthError)
        }
      }
    }),
  )
})
