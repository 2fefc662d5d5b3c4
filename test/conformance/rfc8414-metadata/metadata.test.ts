import { describe, expect, it } from 'vitest'
import { fetch, issuer } from '../federator.ts'

const get = (name: string, init: RequestInit = {}) =>
  fetch(new Request(`${issuer}/.well-known/${name}`, init))
const document = async (name = 'oauth-authorization-server') =>
  (await get(name)).json<Record<string, unknown>>()

describe('RFC 8414: the metadata of the server', () => {
  it('§3, §3.2: at the well-known place, by GET, as application/json', async () => {
    const response = await get('oauth-authorization-server')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  })

  it('§3.3: the issuer is the one in whose place it was found', async () => {
    expect((await document()).issuer).toBe(issuer)
    const { pathname, search, hash } = new URL(issuer)
    expect([pathname, search, hash]).toEqual(['/', '', ''])
    expect(issuer.endsWith('/')).toBe(false)
  })

  it('§2: what is required is there', async () => {
    expect(await document()).toMatchObject({
      issuer,
      authorization_endpoint: `${issuer}/authorize`,
      token_endpoint: `${issuer}/token`,
      response_types_supported: ['code'],
      jwks_uri: `${issuer}/jwks`,
    })
  })

  it('§2: an endpoint where clients sign has its algorithms, and none is not one of them', async () => {
    const metadata = await document()
    for (const endpoint of ['token', 'revocation', 'introspection']) {
      expect(metadata[`${endpoint}_endpoint_auth_methods_supported`]).toContain('private_key_jwt')
      const algorithms = metadata[`${endpoint}_endpoint_auth_signing_alg_values_supported`]
      expect(algorithms).toContain('RS256')
      expect(algorithms).not.toContain('none')
    }
  })

  it('§2: every key at jwks_uri says what it is for', async () => {
    const { keys } = await (await fetch(new Request(`${issuer}/jwks`))).json<{ keys: { use?: string }[] }>()
    expect(keys.length).toBeGreaterThan(0)
    for (const key of keys) expect(key.use).toBe('sig')
  })

  it('§3.2: what would be empty is left out', async () => {
    for (const [name, value] of Object.entries(await document())) {
      expect([name, value]).not.toEqual([name, []])
      expect([name, value]).not.toEqual([name, null])
    }
  })

  it('§5: says the same as OpenID Connect’s', async () => {
    expect(await document()).toEqual(await document('openid-configuration'))
  })

  it('§3: another name is not found', async () => {
    expect((await get('oauth-authorization-server/other')).status).toBe(404)
  })
})
