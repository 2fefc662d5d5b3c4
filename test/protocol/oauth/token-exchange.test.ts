import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { wantsIntrospectionJwt } from '../../../src/protocol/oauth/introspection.ts'
import { parameters } from '../../../src/protocol/oauth/parameters.ts'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import { tokenRequest } from '../../../src/protocol/oauth/token-request.ts'

const JWT = 'urn:ietf:params:oauth:token-type:jwt'
const NAMES = [
  'subject_token',
  'subject_token_type',
  'requested_token_type',
  'audience',
  'resource',
  'scope',
  'actor_token',
  'actor_token_type',
]

describe('a token exchange, whatever is sent', () => {
  it('is read or refused, and what is read is whole', () => {
    const value = fc.oneof(fc.string(), fc.constantFrom(ACCESS_TOKEN, JWT, 'https://api.example/', 'a b'))
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...NAMES), value), (sent) => {
        try {
          const request = tokenRequest(
            parameters(new URLSearchParams({ ...sent, grant_type: TOKEN_EXCHANGE })),
          )
          if (request.grantType !== TOKEN_EXCHANGE) throw new Error(request.grantType)
          expect(request.subjectToken).toBe(sent.subject_token)
          expect(request.scope).toBe(sent.scope)
          expect([sent.audience, sent.resource]).toContain(request.audience)
          expect(request.actorToken === undefined).toBe(!sent.actor_token)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OAuthError)
        }
      }),
    )
  })
})

describe('RFC 9701 §4: whether a signed answer is asked for', () => {
  it.each([
    ['application/token-introspection+jwt', true],
    ['application/json, application/token-introspection+jwt', true],
    ['Application/Token-Introspection+JWT; q=0.5', true],
    ['application/token-introspection+jwt;q=0', false],
    ['application/token-introspection+jwt; q=0.000', false],
    ['application/jwt', false],
    ['*/*', false],
    ['', false],
    [undefined, false],
    [`${'a,'.repeat(600)}application/token-introspection+jwt`, false],
  ])('%s: %s', (accept, expected) => expect(wantsIntrospectionJwt(accept)).toBe(expected))

  it('never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 2_000 }), (accept) => {
        expect(wantsIntrospectionJwt(accept)).toBe(false)
      }),
    )
  })
})
