import * as oauth from 'oauth4webapi'
import { describe, expect, inject, it } from 'vitest'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

const origin = inject('origin')
const insecure = { [oauth.allowInsecureRequests]: true } as const
const callback = 'https://rp.example.test/callback'
const CAMILLE = '899700900012'

describe('oauth4webapi, every check on', () => {
  it('OIDC Core §3.1, RFC 7636, RFC 9207: public client, code flow, userinfo, refresh, logout', async () => {
    const issuer = new URL(origin)
    const as = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oidc' }),
    )
    const registration = await oauth.processDynamicClientRegistrationResponse(
      await oauth.dynamicClientRegistrationRequest(
        as,
        {
          client_name: 'Application mobile de test',
          redirect_uris: [callback],
          post_logout_redirect_uris: ['https://rp.example.test/bye'],
          token_endpoint_auth_method: 'none',
          grant_types: ['authorization_code', 'refresh_token'],
        },
        insecure,
      ),
    )
    const client: oauth.Client = { client_id: registration.client_id, id_token_signed_response_alg: 'RS256' }
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const nonce = oauth.generateRandomNonce()
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id: client.client_id,
      redirect_uri: callback,
      scope: 'openid scope_all',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      max_age: '600',
    }).toString()
    const jar = new CookieJar()
    const back = await signIn(origin, await robot(origin, CAMILLE), url, jar)

    const validated = oauth.validateAuthResponse(as, client, back, state)
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      validated,
      callback,
      verifier,
      insecure,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
      expectedNonce: nonce,
      maxAge: 600,
      requireIdToken: true,
    })
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    expect(claims?.preferred_username).toBe(CAMILLE)

    const userinfo = await oauth.processUserInfoResponse(
      as,
      client,
      claims?.sub ?? '',
      await oauth.userInfoRequest(as, client, tokens.access_token, insecure),
    )
    expect(userinfo.SubjectRole).toEqual(['10^1.2.250.1.213.1.1.5.5'])

    const refreshed = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, oauth.None(), tokens.refresh_token ?? '', insecure),
    )
    expect(oauth.getValidatedIdTokenClaims(refreshed)?.sub).toBe(claims?.sub)

    const bye = new URL(as.end_session_endpoint ?? '')
    bye.search = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'https://rp.example.test/bye',
    }).toString()
    expect((await jar.redirect(bye)).href).toBe('https://rp.example.test/bye')
    const after = await oauth.userInfoRequest(as, client, refreshed.access_token, insecure)
    expect(after.status).toBe(401)
  })
})
