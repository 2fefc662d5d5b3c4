import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasScope, parseScope, scopeText } from '../../../src/protocol/oauth/scope.ts'
import { refusal } from './refused.ts'

describe('grants', () => {
  it.each([
    ['openid scope_all', 'openid scope_all'],
    ['scope_all openid', 'openid scope_all'],
    ['openid openid', 'openid'],
    ['openid email rpps', 'openid'],
    ['contact activities profession identity openid', 'openid identity profession activities contact'],
  ])('RFC 6749 §3.3: %j is %j', (sent, granted) => expect(scopeText(parseScope(sent))).toBe(granted))

  it('case matters', () => expect(parseScope('OPENID')).toEqual([]))
  it('a scope is a word, not a part of one', () =>
    expect(hasScope('openid scope_all', 'identity')).toBe(false))
})

describe('refuses', () => {
  it.each([
    '',
    ' ',
    'openid  profile',
    ' openid',
    'openid ',
    'open"id',
    'open\\id',
    'openid\tprofile',
    'é',
    'a'.repeat(1001),
  ])('RFC 6749 §3.3: %j', (sent) => expect(refusal(() => parseScope(sent))).toBe('invalid_scope'))
})

it('parsing what was parsed changes nothing', () => {
  const words = fc.array(fc.constantFrom('openid', 'scope_all', 'identity', 'contact', 'other'), {
    minLength: 1,
  })
  fc.assert(
    fc.property(words, (some) => {
      const once = parseScope(some.join(' '))
      if (once.length > 0) expect(parseScope(scopeText(once))).toEqual(once)
    }),
  )
})
