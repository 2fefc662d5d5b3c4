import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { describe, expect, inject, it } from 'vitest'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

const origin = inject('origin')
const callback = 'https://rp.example.test/callback'
const CAMILLE = '899700900012'
const keys = await generateKeyPair('PS256')
const signing = { key: keys.privateKey, kid: 'k1' }
const { kty, n, e } = await exportJWK(keys.publicKey)
const jwk = { kty: `${kty}`, n: `${n}`, e: `${e}`, alg: 'PS256', use: 'sig', kid: 'k1' }

/** A service that registered itself with a key of its own. */
const party = (metadata: Partial<client.ClientMetadata> = {}): Promise<client.Configuration> =>
  client.dynamicClientRegistration(
    new URL(origin),
    {
      client_name: 'Service de test',
      redirect_uris: [callback],
      response_types: ['code'],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'PS256',
      jwks: { keys: [jwk] },
      ...metadata,
    },
    client.PrivateKeyJwt(signing),
    { execute: [client.allowInsecureRequests] },
  )

type Build = (config: client.Configuration, parameters: Record<string, string>) => Promise<URL> | URL

/** From the request to who signed in. */
async function walk(
  config: client.Configuration,
  build: Build,
): Promise<{ asked: URL; back: URL; who: unknown }> {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const asked = await build(config, {
    redirect_uri: callback,
    scope: 'openid scope_all',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  })
  const back = await signIn(origin, await robot(origin, CAMILLE), asked, new CookieJar())
  const tokens = await client.authorizationCodeGrant(config, back, {
    pkceCodeVerifier,
    expectedState,
    expectedNonce,
    idTokenExpected: true,
  })
  return { asked, back, who: tokens.claims()?.SubjectNameID }
}

describe('openid-client, how a request travels', () => {
  it('RFC 9126: pushed, by a client that must', async () => {
    const config = await party({ require_pushed_authorization_requests: true })
    const { asked, who } = await walk(config, client.buildAuthorizationUrlWithPAR)
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    expect(who).toBe(CAMILLE)
  })

  it('RFC 9101: signed, by a client that must', async () => {
    const config = await party({ require_signed_request_object: true, request_object_signing_alg: 'PS256' })
    const { asked, who } = await walk(config, (with_, sent) =>
      client.buildAuthorizationUrlWithJAR(with_, sent, signing),
    )
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'request'])
    expect(who).toBe(CAMILLE)
  })

  it('JARM: the answer is one signed parameter', async () => {
    const config = await party({ authorization_signed_response_alg: 'PS256' })
    client.useJwtResponseMode(config)
    const { back, who } = await walk(config, client.buildAuthorizationUrl)
    expect([...back.searchParams.keys()]).toEqual(['response'])
    expect(who).toBe(CAMILLE)
  })

  it('FAPI 2.0 Message Signing §5.3, §5.4: signed, pushed, and answered signed', async () => {
    const config = await party({
      require_pushed_authorization_requests: true,
      require_signed_request_object: true,
      authorization_signed_response_alg: 'PS256',
    })
    client.useJwtResponseMode(config)
    const { who } = await walk(config, async (with_, sent) => {
      const signed = await client.buildAuthorizationUrlWithJAR(with_, sent, signing)
      return client.buildAuthorizationUrlWithPAR(with_, signed.searchParams)
    })
    expect(who).toBe(CAMILLE)
  })
})
