import { describe, expect, it } from 'vitest'
import { fetch, issuer, REDIRECT_URI } from '../federator.ts'

const register = async (metadata: Record<string, unknown>) => {
  const response = await fetch(
    new Request(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ redirect_uris: [REDIRECT_URI], ...metadata }),
    }),
  )
  return { response, told: await response.json<Record<string, unknown>>() }
}

describe('RFC 7591 §2, §3.2.1: grants', () => {
  it('§2: a member that is not known here is left out, whatever is in it', async () => {
    const { response, told } = await register({ favourite: { of: 'x' }, tls_favourite: 1 })
    expect(response.status).toBe(201)
    expect(told).not.toHaveProperty('favourite')
    expect(told).not.toHaveProperty('tls_favourite')
  })

  it('§2: what is not said has the default of the specification', async () => {
    expect((await register({})).told).toMatchObject({
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
    })
  })

  it('§3.2.1: all that was registered is told back, in JSON, with what was given', async () => {
    const said = {
      client_name: 'Dossier',
      client_uri: 'https://dossier.example.test/',
      contacts: ['equipe@dossier.example.test'],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'client_secret_post',
      scope: 'openid identity',
      software_id: '4NRB1-0XZABZI9E6-5SM3R',
      software_version: '2.2',
    }
    const { response, told } = await register(said)
    expect(response.status).toBe(201)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(told).toMatchObject({
      ...said,
      redirect_uris: [REDIRECT_URI],
      client_id: expect.stringMatching(/./),
      client_secret: expect.stringMatching(/^[\w-]{43}$/),
      client_secret_expires_at: 0,
      client_id_issued_at: expect.any(Number),
    })
  })

  it('§3.2.1: a client_id of its own for each, and a secret of its own', async () => {
    const all = await Promise.all([register({}), register({}), register({ client_id: 'chosen' })])
    expect(new Set(all.map(({ told }) => told.client_id)).size).toBe(3)
    expect(new Set(all.map(({ told }) => told.client_secret)).size).toBe(3)
    expect(all.map(({ told }) => told.client_id)).not.toContain('chosen')
  })
})

describe('RFC 7591 §3.2.2: refuses', () => {
  it.each([
    [
      '§2: jwks and jwks_uri at once',
      { jwks: { keys: [] }, jwks_uri: 'https://a.example/j' },
      'invalid_client_metadata',
    ],
    [
      '§5: an address without TLS elsewhere than on the machine',
      { redirect_uris: ['http://a.example/cb'] },
      'invalid_redirect_uri',
    ],
    ['§5: no address for a grant that redirects', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['§2: a grant that is not offered', { grant_types: ['password'] }, 'invalid_client_metadata'],
    [
      '§2.3: a statement that nobody signed',
      { software_statement: 'eyJhbGciOiJub25lIn0.e30.' },
      'unapproved_software_statement',
    ],
  ])('%s', async (_, metadata, error) => {
    const { response, told } = await register(metadata)
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(told).toEqual({ error, error_description: expect.stringMatching(/^[\x20-\x7e]+$/) })
  })
})
