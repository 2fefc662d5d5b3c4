import { describe, expect, it } from 'vitest'
import { world } from '../../actors/authorization.ts'
import { REDIRECT_URI } from '../../actors/service.ts'

const here = world()
const register = (body: string, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
  here.network(`${here.issuer}/register`, { method: 'POST', headers, body })

describe('OIDC Registration §3: grants', () => {
  it('§3.2: 201, JSON that nobody may keep, with the name, the secret, its end and where to look after them', async () => {
    const response = await register(JSON.stringify({ redirect_uris: [REDIRECT_URI] }))
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toMatch(/^application\/json\b/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toMatchObject({
      client_id: expect.any(String),
      client_secret: expect.any(String),
      client_secret_expires_at: 0,
      registration_access_token: expect.any(String),
      registration_client_uri: expect.stringMatching(/^http/),
      redirect_uris: [REDIRECT_URI],
    })
  })
})

describe('OIDC Registration: refuses', () => {
  it.each([
    ['§2: no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    [
      '§2: an encryption without its algorithm',
      { userinfo_encrypted_response_enc: 'A256GCM' },
      'invalid_client_metadata',
    ],
    [
      '§2: a pairwise client on two hosts',
      { subject_type: 'pairwise', redirect_uris: ['https://a.example.test/', 'https://b.example.test/'] },
      'invalid_client_metadata',
    ],
    [
      '§5: a sector_identifier_uri without TLS',
      { sector_identifier_uri: 'http://dossier.example.test/sector' },
      'invalid_client_metadata',
    ],
    [
      '§5: a sector_identifier_uri elsewhere',
      { sector_identifier_uri: 'https://elsewhere.example.test/sector' },
      'invalid_client_metadata',
    ],
  ])('%s', async (_, metadata, error) => {
    await expect(here.service(metadata)).rejects.toThrow(error)
  })
})
