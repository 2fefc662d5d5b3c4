import { X509Certificate } from 'node:crypto'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import type { Serment } from '../../tools/serve.ts'
import { type Bought, type Connection, over } from './card-holder.ts'
import { CookieJar } from './cookie-jar.ts'
import { robot, signIn } from './robot.ts'

export const CALLBACK = 'https://rp.example.test/callback'
export const CAMILLE = '899700900012'

/** A connection with the key and the certificate of the shop, and those of its authorities. */
export const withCertificate = ({ privateKey, certificate, chain }: Bought): Connection => ({
  key: privateKey,
  cert: [certificate, ...chain].join('\n'),
})

/** `x5t#S256` of a certificate of the shop (RFC 8705 §3.1). */
export const digestOf = ({ certificate }: Bought): string =>
  new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()

interface Init {
  readonly method?: string | undefined
  readonly headers?: Record<string, string> | undefined
  readonly body?: unknown
}

/** `fetch` as the libraries want it: to the card host over a connection with this certificate, elsewhere as ever. */
export const mutualFetch =
  (serment: Pick<Serment, 'cardAuthority' | 'cardOrigins'>, connection: Connection = {}) =>
  async (url: string, { method, headers, body }: Init = {}): Promise<Response> => {
    const text = body === undefined || body === null ? undefined : String(body)
    const asking = {
      ...(method === undefined ? {} : { method }),
      ...(headers === undefined ? {} : { headers }),
      ...(text === undefined ? {} : { body: text }),
    }
    const { origin } = new URL(url)
    if (!serment.cardOrigins.some((one) => one === origin)) return fetch(url, asking)
    const answered = await over(serment, url, connection, asking)
    return new Response(answered.body === '' ? null : answered.body, {
      status: answered.status,
      headers: answered.headers,
    })
  }

/** A relying party that calls over mutual TLS, by one of the two libraries. Each takes the connection that it calls over. */
export interface MutualClient {
  readonly clientId: string
  /** Somebody signs in; the tokens of the code. */
  tokens(connection: Connection): Promise<{ access: string; refresh: string; sub: string }>
  refresh(connection: Connection, refresh: string): Promise<string>
  /** In its own name. */
  own(connection: Connection): Promise<string>
  /** The person's number. */
  userinfo(connection: Connection, access: string, sub: string): Promise<unknown>
  exchange(connection: Connection, access: string, audience: string, scope: string): Promise<string>
}

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const exchanged = (access: string, audience: string, scope: string) => ({
  subject_token: access,
  subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
  audience,
  scope,
})
const metadataOf = (metadata: Readonly<Record<string, unknown>>) => ({
  client_name: 'Logiciel',
  redirect_uris: [CALLBACK],
  response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials', EXCHANGE],
  tls_client_certificate_bound_access_tokens: true,
  ...metadata,
})

async function comesBack(serment: Serment, url: URL): Promise<URL> {
  return signIn(serment.origin, await robot(serment.origin, CAMILLE), url, new CookieJar())
}

export async function byOpenidClient(
  serment: Serment,
  metadata: Readonly<Record<string, unknown>>,
): Promise<MutualClient> {
  const registered = await openid.dynamicClientRegistration(
    new URL(serment.origin),
    metadataOf(metadata) as Partial<openid.ClientMetadata>,
    openid.TlsClientAuth(),
    { execute: [openid.allowInsecureRequests] },
  )
  const { client_id: clientId } = registered.clientMetadata()
  const over = (connection: Connection): openid.Configuration => {
    const config = new openid.Configuration(
      registered.serverMetadata(),
      clientId,
      { ...registered.clientMetadata(), use_mtls_endpoint_aliases: true },
      openid.TlsClientAuth(),
    )
    openid.allowInsecureRequests(config)
    config[openid.customFetch] = mutualFetch(serment, connection)
    return config
  }
  return {
    clientId,
    async tokens(connection) {
      const pkceCodeVerifier = openid.randomPKCECodeVerifier()
      const url = openid.buildAuthorizationUrl(registered, {
        redirect_uri: CALLBACK,
        scope: 'openid scope_all',
        code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      })
      const back = await comesBack(serment, url)
      const checks = { pkceCodeVerifier, idTokenExpected: true }
      const tokens = await openid.authorizationCodeGrant(over(connection), back, checks)
      return {
        access: tokens.access_token,
        refresh: tokens.refresh_token ?? '',
        sub: tokens.claims()?.sub ?? '',
      }
    },
    refresh: async (connection, refresh) =>
      (await openid.refreshTokenGrant(over(connection), refresh)).access_token,
    own: async (connection) => (await openid.clientCredentialsGrant(over(connection))).access_token,
    userinfo: async (connection, access, sub) =>
      (await openid.fetchUserInfo(over(connection), access, sub)).SubjectNameID,
    exchange: async (connection, access, audience, scope) =>
      (await openid.genericGrantRequest(over(connection), EXCHANGE, exchanged(access, audience, scope)))
        .access_token,
  }
}

export async function byOauth4webapi(
  serment: Serment,
  metadata: Readonly<Record<string, unknown>>,
): Promise<MutualClient> {
  const issuer = new URL(serment.origin)
  const insecure = { [oauth.allowInsecureRequests]: true } as const
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { ...insecure, algorithm: 'oidc' }),
  )
  const registered = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      as,
      metadataOf(metadata) as Partial<oauth.OmitSymbolProperties<oauth.Client>>,
      insecure,
    ),
  )
  const client: oauth.Client = { client_id: registered.client_id, use_mtls_endpoint_aliases: true }
  const over = (connection: Connection) => ({
    ...insecure,
    [oauth.customFetch]: mutualFetch(serment, connection),
  })
  const auth = oauth.TlsClientAuth()
  return {
    clientId: registered.client_id,
    async tokens(connection) {
      const verifier = oauth.generateRandomCodeVerifier()
      const url = new URL(as.authorization_endpoint ?? '')
      url.search = new URLSearchParams({
        response_type: 'code',
        client_id: client.client_id,
        redirect_uri: CALLBACK,
        scope: 'openid scope_all',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }).toString()
      const back = oauth.validateAuthResponse(as, client, await comesBack(serment, url), oauth.expectNoState)
      const answer = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        auth,
        back,
        CALLBACK,
        verifier,
        over(connection),
      )
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, answer, {
        requireIdToken: true,
      })
      return {
        access: tokens.access_token,
        refresh: tokens.refresh_token ?? '',
        sub: oauth.getValidatedIdTokenClaims(tokens)?.sub ?? '',
      }
    },
    async refresh(connection, refresh) {
      const answer = await oauth.refreshTokenGrantRequest(as, client, auth, refresh, over(connection))
      return (await oauth.processRefreshTokenResponse(as, client, answer)).access_token
    },
    async own(connection) {
      const answer = await oauth.clientCredentialsGrantRequest(
        as,
        client,
        auth,
        new URLSearchParams(),
        over(connection),
      )
      return (await oauth.processClientCredentialsResponse(as, client, answer)).access_token
    },
    async userinfo(connection, access, sub) {
      const answer = await oauth.userInfoRequest(as, client, access, over(connection))
      return (await oauth.processUserInfoResponse(as, client, sub, answer)).SubjectNameID
    },
    async exchange(connection, access, audience, scope) {
      const answer = await oauth.genericTokenEndpointRequest(
        as,
        client,
        auth,
        EXCHANGE,
        new URLSearchParams(exchanged(access, audience, scope)),
        over(connection),
      )
      return (await oauth.processGenericTokenEndpointResponse(as, client, answer)).access_token
    },
  }
}
