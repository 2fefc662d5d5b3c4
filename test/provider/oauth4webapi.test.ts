import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { describe, expect, it } from 'vitest'
import { digest } from '../../src/kernel/digest.ts'
import { ISSUER, provider, REDIRECT_URI, relyingParty, SECRET } from './provider.ts'

const signing = await generateKeyPair('ES256', { extractable: true })
const parties = await Promise.all([
  relyingParty('demo-basic'),
  relyingParty('demo-post', {
    token_endpoint_auth_method: 'client_secret_post',
    id_token_signed_response_alg: 'PS256',
  }),
  relyingParty('demo-keys', {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [{ ...(await exportJWK(signing.publicKey)), alg: 'ES256' }] },
    id_token_signed_response_alg: 'EdDSA',
    userinfo_signed_response_alg: 'ES256',
  }),
  relyingParty('demo-browser', { token_endpoint_auth_method: 'none', id_token_signed_response_alg: 'ES256' }),
])

const server: oauth.AuthorizationServer = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/userinfo`,
  jwks_uri: `${ISSUER}/jwks`,
  authorization_response_iss_parameter_supported: true,
}

const CASES: [string, string, string, oauth.ClientAuth, boolean][] = [
  ['client_secret_basic', 'demo-basic', 'RS256', oauth.ClientSecretBasic(SECRET), false],
  ['client_secret_post', 'demo-post', 'PS256', oauth.ClientSecretPost(SECRET), false],
  ['private_key_jwt', 'demo-keys', 'EdDSA', oauth.PrivateKeyJwt(signing.privateKey), true],
  ['none', 'demo-browser', 'ES256', oauth.None(), false],
]

/** What oauth4webapi hands to fetch. */
interface Asking {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}

describe('oauth4webapi, with every check it has', () => {
  it.each(CASES)('by %s: code, ID token, userinfo and refresh', async (_, id, alg, auth, signedUserinfo) => {
    const { app, needs, signIn } = provider(parties)
    const client: oauth.Client = {
      client_id: id,
      id_token_signed_response_alg: alg,
      ...(signedUserinfo ? { userinfo_signed_response_alg: 'ES256' } : {}),
    }
    const options = {
      [oauth.customFetch]: async (url: string, { method, headers, body }: Asking) =>
        url === server.jwks_uri
          ? Response.json(await needs.signer.jwks())
          : app.request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
    }

    const verifier = oauth.generateRandomCodeVerifier()
    const nonce = oauth.generateRandomNonce()
    const state = oauth.generateRandomState()
    const codeChallenge = await oauth.calculatePKCECodeChallenge(verifier)
    expect(codeChallenge).toBe(await digest(verifier))
    const { code } = await signIn(id, { codeChallenge, nonce })
    const callback = new URL(`${REDIRECT_URI}?${new URLSearchParams({ code, state, iss: ISSUER })}`)
    const parameters = oauth.validateAuthResponse(server, client, callback, state)

    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      auth,
      parameters,
      REDIRECT_URI,
      verifier,
      options,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
      expectedNonce: nonce,
      maxAge: 60,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(server, response, options)
    const claims = oauth.getValidatedIdTokenClaims(tokens)
    if (claims === undefined) throw new Error('no ID token')

    // RFC 9068 §4, as a resource server does it.
    const keys = createLocalJWKSet(await needs.signer.jwks())
    const { payload } = await jwtVerify(tokens.access_token, keys, {
      issuer: ISSUER,
      audience: ISSUER,
      typ: 'at+jwt',
    })
    expect(payload.client_id).toBe(id)

    const info = await oauth.userInfoRequest(server, client, tokens.access_token, options)
    const person = await oauth.processUserInfoResponse(server, client, claims.sub, info)
    expect(person).toMatchObject({ sub: claims.sub, SubjectNameID: '899700900012' })
    if (signedUserinfo) await oauth.validateApplicationLevelSignature(server, info, options)

    const refreshed = await oauth.processRefreshTokenResponse(
      server,
      client,
      await oauth.refreshTokenGrantRequest(server, client, auth, tokens.refresh_token ?? '', options),
    )
    expect(oauth.getValidatedIdTokenClaims(refreshed)?.sub).toBe(claims.sub)

    // RFC 6749 §4.1.2: the same code again.
    const again = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      auth,
      parameters,
      REDIRECT_URI,
      verifier,
      options,
    )
    await expect(oauth.processAuthorizationCodeResponse(server, client, again)).rejects.toMatchObject({
      error: 'invalid_grant',
      status: 400,
    })
  })
})
