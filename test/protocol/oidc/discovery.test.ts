import { describe, expect, it } from 'vitest'
import { providerMetadata } from '../../../src/protocol/oidc/discovery.ts'

const issuer = 'https://id.example'
const metadata = providerMetadata({ issuer, registrationOpen: true, claims: ['given_name'] })

describe('provider metadata', () => {
  it.each([
    'issuer',
    'authorization_endpoint',
    'token_endpoint',
    'jwks_uri',
    'response_types_supported',
    'subject_types_supported',
    'id_token_signing_alg_values_supported',
  ])('OIDC Discovery §3: %s is required', (name) => expect(metadata).toHaveProperty(name))

  it('OIDC Discovery §3: RS256 is among the algorithms', () => {
    expect(metadata.id_token_signing_alg_values_supported).toContain('RS256')
  })
  it('every endpoint is under the issuer', () => {
    const endpoints = Object.entries(metadata).filter(([name]) => /_(?:endpoint|uri)$/.test(name))
    expect(endpoints.length).toBeGreaterThanOrEqual(8)
    for (const [, url] of endpoints) expect(String(url).startsWith(`${issuer}/`)).toBe(true)
  })
  it('RFC 7591 §3: registration is named only where it is open', () => {
    expect(providerMetadata({ issuer, registrationOpen: false, claims: [] })).not.toHaveProperty(
      'registration_endpoint',
    )
  })
  it('RFC 8705 §5: what needs a certificate is named only where one can be presented', () => {
    const methods = 'token_endpoint_auth_methods_supported'
    expect(metadata).not.toHaveProperty('mtls_endpoint_aliases')
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(false)
    expect(metadata[methods].filter((method) => method.includes('tls'))).toEqual([])
    const mtlsOrigin = 'https://mtls.example'
    const there = providerMetadata({ issuer, registrationOpen: true, claims: [], mtlsOrigin })
    expect(there[methods]).toEqual(expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']))
    expect(there).toMatchObject({ mtls_endpoint_aliases: { token_endpoint: `${mtlsOrigin}/token` } })
    expect(there).not.toHaveProperty('mtls_endpoint_aliases.authorization_endpoint')
  })
  it('says no where silence means yes', () => expect(metadata.request_uri_parameter_supported).toBe(false))
  it('lists each claim once', () => {
    expect(new Set(metadata.claims_supported).size).toBe(metadata.claims_supported.length)
  })
})
