import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { claimsRequest, NO_CLAIMS } from '../../../src/protocol/oidc/claims-parameter.ts'
import { refusal } from '../oauth/refused.ts'

const of = (value: unknown) => claimsRequest(JSON.stringify(value))

describe('grants', () => {
  it('none', () => expect(claimsRequest(undefined)).toBe(NO_CLAIMS))

  it('OIDC Core §5.5: the example of the specification', () => {
    expect(
      of({
        userinfo: {
          given_name: { essential: true },
          nickname: null,
          email: { essential: true },
          picture: null,
          'http://example.info/claims/groups': null,
        },
        id_token: {
          auth_time: { essential: true },
          acr: { values: ['urn:mace:incommon:iap:silver'] },
        },
      }),
    ).toEqual({
      userinfo: ['given_name', 'nickname', 'email', 'picture', 'http://example.info/claims/groups'],
      idToken: ['auth_time', 'acr'],
      subject: undefined,
      acr: { values: [], essential: false },
    })
  })

  it('OIDC Core §5.5: unknown members are ignored, in the whole and in one claim', () => {
    expect(of({ verified: 1, id_token: { a: { purpose: 'x', value: { b: 1 } } } }).idToken).toEqual(['a'])
  })

  it.each([
    ['value', { value: 'phr' }, { values: ['phr'], essential: false }],
    ['values, weakest first', { values: ['phrh', 'phr'] }, { values: ['phr', 'phrh'], essential: false }],
    ['essential', { essential: true, values: ['phrh', 'loa4'] }, { values: ['phrh'], essential: true }],
    ['essential without a value: any will do', { essential: true }, undefined],
    ['null', null, undefined],
  ])('OIDC Core §5.5.1.1: acr by %s', (_, acr, expected) => {
    expect(of({ id_token: { acr } }).acr).toEqual(expected)
  })

  it('OIDC Core §5.5.1: sub with a value, in either place or both', () => {
    expect(of({ id_token: { sub: { value: 's' } } }).subject).toBe('s')
    expect(of({ userinfo: { sub: { value: 's' } }, id_token: { sub: { value: 's' } } }).subject).toBe('s')
  })
})

describe('refuses', () => {
  it.each([
    ['no JSON', '{'],
    ['text', '"userinfo"'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a place that is a list', '{"userinfo":[]}'],
    ['a place that is null', '{"id_token":null}'],
    ['a claim that is true', '{"userinfo":{"given_name":true}}'],
    ['a claim that is text', '{"userinfo":{"given_name":"essential"}}'],
    ['essential that is text', '{"userinfo":{"given_name":{"essential":"yes"}}}'],
    ['values that are none', '{"userinfo":{"given_name":{"values":[]}}}'],
    ['values that are no list', '{"userinfo":{"given_name":{"values":"a"}}}'],
    ['a name beyond reason', JSON.stringify({ userinfo: { ['a'.repeat(257)]: null } })],
    ['a claim without a name', '{"userinfo":{"":null}}'],
    [
      'more claims than there are',
      JSON.stringify({ userinfo: Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`c${i}`, null])) }),
    ],
    ['two subjects', '{"userinfo":{"sub":{"value":"a"}},"id_token":{"sub":{"value":"b"}}}'],
    ['a subject that is a number', '{"id_token":{"sub":{"value":1}}}'],
  ])('OIDC Core §5.5: %s', (_, text) => expect(refusal(() => claimsRequest(text))).toBe('invalid_request'))

  it.each([{ value: 'loa4' }, { values: ['loa4', 'constructor'] }, { value: 7 }])(
    'Unmet Authentication Requirements §2: an essential acr that nobody here can reach',
    (wish) => {
      expect(refusal(() => of({ id_token: { acr: { essential: true, ...wish } } }))).toBe(
        'unmet_authentication_requirements',
      )
    },
  )
})

it('whatever is sent: parsed or refused', () => {
  const tryIt = (text: string) => {
    try {
      const { userinfo, idToken } = claimsRequest(text)
      expect(userinfo.length + idToken.length).toBeLessThanOrEqual(128)
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(OAuthError)
    }
  }
  fc.assert(fc.property(fc.string(), tryIt))
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      for (const value of [a, { userinfo: a, id_token: b }, { id_token: { acr: a, sub: b } }])
        tryIt(JSON.stringify(value))
    }),
  )
  tryIt('{"userinfo":{"__proto__":{"essential":true}}}')
  tryIt(`${'['.repeat(4000)}${']'.repeat(4000)}`)
})
