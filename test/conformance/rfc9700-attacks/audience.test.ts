import { env } from 'cloudflare:workers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { systemClock } from '../../../src/kernel/instant.ts'
import { JWT_BEARER } from '../../../src/protocol/oauth/client-credentials.ts'
import { ClientMetadata } from '../../../src/protocol/oauth/client-metadata.ts'
import { ACCESS_TOKEN, TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import { d1RelyingParties } from '../../../src/relying-parties/registry.d1.ts'
import { world } from '../../actors/authorization.ts'
import type { Service } from '../../actors/service.ts'

const here = world()
const keys = await generateKeyPair('ES256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'own', alg: 'ES256' }] }
const now = () => Math.floor(Date.now() / 1000)

describe('RFC 7523 §3, draft-ietf-oauth-rfc7523bis: audience injection in client assertions', () => {
  let client: Service
  let strict: Service
  beforeAll(async () => {
    const metadata = {
      token_endpoint_auth_method: 'private_key_jwt',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      jwks,
    }
    client = await here.service(metadata)
    strict = await here.service({ ...metadata, serment_profile: 'strict' })
  })
  const post = async (by: Service, aud: unknown, path = '/token') => {
    const assertion = await new SignJWT({ jti: crypto.randomUUID(), aud: aud as string })
      .setProtectedHeader({ alg: 'ES256', kid: 'own' })
      .setIssuer(by.clientId)
      .setSubject(by.clientId)
      .setExpirationTime(now() + 60)
      .sign(keys.privateKey)
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      token: 'x',
      client_assertion_type: JWT_BEARER,
      client_assertion: assertion,
    })
    return here.fetch(new Request(`${here.issuer}${path}`, { method: 'POST', body }))
  }

  it('grants the issuer, and the token endpoint that was called', async () => {
    expect((await post(client, here.issuer)).status).toBe(200)
    expect((await post(client, `${here.issuer}/token`)).status).toBe(200)
  })

  it.each<[string, (issuer: string) => unknown]>([
    ['another server', () => 'https://evil.example'],
    ['us and another server', (issuer) => [issuer, 'https://evil.example']],
    ['another server and us', (issuer) => ['https://evil.example', issuer]],
    ['us twice, in two names', (issuer) => [issuer, `${issuer}/token`]],
    ['a list of nothing', () => []],
    ['a name that begins with ours', (issuer) => `${issuer}.evil.example`],
    ['our name with a path of theirs', (issuer) => `${issuer}/evil`],
    ['our name with a slash more', (issuer) => `${issuer}/`],
    ['our name in another case', (issuer) => issuer.toUpperCase()],
    ['our name with a query', (issuer) => `${issuer}/token?aud=evil`],
    ['our name with a user', (issuer) => issuer.replace('//', '//evil@')],
    ['our name after a blank', (issuer) => ` ${issuer}`],
    ['our names in one text', (issuer) => `${issuer} https://evil.example`],
    ['the client itself', () => client.clientId],
    ['an object', (issuer) => ({ 0: issuer })],
    ['a list in a list', (issuer) => [[issuer]]],
    ['nothing', () => undefined],
  ])('attack: %s', async (_, aud) => {
    const response = await post(client, aud(here.issuer))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  })

  it('attack: an assertion made for one endpoint, at another', async () => {
    expect((await post(client, `${here.issuer}/revoke`)).status).toBe(401)
    expect((await post(client, `${here.issuer}/introspect`, '/revoke')).status).toBe(401)
  })

  it('attack: the endpoint as audience, of a strict client that was told to use it', async () => {
    for (const aud of [`${here.issuer}/token`, [here.issuer], `${here.issuer}/`])
      expect((await post(strict, aud)).status).toBe(401)
    // Proved by the issuer's name, and only then asked for a key.
    expect((await post(strict, here.issuer)).status).toBe(400)
  })
})

describe('RFC 8707 §3: an API that takes our own name as audience', () => {
  const registered = (audience: string) =>
    here.composed.app.request(
      `${here.issuer}/register`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          redirect_uris: ['https://api.example.test/callback'],
          serment_api: { audience, scopes: ['openid', 'scope_all'] },
        }),
      },
      env,
    )

  it('attack: cannot be registered, so no token for it is good at userinfo', async () => {
    const response = await registered(here.issuer)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' })
  })

  it('attack: cannot become it by changing its registration', async () => {
    const response = await registered('https://api.example.test/audience')
    const { client_id, registration_access_token: token } = await response.json<Record<string, string>>()
    const changed = await here.composed.app.request(
      `${here.issuer}/register/${client_id}`,
      {
        method: 'PUT',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          client_id,
          redirect_uris: ['https://api.example.test/callback'],
          serment_api: { audience: here.issuer, scopes: ['openid', 'scope_all'] },
        }),
      },
      env,
    )
    expect(changed.status).toBe(400)
  })

  it('attack: written into the registry all the same, gives no wider token and hears of none', async () => {
    const registry = d1RelyingParties({ database: env.DB, clock: systemClock, defer: () => undefined })
    await registry.add({
      clientId: ClientId.parse('our-own-name'),
      name: 'API',
      profile: 'compatible',
      status: 'active',
      secretDigest: undefined,
      metadata: ClientMetadata.parse({
        redirect_uris: ['https://api.example.test/callback'],
        serment_api: { audience: here.issuer, scopes: ['openid', 'scope_all'] },
      }),
    })
    const narrow = await here.service({
      grant_types: ['authorization_code', TOKEN_EXCHANGE],
      scope: 'openid profile',
    })
    const { access_token: token } = await narrow.tokens({ scope: 'openid profile' })
    const response = await narrow.post('/token', {
      grant_type: TOKEN_EXCHANGE,
      subject_token: token,
      subject_token_type: ACCESS_TOKEN,
      audience: here.issuer,
      scope: 'openid scope_all',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_target' })
    await registry.remove(ClientId.parse('our-own-name'))
  })
})
