import { describe, expect, it } from 'vitest'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import {
  confirmationFor,
  heldBy,
  holderOf,
  tokenType,
} from '../../../src/provider/sender-constraint/confirmation.ts'
import { relyingParty } from '../provider.ts'

const jkt = 'K'.repeat(43)
const thumbprint = 'T'.repeat(43)
const certificate = { der: new Uint8Array(), thumbprint, examine: async () => ({ range: 'STANDARD' }) }
const key = { jkt, certificate: undefined }
const tls = { jkt: undefined, certificate }
const nothing = { jkt: undefined, certificate: undefined }

const plain = await relyingParty('plain')
const parties = {
  plain,
  dpop: await relyingParty('dpop', { dpop_bound_access_tokens: true }),
  tls: await relyingParty('tls', { tls_client_certificate_bound_access_tokens: true }),
  strict: { ...plain, profile: 'strict' as const },
  public: await relyingParty('public', { token_endpoint_auth_method: 'none' }),
}
const refused = (act: () => unknown): string => {
  try {
    act()
  } catch (error) {
    if (error instanceof OAuthError) return error.code
    throw error
  }
  return 'granted'
}

describe('what a token is bound to', () => {
  it.each([
    ['a bearer token without anything', 'plain', nothing, undefined],
    ['RFC 9449 §5: a proof binds, registered or not', 'plain', key, { jkt }],
    ['RFC 8705 §3.4: a certificate alone binds only where registered', 'plain', tls, undefined],
    ['RFC 8705 §3.1', 'tls', tls, { 'x5t#S256': thumbprint }],
    ['both', 'tls', { jkt, certificate }, { jkt, 'x5t#S256': thumbprint }],
    ['a strict client over mutual TLS', 'strict', tls, { 'x5t#S256': thumbprint }],
    ['a strict client with a proof', 'strict', { jkt, certificate }, { jkt }],
  ] as const)('%s', (_, party, sender, confirmation) => {
    expect(confirmationFor(parties[party], sender)).toEqual(confirmation)
  })
  it.each([
    ['RFC 9449 §5.2: no proof', 'dpop', nothing, 'invalid_dpop_proof'],
    ['RFC 9449 §5.2: a certificate is no proof', 'dpop', tls, 'invalid_dpop_proof'],
    ['RFC 8705 §3.4: no certificate', 'tls', key, 'invalid_request'],
    ['FAPI 2.0 §5.3.2.1: a bearer token for a strict client', 'strict', nothing, 'invalid_request'],
  ] as const)('refuses %s', (_, party, sender, code) => {
    expect(refused(() => confirmationFor(parties[party], sender))).toBe(code)
  })
  it('RFC 9449 §5: only a public client’s refresh token is bound', () => {
    expect(holderOf(parties.public, { jkt })).toBe(jkt)
    expect(holderOf(parties.public, { 'x5t#S256': thumbprint })).toBe(thumbprint)
    expect(holderOf(parties.public, undefined)).toBeUndefined()
    expect(holderOf(plain, { jkt })).toBeUndefined()
  })
  it('token_type', () => {
    expect([tokenType({ jkt }), tokenType({ 'x5t#S256': thumbprint }), tokenType(undefined)]).toEqual([
      'DPoP',
      'Bearer',
      'Bearer',
    ])
  })
})

describe('who may present it', () => {
  const other = { ...certificate, thumbprint: 'O'.repeat(43) }
  it.each([
    ['a bearer token', undefined, 'Bearer', nothing],
    ['a bearer token over any certificate', undefined, 'Bearer', tls],
    ['its key', { jkt }, 'DPoP', key],
    ['its certificate', { 'x5t#S256': thumbprint }, 'Bearer', tls],
    ['both', { jkt, 'x5t#S256': thumbprint }, 'DPoP', { jkt, certificate }],
  ] as const)('%s', (_, cnf, scheme, sender) => {
    expect(refused(() => heldBy(cnf, scheme, sender))).toBe('granted')
  })
  it.each([
    ['RFC 9449 §7.2: stolen, as a bearer token', { jkt }, 'Bearer', nothing],
    ['RFC 9449 §7.1: with another key', { jkt }, 'DPoP', { ...key, jkt: 'L'.repeat(43) }],
    ['RFC 9449 §7.1: a bearer token with a proof', undefined, 'DPoP', key],
    ['RFC 8705 §3: without a certificate', { 'x5t#S256': thumbprint }, 'Bearer', nothing],
    [
      'RFC 8705 §3: with another certificate',
      { 'x5t#S256': thumbprint },
      'Bearer',
      { ...tls, certificate: other },
    ],
    ['the key without the certificate', { jkt, 'x5t#S256': thumbprint }, 'DPoP', key],
  ] as const)('refuses %s', (_, cnf, scheme, sender) => {
    expect(refused(() => heldBy(cnf, scheme, sender))).toBe('invalid_token')
  })
})
