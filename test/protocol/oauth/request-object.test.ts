import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressed, newHandle, newObjectName, systemEntropy } from '../../../src/kernel/handle.ts'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { instant } from '../../../src/kernel/instant.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import {
  isPushedReference,
  pushedReference,
  requestUri,
} from '../../../src/protocol/oauth/pushed-authorization.ts'
import { isRequestObjectType, requestObjectParameters } from '../../../src/protocol/oauth/request-object.ts'
import { refusal } from './refused.ts'

const client = ClientId.parse('client')
const now = instant(1_800_000_000)
const of = (more: object) =>
  requestObjectParameters({ client_id: 'client', exp: now + 60, ...more }, client, now)

describe('grants', () => {
  it('RFC 9101 §4: claims are parameters, those of the JWT itself are not', () => {
    const own = { iss: 'client', aud: 'us', nbf: now, iat: now, jti: 'x' }
    const claims = { ...own, scope: 'openid', max_age: 60, claims: { id_token: { acr: null } } }
    expect(Object.fromEntries(of(claims))).toEqual({
      client_id: 'client',
      scope: 'openid',
      max_age: '60',
      claims: '{"id_token":{"acr":null}}',
    })
  })
  it.each([
    undefined,
    'oauth-authz-req+jwt',
    'OAuth-AuthZ-Req+JWT',
    'application/oauth-authz-req+jwt',
    'JWT',
    'jwt',
  ])('RFC 9101 §10.8: typ %s', (typ) => expect(isRequestObjectType(typ)).toBe(true))
  it('RFC 9126 §2.2: a reference leads back to its object', () => {
    const object = newObjectName(systemEntropy)
    const secret = newHandle(systemEntropy)
    expect(pushedReference(requestUri(addressed(object, secret)))).toEqual({ object, secret })
  })
})

describe('refuses', () => {
  it.each([
    ['a truth', { a: true }],
    ['nothing', { a: null }],
    ['a list', { a: ['b'] }],
    ['an object', { a: {} }],
    ['a number that is not whole', { a: 1.5 }],
    ['a number beyond exactness', { a: 2 ** 60 }],
    ['claims that are null', { claims: null }],
    ['a value beyond reason', { a: 'a'.repeat(9000) }],
    [
      'more parameters than there are',
      Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`p${i}`, 'x'])),
    ],
    ['a subject', { sub: 'client' }],
    ['RFC 9101 §4: request', { request: 'x' }],
    ['RFC 9101 §4: request_uri', { request_uri: 'x' }],
    ['another client_id', { client_id: 'other' }],
    ['an end too far', { exp: now + 3611 }],
    ['a beginning too long ago', { nbf: now - 3611 }],
  ])('RFC 9101 §4: %s', (_, more) => expect(refusal(() => of(more))).toBe('invalid_request_object'))

  it.each(['at+jwt', 'client-authentication+jwt', 'dpop+jwt', '', null, 1, {}])(
    'RFC 9101 §10.8: typ %s',
    (typ) => expect(isRequestObjectType(typ)).toBe(false),
  )
})

it('whatever is signed: parameters or a refusal', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (claims) => {
      try {
        for (const value of of(claims).values()) expect(typeof value).toBe('string')
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(OAuthError)
      }
    }),
  )
})

it('whatever is sent as request_uri: a reference of ours or none', () => {
  fc.assert(
    fc.property(fc.string(), fc.boolean(), (text, prefixed) => {
      const uri = prefixed ? `urn:ietf:params:oauth:request_uri:${text}` : text
      const reference = pushedReference(uri)
      if (reference !== undefined) expect(isPushedReference(uri)).toBe(true)
    }),
  )
})
