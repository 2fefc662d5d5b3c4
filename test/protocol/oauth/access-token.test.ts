import { expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import { AccessTokenClaims, accessTokenClaims } from '../../../src/protocol/oauth/access-token.ts'

const token = {
  issuer: 'https://id.example',
  audience: 'https://id.example',
  clientId: 'client',
  subject: 'sub',
  issuedAt: instant(1_800_000_000),
  lifetime: 120,
  id: 'jti',
  scope: 'openid',
  authTime: instant(1_799_999_990),
  acr: 'eidas1',
  amr: ['pop'],
}

it('RFC 9068 §2.2: every required claim', () => {
  expect(accessTokenClaims(token)).toEqual({
    iss: 'https://id.example',
    aud: 'https://id.example',
    client_id: 'client',
    sub: 'sub',
    iat: 1_800_000_000,
    exp: 1_800_000_120,
    jti: 'jti',
    scope: 'openid',
    auth_time: 1_799_999_990,
    acr: 'eidas1',
    amr: ['pop'],
  })
})

it('further claims replace none of them', () => {
  const claims = accessTokenClaims({ ...token, claims: { sub: 'other', exp: 9e9, authMode: 'CARD' } })
  expect(claims).toMatchObject({ sub: 'sub', exp: 1_800_000_120, authMode: 'CARD' })
})

it('what was written is read back', () => {
  expect(AccessTokenClaims.safeParse(accessTokenClaims(token)).success).toBe(true)
  expect(AccessTokenClaims.safeParse({ ...accessTokenClaims(token), jti: undefined }).success).toBe(false)
})
