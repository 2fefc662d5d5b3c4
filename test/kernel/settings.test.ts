import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../src/settings.ts'

const sandbox = {
  ENVIRONMENT: 'sandbox',
  ISSUER: 'http://localhost:8787',
  PRODUCT_NAME: 'Serment',
  USER_STORE_ID: '6f1c2d4e-8a35-4b7c-9d10-2e5b7a9c3f48',
  KEY_ENCRYPTION_KEY: 'A'.repeat(43),
  NAMING_KEY: 'B'.repeat(43),
}

describe('grants', () => {
  it('the sandbox on http, with the usual lifetimes', () => {
    const settings = settingsOf(sandbox)
    expect(settings).toMatchObject({ secure: false, rpId: 'localhost', issuer: 'http://localhost:8787' })
    expect(settings.lifetimes).toMatchObject({ accessToken: 120, session: 14_400, approval: 90 })
  })

  it('production on https, with a shorter session', () => {
    const production = {
      ...sandbox,
      ENVIRONMENT: 'production',
      ISSUER: 'https://id.example.test',
      LIFETIME_SESSION: '3600',
    }
    expect(settingsOf(production)).toMatchObject({
      secure: true,
      rpId: 'id.example.test',
      lifetimes: { session: 3600 },
    })
  })

  it('RFC 8705 §5: a host for certificates, where there is one', () => {
    expect(settingsOf(sandbox).mtlsOrigin).toBeUndefined()
    const withHost = { ...sandbox, MTLS_ORIGIN: 'https://card.example.test:8443' }
    expect(settingsOf(withHost).mtlsOrigin).toBe('https://card.example.test:8443')
  })
})

describe('whose certificates are accepted', () => {
  const production = { ...sandbox, ENVIRONMENT: 'production', ISSUER: 'https://id.example.test' }
  it.each([
    ['test authorities’ in the sandbox', sandbox, 'test'],
    ['real ones’ in production', production, 'production'],
    ['test authorities’ where a deployment says so', { ...production, TRUST_ENVIRONMENT: 'test' }, 'test'],
  ])('%s', (_, vars, expected) => expect(settingsOf(vars).trustEnvironment).toBe(expected))
  it('nobody’s of whom it is not known whether they are revoked, unless a deployment says so', () => {
    expect(settingsOf(production).revocationUnknown).toBe('refuse')
    expect(settingsOf({ ...production, REVOCATION_UNKNOWN: 'accept' }).revocationUnknown).toBe('accept')
  })
  it('and the trail forgets persons when a deployment says after how many days', () => {
    expect(settingsOf({ ...production, AUDIT_PERSONAL_DAYS: '365' }).auditPersonalDays).toBe(365)
    expect(settingsOf(production).auditPersonalDays).toBeUndefined()
  })
})

describe('refuses', () => {
  it.each([
    ['a host for certificates over http', { MTLS_ORIGIN: 'http://card.example.test' }],
    ['a host for certificates with a path', { MTLS_ORIGIN: 'https://card.example.test/x' }],
    [
      'the issuer as the host for certificates: every browser would be asked for one',
      { ISSUER: 'https://id.example.test', MTLS_ORIGIN: 'https://id.example.test' },
    ],
    [
      'the issuer’s host on another port: cookies do not know ports (RFC 6265 §8.5)',
      { ISSUER: 'https://id.example.test', MTLS_ORIGIN: 'https://id.example.test:8443' },
    ],
    ['production over http', { ENVIRONMENT: 'production' }],
    [
      'an issuer with a path (OIDC Discovery §3 allows one; WebAuthn RP ID and cookies here do not)',
      { ISSUER: 'https://id.example.test/x' },
    ],
    ['an issuer with a slash at the end', { ISSUER: 'https://id.example.test/' }],
    ['real cards in the sandbox', { TRUST_ENVIRONMENT: 'production' }],
    ['a trust environment that there is not', { TRUST_ENVIRONMENT: 'both' }],
    ['another way with unknown revocation', { REVOCATION_UNKNOWN: 'ignore' }],
    ['a trail that forgets persons at once', { AUDIT_PERSONAL_DAYS: '0' }],
    ['days that are no number', { AUDIT_PERSONAL_DAYS: 'thirty' }],
    ['a short key', { KEY_ENCRYPTION_KEY: 'A' }],
    ['a session above its ceiling', { LIFETIME_SESSION: '14401' }],
    ['a code that lives for nothing', { LIFETIME_CODE: '0' }],
  ])('%s', (_, change) => expect(() => settingsOf({ ...sandbox, ...change })).toThrow())
})
