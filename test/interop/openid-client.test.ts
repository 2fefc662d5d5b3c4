import { exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

const origin = inject('origin')
const callback = 'https://rp.example.test/callback'
const CAMILLE = '899700900012'

/** Registers itself (RFC 7591) and discovers, as a relying party's developer would on the first day. */
async function party(
  metadata: Partial<client.ClientMetadata>,
  auth?: client.ClientAuth,
): Promise<client.Configuration> {
  return client.dynamicClientRegistration(
    new URL(origin),
    {
      client_name: 'Service de test',
      redirect_uris: [callback],
      post_logout_redirect_uris: ['https://rp.example.test/bye'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      ...metadata,
    },
    auth,
    { execute: [client.allowInsecureRequests] },
  )
}

describe('openid-client, every check on', () => {
  let jar: CookieJar
  beforeAll(() => {
    jar = new CookieJar()
  })

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])(
    'OIDC Core §3.1: code flow with PKCE, state, nonce, iss; refresh; userinfo; logout (ID token %s)',
    async (alg) => {
      const config = await party({
        id_token_signed_response_alg: alg,
        token_endpoint_auth_method: 'client_secret_basic',
      })
      const verifier = client.randomPKCECodeVerifier()
      const state = client.randomState()
      const nonce = client.randomNonce()
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: callback,
        scope: 'openid scope_all',
        acr_values: 'eidas1',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      })
      const professional = await robot(origin, CAMILLE)
      const back = await signIn(origin, professional, url, jar)
      const tokens = await client.authorizationCodeGrant(config, back, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      expect(claims?.acr).toBe('eidas1')
      expect(claims?.SubjectNameID).toBe(CAMILLE)

      const userinfo = await client.fetchUserInfo(config, tokens.access_token, claims?.sub ?? '')
      expect(userinfo.SubjectNameID).toBe(CAMILLE)
      expect(userinfo.authMode).toBe('MOBILE')

      const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
      expect(refreshed.claims()?.sub).toBe(claims?.sub)
      expect(refreshed.claims()?.auth_time).toBe(claims?.auth_time)
      expect(refreshed.refresh_token).not.toBe(tokens.refresh_token)

      const bye = client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'https://rp.example.test/bye',
        state: 'bye-state',
      })
      const after = await jar.redirect(bye)
      expect(after.href).toBe('https://rp.example.test/bye?state=bye-state')
      await expect(client.fetchUserInfo(config, refreshed.access_token, claims?.sub ?? '')).rejects.toThrow()
      await expect(client.refreshTokenGrant(config, refreshed.refresh_token ?? '')).rejects.toMatchObject({
        error: 'invalid_grant',
      })
    },
  )

  it('OIDC Core §9: private_key_jwt, signed userinfo', async () => {
    const keys = await generateKeyPair('ES256')
    const { kty, crv, x, y } = await exportJWK(keys.publicKey)
    const jwk = { kty: `${kty}`, crv: `${crv}`, x: `${x}`, y: `${y}`, alg: 'ES256', use: 'sig', kid: 'k1' }
    const config = await party(
      {
        token_endpoint_auth_method: 'private_key_jwt',
        token_endpoint_auth_signing_alg: 'ES256',
        jwks: { keys: [jwk] },
        userinfo_signed_response_alg: 'ES256',
      },
      client.PrivateKeyJwt({ key: keys.privateKey, kid: 'k1' }),
    )
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid scope_all',
      state: 's'.repeat(20),
    })
    const back = await signIn(origin, await robot(origin, CAMILLE), url, new CookieJar())
    const tokens = await client.authorizationCodeGrant(config, back, {
      expectedState: 's'.repeat(20),
      idTokenExpected: true,
    })
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    expect(userinfo.family_name).toBe('EXEMPLE')
  })
})

describe('openid-client, the other endings', () => {
  it.each(['deny', 'wrong-code'] as const)('a robot that answers %s gives no code', async (behaviour) => {
    const config = await party({})
    const jar = new CookieJar()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid',
      state: 'x'.repeat(20),
    })
    const mire = await jar.redirect(url)
    const professional = await robot(origin, CAMILLE, behaviour)
    const response = await fetch(`${origin}/sandbox/robots/${professional.id}/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: mire.href }),
    })
    const { continueUrl } = (await response.json()) as { continueUrl: string }
    const next = await jar.redirect(continueUrl)
    expect(next.searchParams.get('code')).toBeNull()
  })
})
