import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OAUTH_ERRORS, OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { anyText } from '../../actors/any-text.ts'

describe('refusals', () => {
  it.each([
    ['invalid_request', 400],
    ['invalid_client', 401],
    ['invalid_grant', 400],
    ['unauthorized_client', 400],
    ['unsupported_grant_type', 400],
    ['invalid_scope', 400],
  ] as const)('RFC 6749 §5.2: %s has status %d', (code, status) => {
    expect(new OAuthError(code, 'why').status).toBe(status)
  })

  it.each([
    ['invalid_token', 401],
    ['insufficient_scope', 403],
  ] as const)('RFC 6750 §3.1: %s has status %d', (code, status) => {
    expect(new OAuthError(code, 'why').status).toBe(status)
  })

  it('each names the section that registers it', () => {
    for (const { section } of Object.values(OAUTH_ERRORS)) expect(section).toMatch(/§/)
  })

  it('RFC 6749 §5.2: the body has error and error_description, never the private detail', () => {
    const refused = new OAuthError('invalid_grant', 'the code is used', 'family of someone')
    expect(refused.body()).toEqual({ error: 'invalid_grant', error_description: 'the code is used' })
  })

  it('RFC 6749 §4.1.2.1: a description keeps to %x20-21 / %x23-5B / %x5D-7E, whatever is quoted in it', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const { description } = new OAuthError('invalid_request', text)
        expect(description).toMatch(/^[\x20\x21\x23-\x5b\x5d-\x7e]{0,300}$/)
      }),
    )
  })
})
