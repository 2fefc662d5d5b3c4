import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { parameters } from '../../../src/protocol/oauth/parameters.ts'
import { anyText } from '../../actors/any-text.ts'
import { refusal } from './refused.ts'

const of = (query: string) => parameters(new URLSearchParams(query))

describe('grants', () => {
  it.each([
    ['each once', 'a=1&b=2', { a: '1', b: '2' }],
    ['RFC 6749 §3.1: one without a value is omitted', 'a=&b=2', { b: '2' }],
    [
      'RFC 6749 app. B: form encoding',
      'scope=openid+scope_all&x=%C3%A9',
      { scope: 'openid scope_all', x: 'é' },
    ],
    ['names are not members of an object', '__proto__=1&constructor=2', undefined],
  ])('%s', (_, query, expected) => {
    const found = of(query)
    if (expected === undefined) expect([...found.keys()]).toEqual(['__proto__', 'constructor'])
    else expect(Object.fromEntries(found)).toEqual(expected)
  })
})

describe('refuses', () => {
  it.each([
    ['RFC 6749 §3.1: a parameter twice', 'client_id=a&client_id=a'],
    ['RFC 6749 §3.1: twice, one of them empty', 'state=&state=a'],
    ['RFC 6749 §3.1: an unknown parameter twice', 'foo=1&foo=2'],
    ['a value beyond reason', `state=${'a'.repeat(8193)}`],
    ['a name beyond reason', `${'a'.repeat(129)}=1`],
    ['values beyond reason together', ['a', 'b', 'c'].map((name) => `${name}=${'x'.repeat(8000)}`).join('&')],
    ['more parameters than any request has', Array.from({ length: 65 }, (_, i) => `p${i}=1`).join('&')],
  ])('%s', (_, query) => expect(refusal(() => of(query))).toBe('invalid_request'))
})

it('any text either parses to what URLSearchParams says or is refused', () => {
  fc.assert(
    fc.property(anyText(), (text) => {
      const search = new URLSearchParams(text)
      try {
        for (const [name, value] of parameters(search)) {
          expect(search.getAll(name)).toEqual([value])
          expect(value).not.toBe('')
        }
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(OAuthError)
      }
    }),
  )
})
