import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose'
import * as z from 'zod'
import { type Answer, expectStatus, FORM, type LoopbackClient } from './client.ts'
import type { Endpoints } from './endpoints.ts'
import { REDIRECT_URI, STRICT } from './registered.ts'

const Tokens = z.object({ access_token: z.string(), refresh_token: z.string().optional() })
export type Tokens = z.infer<typeof Tokens>
const Pushed = z.object({ request_uri: z.string() })

/** What a service asks of a person's browser, and what it needs to redeem the code. */
export interface Asked {
  /** Where the browser goes. */
  readonly path: string
  readonly verifier: string
}

/** A service at its provider. */
export interface Service {
  ask(scope: string): Promise<Asked>
  redeem(code: string, verifier: string): Promise<Tokens>
  userinfo(accessToken: string): Promise<void>
}

interface At {
  readonly client: LoopbackClient
  readonly endpoints: Endpoints
}

function request(clientId: string, scope: string) {
  const verifier = randomBytes(32).toString('base64url')
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope,
    state: randomBytes(16).toString('base64url'),
    nonce: randomBytes(16).toString('base64url'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  return { verifier, parameters }
}

const redemption = (code: string, verifier: string) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: REDIRECT_URI,
  code_verifier: verifier,
})

const json = (answer: Answer, what: string, status = 200): unknown =>
  JSON.parse(expectStatus(answer, what, status).body)

/** Proves itself by a secret and holds bearer tokens. */
export class SecretService implements Service {
  readonly #at: At
  readonly #id: string
  readonly #authorization: string

  constructor(at: At, { id, secret }: { readonly id: string; readonly secret: string }) {
    this.#at = at
    this.#id = id
    this.#authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
  }

  async ask(scope: string): Promise<Asked> {
    const { verifier, parameters } = request(this.#id, scope)
    return { verifier, path: `${this.#at.endpoints.authorize}?${new URLSearchParams(parameters)}` }
  }

  redeem(code: string, verifier: string): Promise<Tokens> {
    return this.tokens(redemption(code, verifier))
  }

  async tokens(form: Record<string, string>): Promise<Tokens> {
    return Tokens.parse(await this.post('token', form))
  }

  async userinfo(accessToken: string): Promise<void> {
    const headers = { authorization: `Bearer ${accessToken}` }
    json(await this.#at.client.ask(this.#at.endpoints.userinfo, { headers }), 'userinfo')
  }

  /** A form sent with the secret; answers the JSON that must come back. */
  async post(endpoint: keyof Endpoints, form: Record<string, string>): Promise<unknown> {
    const answer = await this.#at.client.ask(this.#at.endpoints[endpoint], {
      method: 'POST',
      headers: { authorization: this.#authorization, 'content-type': FORM },
      body: new URLSearchParams(form).toString(),
    })
    return json(answer, endpoint)
  }
}

/** Pushes its requests, proves itself by `private_key_jwt`, and proves the key of its tokens by DPoP. */
export class StrictService implements Service {
  readonly #at: At
  readonly #key: CryptoKey | Uint8Array
  readonly #proofKey: CryptoKey
  readonly #proofJwk: JWK
  readonly #proofThumbprint: string
  /** The one that the provider gave last (RFC 9449 §8.2). */
  #nonce: string | undefined

  private constructor(
    at: At,
    key: CryptoKey | Uint8Array,
    proofKey: CryptoKey,
    proofJwk: JWK,
    thumbprint: string,
  ) {
    this.#at = at
    this.#key = key
    this.#proofKey = proofKey
    this.#proofJwk = proofJwk
    this.#proofThumbprint = thumbprint
  }

  static async with(at: At, serviceKey: JWK): Promise<StrictService> {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const key = await importJWK(serviceKey, 'ES256')
    return new StrictService(at, key, privateKey, jwk, await calculateJwkThumbprint(jwk))
  }

  async ask(scope: string): Promise<Asked> {
    const { verifier, parameters } = request(STRICT.id, scope)
    const { client, endpoints } = this.#at
    const answer = await client.ask(endpoints.par, {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: await this.#signed({ ...parameters, dpop_jkt: this.#proofThumbprint }),
    })
    const { request_uri } = Pushed.parse(json(answer, 'par', 201))
    const link = new URLSearchParams({ client_id: STRICT.id, request_uri })
    return { verifier, path: `${endpoints.authorize}?${link}` }
  }

  async redeem(code: string, verifier: string): Promise<Tokens> {
    const { client, endpoints } = this.#at
    const answer = await this.#proven('POST', endpoints.token, undefined, async (proof) =>
      client.ask(endpoints.token, {
        method: 'POST',
        headers: { 'content-type': FORM, ...proof },
        body: await this.#signed(redemption(code, verifier)),
      }),
    )
    return Tokens.parse(json(answer, 'token'))
  }

  async userinfo(accessToken: string): Promise<void> {
    const { client, endpoints } = this.#at
    const authorization = `DPoP ${accessToken}`
    const answer = await this.#proven('GET', endpoints.userinfo, accessToken, (proof) =>
      client.ask(endpoints.userinfo, { headers: { authorization, ...proof } }),
    )
    json(answer, 'userinfo')
  }

  /** The form with a client assertion (RFC 7523 §2.2). */
  async #signed(form: Record<string, string>): Promise<string> {
    const assertion = await new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer(STRICT.id)
      .setSubject(STRICT.id)
      .setAudience(this.#at.client.issuer.origin)
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(this.#key)
    return new URLSearchParams({
      ...form,
      client_id: STRICT.id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }).toString()
  }

  /** Sends with a proof (RFC 9449 §4.2), and once more when the nonce in it was too old or none was known. */
  async #proven(
    method: string,
    path: string,
    accessToken: string | undefined,
    send: (proof: { readonly dpop: string }) => Promise<Answer>,
  ): Promise<Answer> {
    const once = async () => {
      const nonce = this.#nonce
      const answer = await send({ dpop: await this.#proof(method, path, accessToken, nonce) })
      const given = answer.headers['dpop-nonce']
      if (typeof given === 'string') this.#nonce = given
      return { answer, stale: answer.status >= 400 && this.#nonce !== nonce }
    }
    const { answer, stale } = await once()
    return stale ? (await once()).answer : answer
  }

  #proof(
    htm: string,
    path: string,
    accessToken: string | undefined,
    nonce: string | undefined,
  ): Promise<string> {
    return new SignJWT({
      jti: randomUUID(),
      htm,
      htu: `${this.#at.client.issuer.origin}${path}`,
      ...(nonce === undefined ? {} : { nonce }),
      ...(accessToken === undefined
        ? {}
        : { ath: createHash('sha256').update(accessToken).digest('base64url') }),
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.#proofJwk })
      .setIssuedAt()
      .sign(this.#proofKey)
  }
}
