import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { REDIRECT_URI, Service } from '../../actors/service.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const keys = await Promise.all(
  ['first', 'second'].map(async (kid) => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } satisfies JWK }
  }),
)
const [first, second] = keys
if (first === undefined || second === undefined) throw new Error('no keys')

/** What the clients publish: the network is the outside world, so it is played. */
const published = new Map<string, () => Response>()
let fetched = 0
const composed = compose(env, {
  channel: { deliver: async () => 'delivered' as const },
  registrationOpen: true,
  outbound: async (url) => {
    fetched += 1
    return published.get(url)?.() ?? new Response(null, { status: 404 })
  },
})
const { issuer } = composed.settings
const at = (name: string) => `https://${name}.example.com/jwks.json`
const publish = (name: string, jwks: JWK[]) => published.set(at(name), () => Response.json({ keys: jwks }))

const keyed = (members: Record<string, unknown>) =>
  Service.register(composed, { token_endpoint_auth_method: 'private_key_jwt', ...members })
let byValue: Service
let byReference: Service
let strict: Service
beforeAll(async () => {
  publish('dossier', [first.jwk])
  byValue = await keyed({ jwks: { keys: [first.jwk] } })
  byReference = await keyed({ jwks_uri: at('dossier') })
  strict = await keyed({
    jwks: { keys: [first.jwk] },
    serment_profile: 'strict',
    dpop_bound_access_tokens: false,
  })
})

const now = () => Math.floor(Date.now() / 1000)
const asserted = (by: Service, claims: Record<string, unknown> = {}, key = first) =>
  new SignJWT({
    iss: by.clientId,
    sub: by.clientId,
    aud: issuer,
    exp: now() + 60,
    jti: crypto.randomUUID(),
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .sign(key.privateKey)

/** The error of a token request with this assertion; a strict client asks for a bearer token, and gets that far. */
async function ask(by: Service, assertion: string): Promise<string | undefined> {
  const { code } = await by.signIn()
  const response = await composed.app.request(
    `${issuer}/token`,
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code,
        redirect_uri: REDIRECT_URI,
        client_assertion_type: JWT_BEARER,
        client_assertion: assertion,
      }),
    },
    env,
  )
  return (await response.json<{ error?: string }>()).error
}

describe('RFC 7523 §3: grants', () => {
  it('a key registered by value', async () => {
    expect(await ask(byValue, await asserted(byValue))).toBeUndefined()
  })

  it('RFC 7591 §2: a key at jwks_uri, fetched once', async () => {
    fetched = 0
    expect(await ask(byReference, await asserted(byReference))).toBeUndefined()
    expect(await ask(byReference, await asserted(byReference))).toBeUndefined()
    expect(fetched).toBeLessThanOrEqual(1)
  })

  it.each([
    ['the issuer', () => issuer],
    ['the token endpoint', () => `${issuer}/token`],
    ['the issuer in a list', () => [issuer]],
  ])('§3 (3): %s as audience of a compatible client', async (_, aud) => {
    expect(await ask(byValue, await asserted(byValue, { aud: aud() }))).toBeUndefined()
  })

  it('FAPI 2.0 §5.3.2.1 (8): the issuer as text from a strict client, which is then asked for a proof', async () => {
    expect(await ask(strict, await asserted(strict))).toBe('invalid_request')
  })
})

describe('RFC 7523 §3: refuses', () => {
  it.each([
    ['another server', () => 'https://other-server.example'],
    ['two servers', () => [issuer, 'https://other-server.example']],
    ['a server whose name begins like ours', () => `${issuer}.evil.example`],
    ['our token endpoint with something behind it', () => `${issuer}/token/`],
    ['our userinfo endpoint', () => `${issuer}/userinfo`],
    ['nobody', () => undefined],
  ])('§3 (3) attack, audience injection: an assertion made for %s', async (_, aud) => {
    expect(await ask(byValue, await asserted(byValue, { aud: aud() }))).toBe('invalid_client')
  })

  it.each([
    ['our token endpoint, which another server may have told it', () => `${issuer}/token`],
    ['a list', () => [issuer]],
  ])('FAPI 2.0 §5.3.2.1 (8) attack, audience injection: a strict client’s for %s', async (_, aud) => {
    expect(await ask(strict, await asserted(strict, { aud: aud() }))).toBe('invalid_client')
  })

  it('§3 (7) attack: an assertion replayed', async () => {
    const assertion = await asserted(byValue)
    expect(await ask(byValue, assertion)).toBeUndefined()
    expect(await ask(byValue, assertion)).toBe('invalid_client')
  })

  it('attack: another client’s key', async () => {
    expect(await ask(byValue, await asserted(byValue, {}, second))).toBe('invalid_client')
  })

  it.each<[string, () => Response]>([
    ['answers an error', () => new Response('no', { status: 500 })],
    ['redirects inward', () => Response.redirect('http://127.0.0.1/jwks')],
    ['answers too much', () => new Response('x'.repeat(100_000))],
    ['is no key set', () => Response.json([])],
    ['publishes a symmetric key', () => Response.json({ keys: [{ kty: 'oct', k: 'AA' }] })],
  ])('a jwks_uri that %s', async (why, answer) => {
    const name = why.replaceAll(' ', '-')
    published.set(at(name), answer)
    const service = await keyed({ jwks_uri: at(name) })
    expect(await ask(service, await asserted(service))).toBe('invalid_client')
  })
})

it('OIDC Core §10.1.1: a client turns its keys: a kid that is not known yet is looked for again', async () => {
  publish('turning', [first.jwk])
  const service = await keyed({ jwks_uri: at('turning') })
  expect(await ask(service, await asserted(service, {}, first))).toBeUndefined()
  publish('turning', [second.jwk])
  // At most once a minute: the set was fetched just now, so the new key has to wait, and the old one still answers.
  expect(await ask(service, await asserted(service, {}, second))).toBe('invalid_client')
  expect(await ask(service, await asserted(service, {}, first))).toBeUndefined()
})
