import fc from 'fast-check'
import { UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { clientCredentials, JWT_BEARER } from '../../../src/protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { anyText } from '../../actors/any-text.ts'
import { refusal } from './refused.ts'

const of = (header: string | undefined, form: Record<string, string> = {}) =>
  clientCredentials(header, new Map(Object.entries(form)))
const basic = (text: string) => `Basic ${btoa(text)}`
const assertion = new UnsecuredJWT({ sub: 'client' }).encode()
const asserted = { client_assertion: assertion, client_assertion_type: JWT_BEARER }

describe('grants', () => {
  it('RFC 6749 §2.3.1: the example', () => {
    expect(of('Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3')).toEqual({
      method: 'client_secret_basic',
      clientId: 's6BhdRkqt3',
      secret: '7Fjfp0ZBr1KtDRbnfVdmIw',
    })
  })
  it('RFC 6749 §2.3.1: both halves are form-urlencoded', () => {
    expect(of(basic('https%3A%2F%2Frp.example:a%3Ab+c%25'))).toMatchObject({
      clientId: 'https://rp.example',
      secret: 'a:b c%',
    })
  })
  it('a secret may have colons', () => expect(of(basic('client:a:b'))).toMatchObject({ secret: 'a:b' }))
  it('RFC 6749 §2.3.1: form', () => {
    expect(of(undefined, { client_id: 'client', client_secret: 's' })).toEqual({
      method: 'client_secret_post',
      clientId: 'client',
      secret: 's',
    })
  })
  it('RFC 7521 §4.2: assertion, named by its subject', () => {
    expect(of(undefined, asserted)).toEqual({ method: 'private_key_jwt', clientId: 'client', assertion })
  })
  it('RFC 7521 §4.2: a client_id that names the same client', () => {
    expect(of(undefined, { ...asserted, client_id: 'client' }).clientId).toBe('client')
    expect(of(basic('client:s'), { client_id: 'client' }).clientId).toBe('client')
  })
  it('RFC 6749 §3.2.1: a public client by its name', () => {
    expect(of(undefined, { client_id: 'client' })).toEqual({ method: 'none', clientId: 'client' })
  })
})

describe('refuses', () => {
  it.each([
    ['header and form', basic('client:s'), { client_id: 'client', client_secret: 's' }],
    ['header and assertion', basic('client:s'), asserted],
    ['form and assertion', undefined, { ...asserted, client_secret: 's' }],
    ['RFC 7521 §4.2: another client_id beside an assertion', undefined, { ...asserted, client_id: 'other' }],
    ['another client_id beside the header', basic('client:s'), { client_id: 'other' }],
  ])('RFC 6749 §2.3, §5.2 invalid_request: %s', (_, header, form) => {
    expect(refusal(() => of(header, form))).toBe('invalid_request')
  })

  it.each([
    ['nothing at all', undefined, {}],
    ['a secret without a name', undefined, { client_secret: 's' }],
    ['another scheme', 'Bearer abc', {}],
    ['no base64', 'Basic ***', {}],
    ['base64 cut short', 'Basic a', {}],
    ['no colon', basic('client'), {}],
    ['no name', basic(':secret'), {}],
    ['percent signs that are none', basic('client:100%'), {}],
    ['a name with a blank', undefined, { client_id: 'a b' }],
    ['an assertion that is no JWT', undefined, { ...asserted, client_assertion: 'x' }],
    ['an assertion without its type', undefined, { client_assertion: assertion }],
    [
      'an assertion of another type',
      undefined,
      { client_assertion: assertion, client_assertion_type: 'saml' },
    ],
    ['a type without its assertion', undefined, { client_id: 'client', client_assertion_type: JWT_BEARER }],
    [
      'an assertion about nobody',
      undefined,
      { ...asserted, client_assertion: new UnsecuredJWT({}).encode() },
    ],
  ])('RFC 6749 §5.2 invalid_client: %s', (_, header, form: Record<string, string>) => {
    expect(refusal(() => of(header, form))).toBe('invalid_client')
  })
})

it('any header is read or refused, and what was encoded is read back', () => {
  fc.assert(
    fc.property(
      anyText(),
      fc.stringMatching(/^[!-~]{1,40}$/),
      fc.string({ maxLength: 40 }),
      (text, id, secret) => {
        for (const header of [text, `Basic ${text}`]) {
          try {
            of(header)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(OAuthError)
          }
        }
        const sent = basic(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`)
        expect(of(sent)).toEqual({ method: 'client_secret_basic', clientId: id, secret })
      },
    ),
  )
})
