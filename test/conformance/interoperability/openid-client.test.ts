import { decodeJwt, exportJWK, generateKeyPair } from 'jose'
import * as client from 'openid-client'
import { describe, expect, it } from 'vitest'
import { TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import { MTLS_ORIGIN } from '../../actors/token-desk.ts'
import { type Asking, BYE, CALLBACK, PERSON, world } from './world.ts'

/**
 * openid-client 6 against the composed application, feature by feature, with every check that it makes. It does not cover:
 * being told (pings and back-channel logout tokens arrive at a service's own server; they are read here as its handbook
 * says, and the poll or the sign-out is the library's), and front-channel logout, which is a page of the service.
 * The same library runs over real connections in test/interop.
 */

const here = world()
const fetcher = (url: string, init: Asking) => here.fetch(url, init)
const insecure = {
  execute: [client.allowInsecureRequests],
  [client.customFetch]: fetcher as client.CustomFetch,
}
const keys = await generateKeyPair('PS256', { extractable: true })
const { kty = '', n = '', e = '' } = await exportJWK(keys.publicKey)
const jwks = { keys: [{ kty, n, e, alg: 'PS256', use: 'sig', kid: 'own' }] }
const signing = { key: keys.privateKey, kid: 'own' }
const API = 'https://api.example.test/openid-client'
const CIBA = 'urn:openid:params:grant-type:ciba'
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'

const party = (metadata: Record<string, unknown> = {}, auth?: client.ClientAuth) =>
  client.dynamicClientRegistration(
    new URL(here.issuer),
    {
      client_name: 'Dossier',
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [BYE],
      grant_types: ['authorization_code', 'refresh_token'],
      ...metadata,
    },
    auth,
    insecure,
  )

/** The library waits before it polls; here the result is there already. */
const atOnce = <Given extends { interval?: number | undefined }>(given: Given) => ({
  ...given,
  interval: 0.001,
})

type Build = (config: client.Configuration, sent: Record<string, string>) => Promise<URL> | URL

/** From a request to tokens, with PKCE, state, nonce and iss. */
async function walk(
  config: client.Configuration,
  {
    build = client.buildAuthorizationUrl,
    scope = 'openid scope_all',
    DPoP,
  }: { build?: Build; scope?: string; DPoP?: client.DPoPHandle } = {},
) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const asked = await build(config, {
    redirect_uri: CALLBACK,
    scope,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
  })
  const back = await here.signIn(asked)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  const options = DPoP === undefined ? undefined : { DPoP }
  const tokens = await client.authorizationCodeGrant(config, back, checks, undefined, options)
  return { asked, back, tokens, sub: tokens.claims()?.sub ?? '' }
}

describe('openid-client: requests and answers', () => {
  it('RFC 9126: PAR', async () => {
    const config = await party({ require_pushed_authorization_requests: true })
    const { asked, tokens } = await walk(config, { build: client.buildAuthorizationUrlWithPAR })
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
    expect(tokens.claims()?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 9101: JAR', async () => {
    const config = await party({ require_signed_request_object: true, jwks })
    const build: Build = (with_, sent) => client.buildAuthorizationUrlWithJAR(with_, sent, signing)
    const { asked, tokens } = await walk(config, { build })
    expect([...asked.searchParams.keys()].sort()).toEqual(['client_id', 'request'])
    expect(tokens.claims()?.SubjectNameID).toBe(PERSON)
  })

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('JARM: an answer signed %s', async (alg) => {
    const config = await party({ authorization_signed_response_alg: alg })
    client.useJwtResponseMode(config)
    const { back, tokens } = await walk(config)
    expect([...back.searchParams.keys()]).toEqual(['response'])
    expect(tokens.claims()?.SubjectNameID).toBe(PERSON)
  })
})

describe('openid-client: clients and their keys', () => {
  it('OIDC Core §9: private_key_jwt', async () => {
    const auth = client.PrivateKeyJwt(signing)
    const config = await party({ token_endpoint_auth_method: 'private_key_jwt', jwks }, auth)
    expect((await walk(config)).tokens.claims()?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 9449: DPoP, with the nonce that is asked for, at the token endpoint and at userinfo', async () => {
    const config = await party({ dpop_bound_access_tokens: true })
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair())
    const { tokens, sub } = await walk(config, { DPoP })
    expect(tokens.token_type).toBe('dpop')
    const userinfo = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP })
    expect(userinfo.SubjectNameID).toBe(PERSON)
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })
    expect(refreshed.token_type).toBe('dpop')
    await expect(client.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow()
  })

  it('RFC 8705: mTLS, the client known by its certificate and its tokens bound to it (attached as the edge does)', async () => {
    const config = await party(
      {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: 'dossier.example.test',
        tls_client_certificate_bound_access_tokens: true,
        use_mtls_endpoint_aliases: true,
      },
      client.TlsClientAuth(),
    )
    expect(config.serverMetadata().mtls_endpoint_aliases?.token_endpoint).toBe(`${MTLS_ORIGIN}/token`)
    const bound = new client.Configuration(
      config.serverMetadata(),
      config.clientMetadata().client_id,
      { ...config.clientMetadata(), use_mtls_endpoint_aliases: true },
      client.TlsClientAuth(),
    )
    client.allowInsecureRequests(bound)
    bound[client.customFetch] = fetcher as client.CustomFetch
    const { tokens, sub } = await walk(bound)
    expect(decodeJwt(tokens.access_token).cnf).toEqual({ 'x5t#S256': expect.any(String) })
    expect((await client.fetchUserInfo(bound, tokens.access_token, sub)).SubjectNameID).toBe(PERSON)
    // Without the certificate the same token is worth nothing.
    const plain = new client.Configuration(config.serverMetadata(), config.clientMetadata().client_id)
    client.allowInsecureRequests(plain)
    plain[client.customFetch] = fetcher as client.CustomFetch
    await expect(client.fetchUserInfo(plain, tokens.access_token, sub)).rejects.toThrow()
  })

  it('OIDC Core §10.2: encrypted ID tokens and userinfo', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ECDH-ES', { extractable: true })
    const { kty = '', crv = '', x = '', y = '' } = await exportJWK(publicKey)
    const config = await party({
      jwks: { keys: [{ kty, crv, x, y, use: 'enc' }] },
      id_token_encrypted_response_alg: 'ECDH-ES',
      id_token_encrypted_response_enc: 'A256GCM',
    })
    client.enableDecryptingResponses(config, ['A256GCM'], privateKey)
    const { tokens } = await walk(config)
    expect(tokens.id_token?.split('.')).toHaveLength(5)
    expect(tokens.claims()?.SubjectNameID).toBe(PERSON)
  })

  it('OIDC Core §8.1: pairwise subjects', async () => {
    const [one, two] = await Promise.all([party({ subject_type: 'pairwise' }), party()])
    const mine = await walk(one, { scope: 'openid' })
    expect(mine.sub).toMatch(/^[\w-]{43}$/)
    expect((await client.fetchUserInfo(one, mine.tokens.access_token, mine.sub)).sub).toBe(mine.sub)
    expect((await walk(two, { scope: 'openid' })).sub).toMatch(/^f:/)
  })
})

describe('openid-client: grants', () => {
  it('RFC 6749 §4.4: client_credentials', async () => {
    const config = await party({ grant_types: ['client_credentials'], redirect_uris: [] })
    const tokens = await client.clientCredentialsGrant(config)
    expect(decodeJwt(tokens.access_token).sub).toBe(config.clientMetadata().client_id)
  })

  const asking = (nationalId: string) => ({
    scope: 'openid scope_all',
    login_hint: nationalId,
    binding_message: '47',
  })

  it('CIBA Core §10.1: poll', async () => {
    const config = await party({ redirect_uris: [], grant_types: [CIBA] })
    const { nationalId, answer } = await here.answering('47')
    const request = await client.initiateBackchannelAuthentication(config, asking(nationalId))
    await answer()
    const tokens = await client.pollBackchannelAuthenticationGrant(config, atOnce(request))
    expect(tokens.claims()?.SubjectNameID).toBe(nationalId)
  })

  it('CIBA Core §10.2: ping, and then the library fetches', async () => {
    const PING = 'https://logiciel.example.org/ping'
    const config = await party({
      redirect_uris: [],
      grant_types: [CIBA],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: PING,
    })
    const { nationalId, answer } = await here.answering('47')
    const request = await client.initiateBackchannelAuthentication(config, {
      ...asking(nationalId),
      client_notification_token: 'a-token-of-the-service',
    })
    await answer()
    await here.deliver()
    const ping = here.received.findLast(({ url }) => url === PING)
    expect(new Headers(ping?.init.headers).get('authorization')).toBe('Bearer a-token-of-the-service')
    expect(JSON.parse(String(ping?.init.body))).toEqual({ auth_req_id: request.auth_req_id })
    const tokens = await client.pollBackchannelAuthenticationGrant(config, atOnce(request))
    expect(tokens.claims()?.SubjectNameID).toBe(nationalId)
  })

  it('RFC 8628: device flow', async () => {
    const config = await party(
      { redirect_uris: [], grant_types: [DEVICE], token_endpoint_auth_method: 'none' },
      client.None(),
    )
    const device = await client.initiateDeviceAuthorization(config, { scope: 'openid scope_all' })
    await here.connect(device.user_code)
    const tokens = await client.pollDeviceAuthorizationGrant(config, atOnce(device))
    expect(tokens.claims()?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 8693: token exchange; RFC 9701: introspection with a signed answer; RFC 7009: revocation', async () => {
    const config = await party({ grant_types: ['authorization_code', TOKEN_EXCHANGE] })
    const api = await party({
      serment_api: { audience: API, scopes: ['patient.read'] },
      introspection_signed_response_alg: 'ES256',
    })
    const { tokens } = await walk(config)
    const lent = await client.genericGrantRequest(config, TOKEN_EXCHANGE, {
      subject_token: tokens.access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: API,
      scope: 'patient.read',
    })
    const told = await client.tokenIntrospection(api, lent.access_token)
    expect(told).toMatchObject({ active: true, aud: API, scope: 'patient.read', SubjectNameID: PERSON })
    await client.tokenRevocation(config, lent.access_token)
    expect(await client.tokenIntrospection(api, lent.access_token)).toEqual({ active: false })
  })
})

describe('openid-client: ends', () => {
  it('RP-Initiated Logout §2, and Back-Channel Logout §2.5 to the service that asked for it', async () => {
    const BACK = 'https://dossier.example.test/logout'
    const config = await party({ backchannel_logout_uri: BACK })
    const { tokens, sub } = await walk(config)
    const bye = client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: BYE,
      state: 'bye',
    })
    const after = await here.browser().ask(`${bye.pathname}${bye.search}`)
    expect(after.headers.get('location')).toBe(`${BYE}?state=bye`)
    await expect(client.fetchUserInfo(config, tokens.access_token, sub)).rejects.toThrow()
    await here.deliver()
    const told = here.received.findLast(({ url }) => url === BACK)
    const token = new URLSearchParams(String(told?.init.body)).get('logout_token') ?? ''
    expect(decodeJwt(token)).toMatchObject({ sub, sid: tokens.claims()?.sid })
  })
})
