import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bearerChallenge, presentedToken } from '../../../src/protocol/oauth/bearer.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { anyText } from '../../actors/any-text.ts'
import { refusal } from './refused.ts'

const form = new Map([['access_token', 'posted']])

describe('grants', () => {
  it.each([
    ['RFC 6750 §2.1: header', 'Bearer mF_9.B5f-4.1JqM', undefined, 'mF_9.B5f-4.1JqM'],
    ['RFC 9110 §11.1: the scheme in any case', 'bearer abc', undefined, 'abc'],
    ['RFC 6750 §2.2: form', undefined, form, 'posted'],
    ['none', undefined, undefined, undefined],
    ['another scheme is none', 'Basic abc', undefined, undefined],
    ['another scheme beside a form', 'Basic abc', form, 'posted'],
  ])('%s', (_, header, posted, token) => expect(presentedToken(header, posted)).toBe(token))
})

describe('refuses', () => {
  it.each([
    ['RFC 6750 §2: two ways', 'Bearer abc', form],
    ['no token', 'Bearer', undefined],
    ['an empty token', 'Bearer ', undefined],
    ['two tokens', 'Bearer a b', undefined],
    ['RFC 6750 §2.1: what b64token has not', 'Bearer a"b', undefined],
    ['a token beyond reason', `Bearer ${'a'.repeat(8193)}`, undefined],
  ])('%s', (_, header, posted) =>
    expect(refusal(() => presentedToken(header, posted))).toBe('invalid_request'),
  )
})

describe('RFC 6750 §3: the challenge', () => {
  const issuer = 'https://id.example'
  it('§3.1: without an error when nothing was presented', () => {
    expect(bearerChallenge(issuer)).toBe('Bearer realm="https://id.example"')
  })
  it('names the error', () => {
    expect(bearerChallenge(issuer, new OAuthError('invalid_token', 'the token expired'))).toBe(
      'Bearer realm="https://id.example", error="invalid_token", error_description="the token expired"',
    )
  })
  it('nothing quoted in a description closes the quotes', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const value = bearerChallenge(issuer, new OAuthError('invalid_token', text))
        expect(value.split('"')).toHaveLength(7)
      }),
    )
  })
})
