import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fetchableJwksUri, publishedJwks } from '../../../src/protocol/oauth/client-jwks.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { refusal } from './refused.ts'

const EC = { kty: 'EC', crv: 'P-256', x: 'eA', y: 'eQ', kid: 'a' }

describe('grants', () => {
  it.each([
    'https://dossier.example/jwks',
    'https://keys.dossier.example/.well-known/jwks.json?v=2',
    'https://dossier.example:443/jwks',
    'https://xn--dossir-bva.example/jwks',
  ])('RFC 7591 §2: jwks_uri %s', (uri) => {
    expect(fetchableJwksUri(uri)).toBe(uri)
  })

  it('RFC 7517 §5: keys of a kind that we do not know are passed over, private and symmetric ones too', () => {
    const keys = [
      EC,
      { kty: 'AKP', alg: 'ML-DSA-44' },
      { ...EC, d: 'ZA' },
      { kty: 'oct', k: 'aw' },
      7,
      { ...EC, kid: 'b' },
    ]
    expect(publishedJwks({ keys, also: 1 })?.keys.map((key) => key.kid)).toEqual(['a', 'b'])
  })

  it('an empty set is a set', () => expect(publishedJwks({ keys: [] })).toEqual({ keys: [] }))
})

describe('refuses', () => {
  it.each([
    ['http', 'http://dossier.example/jwks'],
    ['no scheme', '//dossier.example/jwks'],
    ['a file', 'file:///etc/passwd'],
    ['data', 'data:application/json,{}'],
    ['another port', 'https://dossier.example:8443/jwks'],
    ['a user', 'https://admin@dossier.example/jwks'],
    ['a fragment', 'https://dossier.example/jwks#a'],
    ['a loopback address', 'https://127.0.0.1/jwks'],
    ['a loopback address in short', 'https://127.1/jwks'],
    ['a loopback address as one number', 'https://2130706433/jwks'],
    ['a loopback address in hexadecimal', 'https://0x7f.0.0.1/jwks'],
    ['a private address', 'https://10.0.0.1/jwks'],
    ['the metadata service of clouds', 'https://169.254.169.254/latest/meta-data'],
    ['any address, public too', 'https://203.0.113.7/jwks'],
    ['IPv6', 'https://[::1]/jwks'],
    ['IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/jwks'],
    ['localhost', 'https://localhost/jwks'],
    ['a name under localhost', 'https://a.localhost/jwks'],
    ['localhost with the root’s dot', 'https://localhost./jwks'],
    ['a public name with the root’s dot', 'https://dossier.example./jwks'],
    ['one label', 'https://intranet/jwks'],
    ['.local (RFC 6762)', 'https://printer.local/jwks'],
    ['.internal', 'https://metadata.google.internal/jwks'],
    ['home.arpa (RFC 8375)', 'https://nas.home.arpa/jwks'],
    ['a backslash', 'https://dossier.example\\@10.0.0.1/jwks'],
    ['wide letters that become localhost', 'https://ｌocalhost/jwks'],
    ['nothing', ''],
  ])('a jwks_uri that points inward or aside: %s', (_, uri) => {
    expect(refusal(() => fetchableJwksUri(uri))).toBe('invalid_client_metadata')
  })

  it.each([
    ['null', null],
    ['text', 'x'],
    ['a list', []],
    ['no keys', {}],
    ['keys that are none', { keys: {} }],
  ])('what is no set: %s', (_, input) => expect(publishedJwks(input)).toBeUndefined())

  it('a modulus beyond 8192 bits', () => {
    expect(publishedJwks({ keys: [{ kty: 'RSA', e: 'AQAB', n: 'a'.repeat(1401) }] })?.keys).toEqual([])
  })
})

it('whatever is registered or published: parsed, or refused in the specification’s words', () => {
  fc.assert(
    fc.property(fc.oneof(fc.webUrl(), fc.string()), fc.jsonValue(), (uri, json) => {
      publishedJwks(json)
      publishedJwks({ keys: [json, EC] })
      try {
        expect(new URL(fetchableJwksUri(uri)).protocol).toBe('https:')
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(OAuthError)
      }
    }),
  )
})
