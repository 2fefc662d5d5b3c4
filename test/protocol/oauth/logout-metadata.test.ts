import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientMetadata } from '../../../src/protocol/oauth/client-metadata.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { notPublic } from '../../../src/protocol/oauth/public-uri.ts'

const minimal = { redirect_uris: ['https://dossier.example/cb', 'http://localhost:3000/cb'] }

describe('grants', () => {
  it.each([
    ['backchannel_logout_uri', 'https://dossier.example/logout?from=serment'],
    ['backchannel_logout_uri', 'https://elsewhere.example:8443/logout'],
    ['backchannel_logout_uri', 'http://localhost:3000/logout'],
    ['frontchannel_logout_uri', 'https://dossier.example/bye'],
    ['frontchannel_logout_uri', 'http://localhost:3000/bye?a=b'],
  ])('%s %s', (member, uri) => {
    expect(clientMetadata({ ...minimal, [member]: uri })).toMatchObject({ [member]: uri })
  })
})

describe('refuses', () => {
  it.each([
    ['Back-Channel Logout §2.2: http', { backchannel_logout_uri: 'http://dossier.example/logout' }],
    ['Back-Channel Logout §2.2: a fragment', { backchannel_logout_uri: 'https://dossier.example/#x' }],
    ['Back-Channel Logout §2.2: a relative address', { backchannel_logout_uri: '/logout' }],
    ['a user and password', { backchannel_logout_uri: 'https://a:b@dossier.example/' }],
    ['another scheme', { backchannel_logout_uri: 'ftp://localhost/' }],
    ['Front-Channel Logout §2: another host', { frontchannel_logout_uri: 'https://evil.example/bye' }],
    ['Front-Channel Logout §2: another port', { frontchannel_logout_uri: 'https://dossier.example:8443/' }],
    ['Front-Channel Logout §2: another scheme', { frontchannel_logout_uri: 'http://dossier.example/bye' }],
    ['a script', { frontchannel_logout_uri: 'javascript:alert(1)' }],
  ])('%s', (_, member) => {
    expect(() => clientMetadata({ ...minimal, ...member })).toThrow(
      expect.objectContaining({ code: 'invalid_client_metadata' }),
    )
  })
})

describe('addresses that a client chose', () => {
  it.each([
    ['http://dossier.example/', 'must be https'],
    ['https://127.0.0.1/', 'must be at a name of the public DNS'],
    ['https://2130706433/', 'must be at a name of the public DNS'],
    ['https://0x7f.1/', 'must be at a name of the public DNS'],
    ['https://[::1]/', 'must be at a name of the public DNS'],
    ['https://[::ffff:10.0.0.1]/', 'must be at a name of the public DNS'],
    ['https://169.254.169.254/latest/meta-data', 'must be at a name of the public DNS'],
    ['https://metadata/', 'must be at a name of the public DNS'],
    ['https://db.internal/', 'must be at a name of the public DNS'],
    ['https://card.localhost/', 'must be at a name of the public DNS'],
    ['https://dossier.example./', 'must be at a name of the public DNS'],
    ['https://dossier.example:22/', 'must be on port 443'],
    ['https://a@dossier.example/', 'must not carry a user name or password'],
    ['https://dossier.example/\\@10.0.0.1', 'is not an absolute URI without fragment'],
    ['https://dossier.example/#x', 'is not an absolute URI without fragment'],
  ])('that lead inward are not followed: %s', (uri, why) => expect(notPublic(uri)).toBe(why))

  it('that are public are', () => expect(notPublic('https://dossier.example/a?b=c')).toBeUndefined())

  it('never throw, whatever they are', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl()), (uri) => {
        notPublic(uri)
        try {
          clientMetadata({ ...minimal, backchannel_logout_uri: uri, frontchannel_logout_uri: uri })
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(OAuthError)
        }
      }),
    )
  })
})

describe('rights of an API', () => {
  const api = { audience: 'https://api.example/fhir', scopes: ['patient.read'] }
  it('are kept as they are registered', () => {
    expect(clientMetadata({ ...minimal, serment_introspection: true, serment_api: api })).toMatchObject({
      serment_introspection: true,
      serment_api: api,
    })
  })

  it.each([
    ['RFC 7662 §2.1: without authentication', { serment_introspection: true }],
    ['RFC 7662 §2.1: an API without authentication', { serment_api: api }],
  ])('%s', (_, right) => {
    expect(() => clientMetadata({ ...minimal, ...right, token_endpoint_auth_method: 'none' })).toThrow(
      expect.objectContaining({ code: 'invalid_client_metadata' }),
    )
  })

  it.each([
    ['no scope', { ...api, scopes: [] }],
    ['RFC 6749 §3.3: two scopes in one', { ...api, scopes: ['a b'] }],
    ['RFC 8707 §2: a fragment', { ...api, audience: 'https://api.example/#x' }],
    ['RFC 8707 §2: no URI', { ...api, audience: 'api' }],
    ['what it does not know', { ...api, lifetime: 99 }],
    ['no clients at all', { ...api, clients: [] }],
  ])('are refused with %s', (_, wrong) => {
    expect(() => clientMetadata({ ...minimal, serment_api: wrong })).toThrow(
      expect.objectContaining({ code: 'invalid_client_metadata' }),
    )
  })
})
