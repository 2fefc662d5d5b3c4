import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { instant } from '../../../src/kernel/instant.ts'
import {
  type AuthorizationResponse,
  authorizationResponse,
  inQuery,
  signedResponseClaims,
} from '../../../src/protocol/oauth/authorization-response.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { responseMode } from '../../../src/protocol/oauth/response-mode.ts'
import { type ReturnAddress, returnAddress } from '../../../src/protocol/oauth/return-address.ts'
import { refusal } from './refused.ts'

const issuer = 'https://id.example'

function at(redirectUri: string, state?: string): ReturnAddress {
  const metadata = { redirect_uris: [redirectUri], application_type: 'native' as const }
  const address = returnAddress({ clientId: ClientId.parse('client'), metadata }, redirectUri, state)
  if (address === undefined) throw new Error('not an address')
  return address
}

const url = (address: ReturnAddress, response: AuthorizationResponse) =>
  inQuery(address, authorizationResponse(address, response, issuer))

describe('grants', () => {
  it.each([
    ['https://a.example/cb', 'https://a.example/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['https://a.example/cb?x=1', 'https://a.example/cb?x=1&code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['https://a.example/cb?', 'https://a.example/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
    ['org.example.app:/cb', 'org.example.app:/cb?code=c&state=s&iss=https%3A%2F%2Fid.example'],
  ])('RFC 6749 §3.1.2, §4.1.2; RFC 9207 §2: an answer to %s keeps its query', (uri, expected) => {
    expect(url(at(uri, 's'), { code: 'c' })).toBe(expected)
  })

  it('RFC 6749 §4.1.2: no state where none was sent', () => {
    expect(url(at('https://a.example/'), { code: 'c' })).not.toContain('state')
  })

  it('RFC 6749 §4.1.2.1, RFC 9207 §2: a refusal, with state and iss', () => {
    const refused = new OAuthError('access_denied', 'no', 'private')
    const answer = new URL(url(at('https://a.example/', 's'), { refused }))
    expect(Object.fromEntries(answer.searchParams)).toEqual({
      error: 'access_denied',
      error_description: 'no',
      state: 's',
      iss: issuer,
    })
  })

  it('RFC 6749 §4.1.2: state comes back exactly, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (state) => {
        const answer = new URL(url(at('https://a.example/?state=own', state), { code: 'c' }))
        expect(answer.origin).toBe('https://a.example')
        expect(answer.searchParams.getAll('state')).toEqual(['own', state])
        expect(answer.searchParams.getAll('code')).toEqual(['c'])
      }),
    )
  })

  it('JARM §2.1: a signed answer says from whom, for whom, and for ten minutes', () => {
    const now = instant(1_800_000_000)
    expect(signedResponseClaims(at('https://a.example/', 's'), { code: 'c' }, issuer, now)).toEqual({
      code: 'c',
      state: 's',
      iss: issuer,
      aud: 'client',
      exp: 1_800_000_600,
    })
    const refused = new OAuthError('access_denied', 'no', 'private')
    expect(signedResponseClaims(at('https://a.example/'), { refused }, issuer, now)).toEqual({
      error: 'access_denied',
      error_description: 'no',
      iss: issuer,
      aud: 'client',
      exp: 1_800_000_600,
    })
  })

  it.each([
    ['Multiple Response Types §2.1: the query where nothing is said', undefined, 'query'],
    ['Multiple Response Types §2.1', 'query', 'query'],
    ['Form Post §2', 'form_post', 'form_post'],
    ['JARM §2.3.4: the default of the code flow', 'jwt', 'query.jwt'],
    ['JARM §2.3.1', 'query.jwt', 'query.jwt'],
    ['JARM §2.3.3', 'form_post.jwt', 'form_post.jwt'],
  ])('%s: response_mode=%s', (_, text, mode) => expect(responseMode(text)).toBe(mode))
})

describe('refuses', () => {
  it.each(['fragment', 'fragment.jwt', 'web_message', 'QUERY', 'constructor'])(
    'Multiple Response Types §2.1: response_mode=%s',
    (mode) => {
      expect(refusal(() => responseMode(mode))).toBe('invalid_request')
    },
  )
})
