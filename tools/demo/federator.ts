import * as oidc from 'openid-client'
import { loopbackFetch } from '../loopback-fetch.ts'
import type { DemoService } from './services.ts'
import type { Begun, SignedIn } from './sessions.ts'
import type { Trouble } from './words.ts'

/** A sign-in that failed, as the person and the developer are told it. */
export class SignInFailed extends Error {
  readonly trouble: Trouble
  readonly code: string
  readonly description: string
  constructor(trouble: Trouble, code: string, description: string) {
    super(`${code}: ${description}`)
    this.trouble = trouble
    this.code = code
    this.description = description
  }
}

/** The OpenID side of a demonstration service: everything here is what any relying party writes with openid-client. */
export class Federator {
  readonly #issuer: string
  readonly #ca: string | undefined
  readonly #service: DemoService
  readonly #origin: string
  #configuration: Promise<oidc.Configuration> | undefined
  /** Proves each use of the tokens (RFC 9449), which the strict profile asks for. */
  #proof: Promise<oidc.DPoPHandle> | undefined

  constructor(options: { issuer: string; ca: string | undefined; service: DemoService; origin: string }) {
    this.#issuer = options.issuer
    this.#ca = options.ca
    this.#service = options.service
    this.#origin = options.origin
  }

  /** Where to send the browser, and what to remember until it comes back. */
  async begin(language: string): Promise<{ url: URL; state: string; begun: Begun }> {
    const configuration = await this.#discovered()
    const verifier = oidc.randomPKCECodeVerifier()
    const state = oidc.randomState()
    const nonce = oidc.randomNonce()
    // FAPI 2.0 Security Profile §5.3.2.2: a strict service pushes its request.
    const asked =
      this.#service.profile === 'strict' ? oidc.buildAuthorizationUrlWithPAR : oidc.buildAuthorizationUrl
    const url = await asked(configuration, {
      redirect_uri: `${this.#origin}/callback`,
      scope: this.#service.scope,
      state,
      nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ui_locales: language,
      ...(this.#service.acrValues === '' ? {} : { acr_values: this.#service.acrValues }),
    })
    return { url, state, begun: { nonce, verifier, at: Math.floor(Date.now() / 1000) } }
  }

  /** Exchanges the code of the address that the browser came back with, every check on. */
  async finish(current: URL, state: string, begun: Begun): Promise<SignedIn> {
    const configuration = await this.#discovered()
    try {
      const tokens = await oidc.authorizationCodeGrant(
        configuration,
        current,
        {
          expectedState: state,
          expectedNonce: begun.nonce,
          pkceCodeVerifier: begun.verifier,
          idTokenExpected: true,
        },
        undefined,
        await this.#constrained(configuration),
      )
      return await this.#signedIn(configuration, tokens, undefined, undefined)
    } catch (error) {
      throw failure(error)
    }
  }

  async refresh(signedIn: SignedIn): Promise<SignedIn> {
    if (signedIn.refreshToken === undefined)
      throw new SignInFailed('ended', 'invalid_grant', 'no refresh token was given')
    const configuration = await this.#discovered()
    try {
      const tokens = await oidc.refreshTokenGrant(
        configuration,
        signedIn.refreshToken,
        undefined,
        await this.#constrained(configuration),
      )
      return await this.#signedIn(configuration, tokens, signedIn, Date.now())
    } catch (error) {
      throw failure(error)
    }
  }

  /** Where to send the browser to end the session of everyone (OpenID Connect RP-Initiated Logout 1.0 §2). */
  async endSession(signedIn: SignedIn, language: string): Promise<URL> {
    return oidc.buildEndSessionUrl(await this.#discovered(), {
      id_token_hint: signedIn.idToken,
      post_logout_redirect_uri: `${this.#origin}/signed-out`,
      ui_locales: language,
    })
  }

  async #signedIn(
    configuration: oidc.Configuration,
    tokens: Tokens,
    before: SignedIn | undefined,
    refreshedAt: number | undefined,
  ): Promise<SignedIn> {
    // OIDC Core §12.2: an answer to a refresh may leave the ID token out; the first one then stays true.
    const idClaims = tokens.claims() ?? before?.idClaims
    const idToken = tokens.id_token ?? before?.idToken
    if (idClaims === undefined || idToken === undefined)
      throw new SignInFailed('other', 'invalid_response', 'no ID token was given')
    const userinfo = await oidc.fetchUserInfo(
      configuration,
      tokens.access_token,
      idClaims.sub,
      await this.#constrained(configuration),
    )
    return {
      idToken,
      idClaims,
      userinfo,
      refreshToken: tokens.refresh_token ?? before?.refreshToken,
      refreshedAt,
    }
  }

  async #constrained(configuration: oidc.Configuration): Promise<{ DPoP?: oidc.DPoPHandle }> {
    if (this.#service.profile !== 'strict') return {}
    this.#proof ??= oidc.randomDPoPKeyPair('ES256').then((pair) => oidc.getDPoPHandle(configuration, pair))
    return { DPoP: await this.#proof }
  }

  #discovered(): Promise<oidc.Configuration> {
    this.#configuration ??= this.#discover().catch((error: unknown) => {
      // The next attempt asks again: the federator may have been starting.
      this.#configuration = undefined
      throw failure(error)
    })
    return this.#configuration
  }

  #discover(): Promise<oidc.Configuration> {
    const { credential, clientId, idTokenAlgorithm } = this.#service
    const authentication =
      credential.kind === 'secret'
        ? oidc.ClientSecretBasic(credential.secret)
        : oidc.PrivateKeyJwt({ key: credential.key, kid: 'messagerie-demo' })
    return oidc.discovery(
      new URL(this.#issuer),
      clientId,
      { id_token_signed_response_alg: idTokenAlgorithm },
      authentication,
      {
        execute: this.#issuer.startsWith('http://') ? [oidc.allowInsecureRequests] : [],
        [oidc.customFetch]: loopbackFetch(this.#ca),
      },
    )
  }
}

type Tokens = Awaited<ReturnType<typeof oidc.authorizationCodeGrant>>

function failure(error: unknown): SignInFailed {
  if (error instanceof SignInFailed) return error
  if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError) {
    return new SignInFailed(troubleOf(error.error), error.error, error.error_description ?? '')
  }
  if (error instanceof Error) {
    const causes = `${error.message} ${error.cause instanceof Error ? error.cause.message : ''}`
    if (/ECONNREFUSED|ECONNRESET|fetch failed|timed? ?out/i.test(causes))
      return new SignInFailed('unreachable', 'unreachable', causes.trim())
    return new SignInFailed(
      'other',
      'code' in error && typeof error.code === 'string' ? error.code : error.name,
      causes.trim(),
    )
  }
  return new SignInFailed('other', 'unknown', String(error))
}

function troubleOf(code: string): Trouble {
  if (code === 'access_denied') return 'refused'
  if (code === 'login_required' || code === 'interaction_required' || code === 'consent_required')
    return 'interaction'
  if (code === 'invalid_grant') return 'ended'
  if (code === 'temporarily_unavailable' || code === 'server_error') return 'unreachable'
  return 'other'
}
