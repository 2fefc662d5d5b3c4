import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { authorizationResponse, responseMode } from '../../../src/protocol/oauth/authorization-response.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { type ReturnAddress, returnAddress } from '../../../src/protocol/oauth/return-address.ts'
import { refusal } from './refused.ts'

const issuer = 'https://id.example'

function at(redirectUri: string, state?: string): ReturnAddress {
  const metadata = { redirect_uris: [redirectUri], application_type: 'native' as const }
  const address = returnAddress({ clientId: ClientId.parse('client'), metadata }, redirectUri, state)
  if (address === undefined) throw new Error('not an address')
  return address
}

describe('grants', () => {
  it.each([
    ['https://a.example/cb', 'https://a.example/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['https://a.example/cb?x=1', 'https://a.example/cb?x=1&code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['https://a.example/cb?', 'https://a.example/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['org.example.app:/cb', 'org.example.app:/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
  ])('RFC 6749 §3.1.2, §4.1.2; RFC 9207 §2: an answer to %s keeps its query', (uri, expected) => {
    expect(authorizationResponse(at(uri, 's'), { code: 'c' }, issuer)).toBe(expected)
  })

  it('RFC 6749 §4.1.2: no state where none was sent', () => {
    expect(authorizationResponse(at('https://a.example/'), { code: 'c' }, issuer)).not.toContain('state')
  })

  it('RFC 6749 §4.1.2.1, RFC 9207 §2: a refusal, with state and iss', () => {
    const url = new URL(
      authorizationResponse(
        at('https://a.example/', 's'),
        { refused: new OAuthError('access_denied', 'no', 'private') },
        issuer,
      ),
    )
    expect(Object.fromEntries(url.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'no',
      state: 's',
      iss: issuer,
    })
  })

  it('RFC 6749 §4.1.2: state comes back exactly, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (state) => {
        const url = new URL(
          authorizationResponse(at('https://a.example/?state=own', state), { code: 'c' }, issuer),
        )
        expect(url.origin).toBe('https://a.example')
        expect(url.searchParams.getAll('state')).toEqual(['own', state])
        expect(url.searchParams.getAll('code')).toEqual(['c'])
      }),
    )
  })
})

describe('refuses', () => {
  it.each(['fragment', 'form_post', 'query.jwt', 'QUERY'])(
    'Multiple Response Types §2.1: response_mode=%s',
    (mode) => {
      expect(refusal(() => responseMode(mode))).toBe('invalid_request')
    },
  )
})
