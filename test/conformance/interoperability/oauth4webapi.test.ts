import {
  compactDecrypt,
  createLocalJWKSet,
  decodeJwt,
  exportJWK,
  generateKeyPair,
  type JSONWebKeySet,
  jwtVerify,
} from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, it } from 'vitest'
import { TOKEN_EXCHANGE } from '../../../src/protocol/oauth/token-exchange.ts'
import { MTLS_ORIGIN } from '../../actors/token-desk.ts'
import { type Asking, BYE, CALLBACK, PERSON, world } from './world.ts'

/**
 * oauth4webapi 3 against the composed application, feature by feature, with every check that it makes. It does not cover:
 * building URLs (the request is the service's own), validating logout tokens and being pinged, which happen at a service's
 * own server: they are read here as its handbook says.
 */

const here = world()
const options = {
  [oauth.allowInsecureRequests]: true,
  [oauth.customFetch]: (url: string, init: Asking) => here.fetch(url, init),
} as const
const keys = await generateKeyPair('PS256', { extractable: true })
const jwks = { keys: [{ ...(await exportJWK(keys.publicKey)), alg: 'PS256', use: 'sig', kid: 'own' }] }
const signing = { key: keys.privateKey, kid: 'own' }
const API = 'https://api.example.test/oauth4webapi'
const CIBA = 'urn:openid:params:grant-type:ciba'
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'

let as: oauth.AuthorizationServer
beforeAll(async () => {
  const issuer = new URL(here.issuer)
  as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options))
})

interface Party {
  readonly client: oauth.Client
  readonly auth: oauth.ClientAuth
}

async function party(metadata: Record<string, unknown> = {}, auth?: oauth.ClientAuth): Promise<Party> {
  const asked = await oauth.dynamicClientRegistrationRequest(
    as,
    {
      client_name: 'Dossier',
      redirect_uris: [CALLBACK],
      post_logout_redirect_uris: [BYE],
      grant_types: ['authorization_code', 'refresh_token'],
      ...metadata,
    },
    options,
  )
  const client = await oauth.processDynamicClientRegistrationResponse(asked)
  return { client, auth: auth ?? oauth.ClientSecretBasic(String(client.client_secret)) }
}

interface Walk {
  /** How the request travels: its parameters, and what becomes of them. */
  readonly send?: (sent: URLSearchParams) => Promise<URLSearchParams>
  readonly scope?: string
  readonly more?: Partial<oauth.TokenEndpointRequestOptions> & { DPoP?: oauth.DPoPHandle }
  readonly decrypt?: oauth.JweDecryptFunction
}

/** From a request to tokens, with PKCE, state, nonce and iss. */
async function walk({ client, auth }: Party, { send, scope = 'openid scope_all', more, decrypt }: Walk = {}) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const nonce = oauth.generateRandomNonce()
  const sent = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: CALLBACK,
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  const url = new URL(as.authorization_endpoint ?? '')
  url.search = String(send === undefined ? sent : await send(sent))
  const back = await here.signIn(url)
  const validated = await (back.searchParams.has('response')
    ? oauth.validateJwtAuthResponse(as, client, back, state, options)
    : oauth.validateAuthResponse(as, client, back, state))
  const redeem = () =>
    oauth.authorizationCodeGrantRequest(as, client, auth, validated, CALLBACK, verifier, {
      ...options,
      ...more,
    })
  const processed = async () =>
    oauth.processAuthorizationCodeResponse(as, client, await redeem(), {
      expectedNonce: nonce,
      requireIdToken: true,
      ...(decrypt === undefined ? {} : { [oauth.jweDecrypt]: decrypt }),
    })
  const tokens = await processed().catch((error: unknown) => {
    // RFC 9449 §8: the first answer only brings the nonce.
    if (!oauth.isDPoPNonceError(error)) throw error
    return processed()
  })
  const claims = oauth.getValidatedIdTokenClaims(tokens)
  return { url, back, tokens, claims, sub: claims?.sub ?? '' }
}

async function userinfo(
  { client }: Party,
  token: string,
  sub: string,
  more: { DPoP?: oauth.DPoPHandle } = {},
) {
  const response = await oauth.userInfoRequest(as, client, token, { ...options, ...more })
  return oauth.processUserInfoResponse(as, client, sub, response)
}

describe('oauth4webapi: requests and answers', () => {
  it('RFC 9126: PAR', async () => {
    const by = await party({ require_pushed_authorization_requests: true })
    const { url, claims } = await walk(by, {
      send: async (sent) => {
        const asked = await oauth.pushedAuthorizationRequest(as, by.client, by.auth, sent, options)
        const { request_uri } = await oauth.processPushedAuthorizationResponse(as, by.client, asked)
        return new URLSearchParams({ client_id: by.client.client_id, request_uri })
      },
    })
    expect(url.searchParams.get('request_uri')).toMatch(/^urn:ietf:params:oauth:request_uri:/)
    expect(claims?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 9101: JAR', async () => {
    const by = await party({ require_signed_request_object: true, jwks })
    const { claims } = await walk(by, {
      send: async (sent) => {
        const request = await oauth.issueRequestObject(as, by.client, sent, signing)
        return new URLSearchParams({ client_id: by.client.client_id, request })
      },
    })
    expect(claims?.SubjectNameID).toBe(PERSON)
  })

  it.each(['RS256', 'ES256', 'PS256', 'EdDSA'])('JARM: an answer signed %s', async (alg) => {
    const by = await party({ authorization_signed_response_alg: alg })
    const { back, claims } = await walk(by, {
      send: async (sent) => new URLSearchParams([...sent, ['response_mode', 'jwt']]),
    })
    expect([...back.searchParams.keys()]).toEqual(['response'])
    expect(claims?.SubjectNameID).toBe(PERSON)
  })
})

describe('oauth4webapi: clients and their keys', () => {
  it('OIDC Core §9: private_key_jwt', async () => {
    const by = await party(
      { token_endpoint_auth_method: 'private_key_jwt', jwks },
      oauth.PrivateKeyJwt(signing),
    )
    expect((await walk(by)).claims?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 9449: DPoP, with the nonce that is asked for, at the token endpoint and at userinfo', async () => {
    const by = await party({ dpop_bound_access_tokens: true })
    const DPoP = oauth.DPoP(by.client, await oauth.generateKeyPair('ES256'))
    const { tokens, sub } = await walk(by, { more: { DPoP } })
    expect(tokens.token_type).toBe('dpop')
    expect((await userinfo(by, tokens.access_token, sub, { DPoP })).SubjectNameID).toBe(PERSON)
    await expect(userinfo(by, tokens.access_token, sub)).rejects.toThrow()
  })

  it('RFC 8705: mTLS, the client known by its certificate and its tokens bound to it (attached as the edge does)', async () => {
    const known = await party(
      {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_dns: 'dossier.example.test',
        tls_client_certificate_bound_access_tokens: true,
      },
      oauth.TlsClientAuth(),
    )
    expect(as.mtls_endpoint_aliases?.token_endpoint).toBe(`${MTLS_ORIGIN}/token`)
    const by = { ...known, client: { ...known.client, use_mtls_endpoint_aliases: true } }
    const { tokens, sub } = await walk(by)
    expect(decodeJwt(tokens.access_token).cnf).toEqual({ 'x5t#S256': expect.any(String) })
    expect((await userinfo(by, tokens.access_token, sub)).SubjectNameID).toBe(PERSON)
    const without = { ...by, client: { ...by.client, use_mtls_endpoint_aliases: false } }
    await expect(userinfo(without, tokens.access_token, sub)).rejects.toThrow()
  })

  it('OIDC Core §10.2: encrypted ID tokens', async () => {
    const { privateKey, publicKey } = await generateKeyPair('RSA-OAEP-256', { extractable: true })
    const by = await party({
      jwks: { keys: [{ ...(await exportJWK(publicKey)), use: 'enc' }] },
      id_token_encrypted_response_alg: 'RSA-OAEP-256',
    })
    const decrypt = async (jwe: string) =>
      new TextDecoder().decode((await compactDecrypt(jwe, privateKey)).plaintext)
    const { tokens, claims } = await walk(by, { decrypt })
    expect(tokens.id_token?.split('.')).toHaveLength(5)
    expect(claims?.SubjectNameID).toBe(PERSON)
  })

  it('OIDC Core §8.1: pairwise subjects', async () => {
    const by = await party({ subject_type: 'pairwise' })
    const { tokens, sub } = await walk(by, { scope: 'openid' })
    expect(sub).toMatch(/^[\w-]{43}$/)
    expect((await userinfo(by, tokens.access_token, sub)).sub).toBe(sub)
  })

  it('RFC 9068 §4: an access token, verified as a protected resource does', async () => {
    const { tokens } = await walk(await party())
    const request = new Request('https://api.example.test/', {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
    const claims = await oauth.validateJwtAccessToken(as, request, here.issuer, options)
    expect(claims.SubjectNameID).toBe(PERSON)
  })
})

describe('oauth4webapi: grants', () => {
  it('RFC 6749 §6: refresh', async () => {
    const by = await party()
    const { tokens, sub } = await walk(by)
    const asked = await oauth.refreshTokenGrantRequest(
      as,
      by.client,
      by.auth,
      tokens.refresh_token ?? '',
      options,
    )
    const refreshed = await oauth.processRefreshTokenResponse(as, by.client, asked)
    expect(oauth.getValidatedIdTokenClaims(refreshed)?.sub).toBe(sub)
  })

  it('RFC 6749 §4.4: client_credentials', async () => {
    const { client, auth } = await party({ grant_types: ['client_credentials'], redirect_uris: [] })
    const asked = await oauth.clientCredentialsGrantRequest(as, client, auth, new URLSearchParams(), options)
    const tokens = await oauth.processClientCredentialsResponse(as, client, asked)
    expect(decodeJwt(tokens.access_token).sub).toBe(client.client_id)
  })

  const asking = (nationalId: string) => ({
    scope: 'openid scope_all',
    login_hint: nationalId,
    binding_message: '47',
  })
  const fetched = async ({ client, auth }: Party, id: string) =>
    oauth.processBackchannelAuthenticationGrantResponse(
      as,
      client,
      await oauth.backchannelAuthenticationGrantRequest(as, client, auth, id, options),
    )

  it('CIBA Core §10.1, §11: poll', async () => {
    const by = await party({ redirect_uris: [], grant_types: [CIBA] })
    const { nationalId, answer } = await here.answering('47')
    const asked = await oauth.backchannelAuthenticationRequest(
      as,
      by.client,
      by.auth,
      asking(nationalId),
      options,
    )
    const { auth_req_id } = await oauth.processBackchannelAuthenticationResponse(as, by.client, asked)
    await expect(fetched(by, auth_req_id)).rejects.toMatchObject({ error: 'authorization_pending' })
    await answer()
    const tokens = await fetched(by, auth_req_id)
    expect(oauth.getValidatedIdTokenClaims(tokens)?.SubjectNameID).toBe(nationalId)
  })

  it('CIBA Core §10.2: ping, and then the library fetches', async () => {
    const PING = 'https://logiciel.example.net/ping'
    const by = await party({
      redirect_uris: [],
      grant_types: [CIBA],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: PING,
    })
    const { nationalId, answer } = await here.answering('47')
    const sent = { ...asking(nationalId), client_notification_token: 'a-token-of-the-service' }
    const asked = await oauth.backchannelAuthenticationRequest(as, by.client, by.auth, sent, options)
    const { auth_req_id } = await oauth.processBackchannelAuthenticationResponse(as, by.client, asked)
    await answer()
    await here.deliver()
    const ping = here.received.findLast(({ url }) => url === PING)
    expect(new Headers(ping?.init.headers).get('authorization')).toBe('Bearer a-token-of-the-service')
    expect(JSON.parse(String(ping?.init.body))).toEqual({ auth_req_id })
    expect(oauth.getValidatedIdTokenClaims(await fetched(by, auth_req_id))?.SubjectNameID).toBe(nationalId)
  })

  it('RFC 8628: device flow', async () => {
    const { client, auth } = await party(
      { redirect_uris: [], grant_types: [DEVICE], token_endpoint_auth_method: 'none' },
      oauth.None(),
    )
    const sent = new URLSearchParams({ scope: 'openid scope_all' })
    const asked = await oauth.deviceAuthorizationRequest(as, client, auth, sent, options)
    const device = await oauth.processDeviceAuthorizationResponse(as, client, asked)
    await here.connect(device.user_code)
    const answered = await oauth.deviceCodeGrantRequest(as, client, auth, device.device_code, options)
    const tokens = await oauth.processDeviceCodeResponse(as, client, answered)
    expect(oauth.getValidatedIdTokenClaims(tokens)?.SubjectNameID).toBe(PERSON)
  })

  it('RFC 8693: token exchange; RFC 9701: introspection with a signed answer; RFC 7009: revocation', async () => {
    const by = await party({ grant_types: ['authorization_code', TOKEN_EXCHANGE] })
    const api = await party({
      serment_api: { audience: API, scopes: ['patient.read'] },
      introspection_signed_response_alg: 'ES256',
    })
    const { tokens } = await walk(by)
    const asked = await oauth.genericTokenEndpointRequest(
      as,
      by.client,
      by.auth,
      TOKEN_EXCHANGE,
      {
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        audience: API,
        scope: 'patient.read',
      },
      options,
    )
    const { access_token: lent } = await oauth.processGenericTokenEndpointResponse(as, by.client, asked)
    const told = async () => {
      const response = await oauth.introspectionRequest(as, api.client, api.auth, lent, {
        ...options,
        requestJwtResponse: true,
      })
      expect(response.headers.get('content-type')).toContain('application/token-introspection+jwt')
      const answer = await oauth.processIntrospectionResponse(as, api.client, response)
      await oauth.validateApplicationLevelSignature(as, response, options)
      return answer
    }
    expect(await told()).toMatchObject({
      active: true,
      aud: API,
      scope: 'patient.read',
      SubjectNameID: PERSON,
    })
    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, by.client, by.auth, lent, options),
    )
    expect(await told()).toEqual({ active: false })
  })
})

describe('oauth4webapi: ends', () => {
  it('RP-Initiated Logout §2, and Back-Channel Logout §2.5 to the service that asked for it', async () => {
    const BACK = 'https://dossier.example.test/logout-of-oauth4webapi'
    const by = await party({ backchannel_logout_uri: BACK })
    const { tokens, claims, sub } = await walk(by)
    const bye = new URL(as.end_session_endpoint ?? '')
    bye.search = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: BYE,
    }).toString()
    const after = await here.browser().ask(`${bye.pathname}${bye.search}`)
    expect(after.headers.get('location')).toBe(BYE)
    await expect(userinfo(by, tokens.access_token, sub)).rejects.toThrow()
    await here.deliver()
    const told = here.received.findLast(({ url }) => url === BACK)
    const token = new URLSearchParams(String(told?.init.body)).get('logout_token') ?? ''
    const published = await (await here.fetch(as.jwks_uri ?? '')).json<JSONWebKeySet>()
    const { payload } = await jwtVerify(token, createLocalJWKSet(published), {
      issuer: here.issuer,
      audience: by.client.client_id,
      typ: 'logout+jwt',
    })
    expect(payload).toMatchObject({ sub, sid: claims?.sid })
  })
})
