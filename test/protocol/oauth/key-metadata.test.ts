import { describe, expect, it } from 'vitest'
import { clientMetadata } from '../../../src/protocol/oauth/client-metadata.ts'
import { sectorOf } from '../../../src/protocol/oauth/subject-metadata.ts'
import { SELF_SIGNED } from '../../actors/certificates.ts'
import { refusal } from './refused.ts'

const minimal = { redirect_uris: ['https://dossier.example/cb'] }
const EC = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }
const RSA = { kty: 'RSA', n: 'AQAB', e: 'AQAB' }
const named = { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_dns: 'dossier.example' }

describe('grants', () => {
  it.each([
    ['RFC 8705 §2.1.2: a name in the certificate', named],
    [
      'RFC 8705 §2.2.2: certificates in jwks',
      {
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...EC, x5c: [SELF_SIGNED] }] },
      },
    ],
    [
      'RFC 8705 §2.2.2: certificates at jwks_uri',
      { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks_uri: 'https://dossier.example/jwks' },
    ],
    ['RFC 8705 §3.4', { tls_client_certificate_bound_access_tokens: true, serment_thumbprint_form: 'ans' }],
    ['RFC 9449 §5.2', { dpop_bound_access_tokens: true }],
    [
      'OIDC Registration §2: an encrypted ID token',
      { id_token_encrypted_response_alg: 'RSA-OAEP-256', jwks: { keys: [EC, RSA] } },
    ],
    [
      'OIDC Registration §2: encrypted userinfo',
      {
        userinfo_encrypted_response_alg: 'ECDH-ES+A256KW',
        userinfo_encrypted_response_enc: 'A256GCM',
        jwks: { keys: [{ ...EC, use: 'enc' }] },
      },
    ],
    ['OIDC Core §8: pairwise subjects', { subject_type: 'pairwise' }],
    [
      'OIDC Core §8.1: a sector that is the host anyway',
      { subject_type: 'pairwise', sector_identifier_uri: 'https://dossier.example/sector.json' },
    ],
    ['RFC 6749 §4.4: client credentials alone', { redirect_uris: [], grant_types: ['client_credentials'] }],
  ])('%s', (_, members) => {
    const { redirect_uris: _uris, ...asked } = { ...minimal, ...members }
    expect(clientMetadata({ ...minimal, ...members })).toMatchObject(asked)
  })
})

describe('refuses, RFC 7591 §3.2.2 invalid_client_metadata', () => {
  it.each([
    ['RFC 8705 §2.1.2: no name', { token_endpoint_auth_method: 'tls_client_auth' }],
    ['RFC 8705 §2.1.2: two names', { ...named, tls_client_auth_san_ip: '192.0.2.7' }],
    ['RFC 8705 §2.1.2: a name without the method', { tls_client_auth_san_dns: 'dossier.example' }],
    [
      'RFC 4514: a subject that cannot be read',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_subject_dn: 'dossier' },
    ],
    [
      'an address that is none',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_ip: '192.0.2' },
    ],
    [
      'RFC 8705 §2.2.2: keys without a certificate',
      { token_endpoint_auth_method: 'self_signed_tls_client_auth', jwks: { keys: [EC] } },
    ],
    ['RFC 8705 §2.2.2: no keys', { token_endpoint_auth_method: 'self_signed_tls_client_auth' }],
    ['another form of thumbprint', { serment_thumbprint_form: 'sha1' }],
    ['an enc without alg', { id_token_encrypted_response_enc: 'A256GCM' }],
    ['no key to encrypt to', { id_token_encrypted_response_alg: 'ECDH-ES' }],
    ['a key of another kind', { id_token_encrypted_response_alg: 'ECDH-ES', jwks: { keys: [RSA] } }],
    [
      'a key for signatures',
      { userinfo_encrypted_response_alg: 'ECDH-ES', jwks: { keys: [{ ...EC, use: 'sig' }] } },
    ],
    ['RFC 8725 §3.2: RSA1_5', { id_token_encrypted_response_alg: 'RSA1_5', jwks: { keys: [RSA] } }],
    ['an encryption under a secret', { id_token_encrypted_response_alg: 'dir', jwks: { keys: [EC] } }],
    [
      'OIDC Core §8.1: pairwise over two hosts',
      { subject_type: 'pairwise', redirect_uris: ['https://a.example/cb', 'https://b.example/cb'] },
    ],
    [
      'OIDC Core §8.1: a sector elsewhere',
      { subject_type: 'pairwise', sector_identifier_uri: 'https://other.example/sector.json' },
    ],
    ['OIDC Core §8.1: a sector over http', { sector_identifier_uri: 'http://dossier.example/sector.json' }],
    [
      'RFC 6749 §4.4: client credentials of a public client',
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
    ],
    ['a refresh token of nothing', { grant_types: ['refresh_token'] }],
  ])('%s', (_, members) => {
    expect(refusal(() => clientMetadata({ ...minimal, ...members }))).toBe('invalid_client_metadata')
  })
})

it('OIDC Core §8.1: the sector is the host, without its port', () => {
  expect(sectorOf({ redirect_uris: ['https://a.example:8443/x', 'https://a.example/y'] })).toBe('a.example')
  expect(sectorOf({ redirect_uris: ['org.example.app:/cb'] })).toBeUndefined()
})
