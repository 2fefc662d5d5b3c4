import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMetadata } from '../../../src/protocol/oauth/client-metadata.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { refusal } from './refused.ts'

const PUBLIC_KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}
const minimal = { redirect_uris: ['https://dossier.example/cb'] }
const withUri = (uri: string, type = 'web') => ({ redirect_uris: [uri], application_type: type })

describe('grants', () => {
  it('RFC 7591 §2, OIDC Registration §2: the defaults', () => {
    expect(clientMetadata(minimal)).toEqual({
      redirect_uris: ['https://dossier.example/cb'],
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      application_type: 'web',
      subject_type: 'public',
      dpop_bound_access_tokens: false,
      tls_client_certificate_bound_access_tokens: false,
      serment_thumbprint_form: 'rfc8705',
      id_token_signed_response_alg: 'RS256',
      require_auth_time: false,
      require_pushed_authorization_requests: false,
      require_signed_request_object: false,
      authorization_signed_response_alg: 'RS256',
      post_logout_redirect_uris: [],
      backchannel_logout_session_required: false,
      frontchannel_logout_session_required: false,
      serment_introspection: false,
      serment_authority: false,
    })
  })

  it('RFC 7591 §2: members unknown here are left out', () => {
    expect(clientMetadata({ ...minimal, favourite: 'x', 'client_name#fr': 'Démo' })).not.toHaveProperty(
      'favourite',
    )
  })

  it('RFC 7591 §2: public keys by value, for private_key_jwt', () => {
    const sent = { ...minimal, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [PUBLIC_KEY] } }
    expect(clientMetadata(sent).jwks?.keys).toEqual([PUBLIC_KEY])
  })

  it('RFC 7591 §2: public keys by reference, for private_key_jwt', () => {
    const jwks_uri = 'https://dossier.example/jwks'
    const sent = { ...minimal, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }
    expect(clientMetadata(sent)).toMatchObject({ jwks_uri })
  })

  it.each([
    ['https', 'https://dossier.example/cb?a=1', 'web'],
    ['http on localhost', 'http://localhost:8788/cb', 'web'],
    ['http on a name under localhost', 'http://rp.localhost:8788/cb', 'web'],
    ['http on 127.0.0.1', 'http://127.0.0.1/cb', 'web'],
    ['http on ::1', 'http://[::1]:9000/cb', 'web'],
    ['RFC 8252 §7.1: a scheme named after a domain', 'org.example.dossier:/cb', 'native'],
    ['RFC 8252 §7.2: a claimed https address', 'https://dossier.example/app', 'native'],
    ['RFC 8252 §7.3: the loopback', 'http://127.0.0.1/cb', 'native'],
  ])('redirect URI: %s', (_, uri, type) =>
    expect(clientMetadata(withUri(uri, type)).redirect_uris).toEqual([uri]),
  )
})

describe('refuses', () => {
  it.each([
    ['RFC 6749 §3.1.2: a fragment', 'https://dossier.example/cb#a', 'web'],
    ['RFC 6749 §3.1.2: an empty fragment', 'https://dossier.example/cb#', 'web'],
    ['RFC 6749 §3.1.2: a relative one', '/cb', 'web'],
    ['http elsewhere', 'http://dossier.example/cb', 'web'],
    ['http on a name that only ends alike', 'http://notlocalhost/cb', 'web'],
    ['http on a name that only begins alike', 'http://127.0.0.1.evil.example/cb', 'web'],
    ['a private scheme for a web client', 'org.example.dossier:/cb', 'web'],
    ['RFC 8252 §7.1: a scheme without a domain', 'dossier:/cb', 'native'],
    ['javascript', 'javascript:alert(1)', 'native'],
    ['data', 'data:text/html,a', 'native'],
    ['a user name', 'https://a@dossier.example/cb', 'web'],
    ['a password', 'https://a:b@dossier.example/cb', 'web'],
    ['RFC 9700 §2.1: a wildcard', 'https://*.example/cb', 'web'],
    ['a backslash', 'https://dossier.example\\@evil.example/cb', 'web'],
    ['a blank', 'https://dossier.example/a b', 'web'],
    ['a line break', 'https://dossier.example/cb\n', 'web'],
    ['letters beyond ASCII', 'https://dossïer.example/cb', 'web'],
    ['an empty one', '', 'web'],
  ])('RFC 7591 §3.2.2 invalid_redirect_uri: %s', (_, uri, type) => {
    expect(refusal(() => clientMetadata(withUri(uri, type)))).toBe('invalid_redirect_uri')
  })

  it.each([
    ['none', {}],
    ['an empty list', { redirect_uris: [] }],
    ['not a list', { redirect_uris: 'https://dossier.example/cb' }],
    ['fifty-one', { redirect_uris: Array.from({ length: 51 }, (_, i) => `https://dossier.example/${i}`) }],
  ])('RFC 7591 §3.2.2 invalid_redirect_uri: %s', (_, sent) => {
    expect(refusal(() => clientMetadata(sent))).toBe('invalid_redirect_uri')
  })

  it.each([
    ['not an object', 'text'],
    ['null', null],
    [
      'an authentication method that we do not have',
      { ...minimal, token_endpoint_auth_method: 'client_secret_jwt' },
    ],
    ['an implicit grant (RFC 9700 §2.1.2)', { ...minimal, grant_types: ['authorization_code', 'implicit'] }],
    ['refreshing without the code (RFC 7591 §2.1)', { ...minimal, grant_types: ['refresh_token'] }],
    ['a hybrid response', { ...minimal, response_types: ['code id_token'] }],
    ['no response type', { ...minimal, response_types: [] }],
    ['a subject type that is none', { ...minimal, subject_type: 'persistent' }],
    ['unsigned ID tokens', { ...minimal, id_token_signed_response_alg: 'none' }],
    ['ID tokens under a secret', { ...minimal, id_token_signed_response_alg: 'HS256' }],
    ['private_key_jwt without keys', { ...minimal, token_endpoint_auth_method: 'private_key_jwt' }],
    ['a jwks_uri that points inward', { ...minimal, jwks_uri: 'https://10.0.0.1/jwks' }],
    [
      'keys by value and by reference (RFC 7591 §2)',
      { ...minimal, jwks: { keys: [PUBLIC_KEY] }, jwks_uri: 'https://dossier.example/jwks' },
    ],
    ['requests signed by keys that are nowhere', { ...minimal, request_object_signing_alg: 'ES256' }],
    ['signed requests alone, without keys', { ...minimal, require_signed_request_object: true }],
    [
      'requests under a secret',
      { ...minimal, request_object_signing_alg: 'HS256', jwks: { keys: [PUBLIC_KEY] } },
    ],
    [
      'unsigned request objects',
      { ...minimal, request_object_signing_alg: 'none', jwks: { keys: [PUBLIC_KEY] } },
    ],
    ['unsigned responses', { ...minimal, authorization_signed_response_alg: 'none' }],
    ['a private key', { ...minimal, jwks: { keys: [{ ...PUBLIC_KEY, d: 'AA' }] } }],
    ['a symmetric key', { ...minimal, jwks: { keys: [{ kty: 'oct', k: 'AA' }] } }],
    ['a name that turns text around', { ...minimal, client_name: 'Dossier \u202eomed' }],
    ['a name with a line break', { ...minimal, client_name: 'a\nb' }],
    ['a name without letters', { ...minimal, client_name: '   ' }],
    ['a name beyond reason', { ...minimal, client_name: 'a'.repeat(81) }],
    ['a page that is a script', { ...minimal, client_uri: 'javascript:alert(1)' }],
    ['a negative default_max_age', { ...minimal, default_max_age: -1 }],
    ['a fraction of a second', { ...minimal, default_max_age: 0.5 }],
  ])('RFC 7591 §3.2.2 invalid_client_metadata: %s', (_, sent) => {
    expect(refusal(() => clientMetadata(sent))).toBe('invalid_client_metadata')
  })

  it('RP-Initiated Logout §3.1: a post-logout address that is none', () => {
    const sent = { ...minimal, post_logout_redirect_uris: ['http://dossier.example/'] }
    expect(refusal(() => clientMetadata(sent))).toBe('invalid_redirect_uri')
  })
})

it('any JSON is parsed or refused in the specification’s words', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (sent, uris) => {
      for (const attempt of [sent, { redirect_uris: uris }, { ...minimal, jwks: sent, client_name: uris }]) {
        try {
          clientMetadata(attempt)
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OAuthError)
        }
      }
    }),
  )
})

it('what was registered can be registered again unchanged', () => {
  const once = clientMetadata({ ...minimal, client_name: 'Démo', default_max_age: 60 })
  expect(clientMetadata(once)).toEqual(once)
})
