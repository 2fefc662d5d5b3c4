import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import { idTokenClaims, tokenHash } from '../../../src/protocol/oidc/id-token.ts'

const token = {
  issuer: 'https://id.example',
  clientId: 'client',
  subject: 'sub',
  issuedAt: instant(1_800_000_000),
  lifetime: 120,
  authTime: instant(1_799_999_990),
  nonce: 'n',
  acr: 'eidas1',
  amr: ['pop'],
  sid: 'sid',
  accessToken: 'jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y',
  alg: 'RS256',
}

describe('at_hash', () => {
  it('OIDC Core app. A.3: the example', async () => {
    expect(await tokenHash('jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y', 'RS256')).toBe(
      '77QmUPtjPfzWtF2AnpK9RQ',
    )
  })
  it('OIDC Core app. A.4: the example, of a code', async () => {
    expect(await tokenHash('Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk', 'RS256')).toBe(
      'LDktKdoQak3Pk0cnXxCltA',
    )
  })
  it.each([
    ['RS256', 16],
    ['PS256', 16],
    ['ES256', 16],
    ['ES384', 24],
    ['ES512', 32],
    ['EdDSA', 32],
  ])('OIDC Core §3.1.3.6: half the hash of %s is %d bytes', async (alg, bytes) => {
    expect(base64url.decode(await tokenHash('t', alg))).toHaveLength(bytes)
  })
  it('RFC 8032 §5.1: EdDSA with Ed25519 hashes with SHA-512', async () => {
    const sha512 = new Uint8Array(await crypto.subtle.digest('SHA-512', new TextEncoder().encode('t')))
    expect(await tokenHash('t', 'EdDSA')).toBe(base64url.encode(sha512.slice(0, 32)))
  })
  it('no hash is guessed', async () => {
    await expect(tokenHash('t', 'none')).rejects.toThrow(TypeError)
  })
})

describe('claims', () => {
  it('OIDC Core §2, §3.1.3.6', async () => {
    expect(await idTokenClaims(token)).toEqual({
      iss: 'https://id.example',
      sub: 'sub',
      aud: 'client',
      azp: 'client',
      iat: 1_800_000_000,
      exp: 1_800_000_120,
      auth_time: 1_799_999_990,
      nonce: 'n',
      acr: 'eidas1',
      amr: ['pop'],
      sid: 'sid',
      at_hash: '77QmUPtjPfzWtF2AnpK9RQ',
    })
  })
  it('OIDC Core §3.1.2.1: no nonce where none was sent', async () => {
    expect(await idTokenClaims({ ...token, nonce: undefined })).not.toHaveProperty('nonce')
  })
  it('claims about the person replace none of the protocol’s', async () => {
    const claims = await idTokenClaims({ ...token, claims: { iss: 'evil', nonce: 'x', authMode: 'CARD' } })
    expect(claims).toMatchObject({ iss: 'https://id.example', nonce: 'n', authMode: 'CARD' })
  })
})
