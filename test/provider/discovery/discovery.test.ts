import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { discoveryRoutes } from '../../../src/provider/discovery/discovery.routes.ts'

const issuer = 'https://id.example'
const signer = { jwks: async () => ({ keys: [{ kty: 'EC', kid: 'k' }] }) }
const app = new Hono().route(
  '/',
  discoveryRoutes({ issuer, registrationOpen: true, claims: ['given_name'], signer }),
)

describe('discovery', () => {
  it.each([
    ['OIDC Discovery §4', 'openid-configuration'],
    ['Pro Santé Connect', 'wallet-openid-configuration'],
    ['RFC 8414 §3', 'oauth-authorization-server'],
  ])('%s: /.well-known/%s', async (_, name) => {
    const response = await app.request(`/.well-known/${name}`, { headers: { origin: 'https://app.example' } })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    const metadata = await response.json<Record<string, unknown>>()
    expect(metadata).toMatchObject({ issuer, registration_endpoint: `${issuer}/register` })
  })

  it('RFC 7517 §5: the keys, for any origin', async () => {
    const response = await app.request('/jwks', { headers: { origin: 'https://app.example' } })
    expect(response.headers.get('content-type')).toBe('application/jwk-set+json')
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(await response.json()).toEqual({ keys: [{ kty: 'EC', kid: 'k' }] })
  })
})
