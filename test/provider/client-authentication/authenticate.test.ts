import { base64url, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { instant } from '../../../src/kernel/instant.ts'
import type { ClientCredentials } from '../../../src/protocol/oauth/client-credentials.ts'
import { clientMetadata } from '../../../src/protocol/oauth/client-metadata.ts'
import { OAuthError } from '../../../src/protocol/oauth/errors.ts'
import { authenticate } from '../../../src/provider/client-authentication/authenticate.ts'
import type { RelyingParty } from '../../../src/relying-parties/relying-party.ts'
import { registeredKeys } from '../provider.ts'

const now = instant(1_800_000_000)
const issuer = 'https://id.example'
const tokenEndpoint = `${issuer}/token`
const keys = {
  es: await generateKeyPair('ES256'),
  other: await generateKeyPair('ES256'),
  rs: await generateKeyPair('PS256'),
}
const publicKeys = await Promise.all([keys.es, keys.rs].map(({ publicKey }) => exportJWK(publicKey)))

const party = async (
  id: string,
  method: string,
  extra: Partial<RelyingParty> = {},
): Promise<RelyingParty> => ({
  clientId: ClientId.parse(id),
  name: id,
  profile: 'compatible',
  status: 'active',
  secretDigest: method.startsWith('client_secret') ? await digest('right') : undefined,
  metadata: clientMetadata({
    redirect_uris: ['https://rp.example/callback'],
    token_endpoint_auth_method: method,
    ...(method === 'private_key_jwt' ? { jwks: { keys: publicKeys } } : {}),
  }),
  ...extra,
})

const parties = await Promise.all([
  party('basic', 'client_secret_basic'),
  party('post', 'client_secret_post'),
  party('suspended', 'client_secret_basic', { status: 'suspended' }),
  party('key', 'private_key_jwt'),
  party('public', 'none'),
])

function needs() {
  const seen = new Set<string>()
  return {
    issuer,
    tokenEndpoint,
    relyingParties: { find: async (id: ClientId) => parties.find(({ clientId }) => clientId === id) },
    clientKeys: registeredKeys,
    replays: { first: async (what: string) => !seen.has(what) && seen.add(what) !== undefined },
    software: { admit: async () => ({ structure: undefined }) },
  }
}

const secret = (
  id: string,
  text: string,
  method: 'client_secret_basic' | 'client_secret_post',
): ClientCredentials => ({
  method,
  clientId: ClientId.parse(id),
  secret: text,
})

const claims: JWTPayload = { iss: 'key', sub: 'key', aud: issuer, exp: now + 60, jti: 'one' }
const signed = (changes: Record<string, unknown> = {}, key = keys.es.privateKey, alg = 'ES256') =>
  new SignJWT({ ...claims, ...changes }).setProtectedHeader({ alg }).sign(key)
const asserted = (assertion: string): ClientCredentials => ({
  method: 'private_key_jwt',
  clientId: ClientId.parse('key'),
  assertion,
})

const refused = async (credentials: ClientCredentials, with_ = needs()): Promise<OAuthError> => {
  try {
    await authenticate(with_, credentials, now)
  } catch (error) {
    if (error instanceof OAuthError) return error
    throw error
  }
  throw new Error('was let in')
}

describe('grants', () => {
  it.each([
    ['RFC 6749 §2.3.1: Basic', secret('basic', 'right', 'client_secret_basic')],
    ['RFC 6749 §2.3.1: the form', secret('post', 'right', 'client_secret_post')],
    ['Basic to a client registered for the form', secret('post', 'right', 'client_secret_basic')],
    ['the form to a client registered for Basic', secret('basic', 'right', 'client_secret_post')],
    [
      'RFC 6749 §2.1: a public client by its name',
      { method: 'none', clientId: ClientId.parse('public') } as const,
    ],
  ])('%s', async (_, credentials) => {
    expect((await authenticate(needs(), credentials, now)).clientId).toBe(credentials.clientId)
  })

  it.each([
    ['the issuer as audience', {}, undefined],
    ['the token endpoint as audience', { aud: tokenEndpoint }, undefined],
    ['one audience in a list', { aud: [issuer] }, undefined],
    ['five minutes ahead', { exp: now + 300 }, undefined],
    ['another registered key', {}, 'PS256'],
  ])('RFC 7523 §3: an assertion with %s', async (_, changes, alg) => {
    const token = alg === undefined ? await signed(changes) : await signed(changes, keys.rs.privateKey, alg)
    expect((await authenticate(needs(), asserted(token), now)).clientId).toBe('key')
  })

  it('RFC 7517 §4.5: an assertion without kid, when two registered keys fit', async () => {
    const both = await Promise.all([keys.other, keys.es].map(({ publicKey }) => exportJWK(publicKey)))
    const twoKeys = await party('key', 'private_key_jwt')
    const find = async () => ({
      ...twoKeys,
      metadata: clientMetadata({ ...twoKeys.metadata, jwks: { keys: both } }),
    })
    const found = await authenticate({ ...needs(), relyingParties: { find } }, asserted(await signed()), now)
    expect(found.clientId).toBe('key')
  })
})

describe('refuses', () => {
  it.each([
    ['RFC 6749 §5.2: an unknown client', secret('nobody', 'right', 'client_secret_basic'), 'unknown client'],
    ['RFC 6749 §5.2: a wrong secret', secret('basic', 'wrong', 'client_secret_basic'), 'wrong secret'],
    ['a suspended client', secret('suspended', 'right', 'client_secret_basic'), 'suspended'],
    [
      'OIDC Core §9: a secret from a client registered for keys',
      secret('key', 'right', 'client_secret_basic'),
      'registered for private_key_jwt',
    ],
    ['a secret from a public client', secret('public', 'right', 'client_secret_post'), 'registered for none'],
    [
      'RFC 6749 §3.2.1: no secret from a confidential client',
      { method: 'none', clientId: ClientId.parse('basic') } as const,
      'registered for client_secret_basic',
    ],
    [
      'an unknown public client',
      { method: 'none', clientId: ClientId.parse('nobody') } as const,
      'unknown client',
    ],
  ])('%s', async (_, credentials, detail) => {
    const error = await refused(credentials)
    expect(error.detail).toContain(detail)
    // Indistinguishable outside.
    expect(error.status).toBe(401)
    expect(error.body()).toEqual({
      error: 'invalid_client',
      error_description: 'client authentication failed',
    })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['RFC 7523 §3 (1): another issuer', { iss: 'basic' }, 'iss'],
    ['RFC 7523 §3 (3): another audience', { aud: 'https://other.example' }, 'aud'],
    ['two audiences', { aud: [issuer, 'https://other.example'] }, 'audience'],
    ['RFC 7523 §3 (4): an expired one', { exp: now - 11 }, 'exp'],
    ['one that lives too long', { exp: now + 400 }, 'exp is too far ahead'],
    ['RFC 7523 §3 (5): one that is not yet valid', { nbf: now + 60 }, 'nbf'],
    ['one without jti', { jti: undefined }, 'jti'],
    ['one without exp', { exp: undefined }, 'exp'],
    ['one with an endless jti', { jti: 'x'.repeat(256) }, 'jti is not usable'],
  ])('%s', async (_, changes, detail) => {
    const error = await refused(asserted(await signed(changes)))
    expect(error.code).toBe('invalid_client')
    expect(error.detail).toContain(detail)
  })

  it('RFC 7523 §3 (2): an assertion about another client', async () => {
    const error = await refused(asserted(await signed({ sub: 'basic' })))
    expect(error.detail).toContain('sub')
  })

  it('RFC 7523 §3 (9): the key of somebody else', async () => {
    const error = await refused(asserted(await signed({}, keys.other.privateKey)))
    expect(error.detail).toContain('signature')
  })

  it.each([
    ['RFC 8725 §3.1: alg none', async () => new UnsecuredJWT(claims).encode()],
    [
      'RFC 8725 §3.1: an HMAC with the public key as secret',
      async () =>
        new SignJWT(claims)
          .setProtectedHeader({ alg: 'HS256' })
          .sign(base64url.decode(publicKeys[0]?.x ?? '')),
    ],
    ['an algorithm other than the registered one', () => signed({}, keys.rs.privateKey, 'PS256')],
  ])('%s', async (_, make) => {
    const strict = await party('key', 'private_key_jwt')
    const metadata = clientMetadata({ ...strict.metadata, token_endpoint_auth_signing_alg: 'ES256' })
    const relyingParties = { find: async () => ({ ...strict, metadata }) }
    const error = await refused(asserted(await make()), { ...needs(), relyingParties })
    expect(error.detail).toContain('alg')
  })

  it('RFC 7523 §3 (7): an assertion a second time', async () => {
    const one = needs()
    const token = await signed()
    await authenticate(one, asserted(token), now)
    expect((await refused(asserted(token), one)).detail).toBe('assertion: replayed')
  })

  it('remembers nothing of an assertion that does not hold', async () => {
    const one = needs()
    await refused(asserted(await signed({}, keys.other.privateKey)), one)
    expect((await authenticate(one, asserted(await signed()), now)).clientId).toBe('key')
  })
})
