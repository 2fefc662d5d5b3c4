import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import type { Service } from './service.ts'

const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** Where a client may be registered. */
export interface Registry {
  readonly issuer: string
  service(metadata: Record<string, unknown>): Promise<Service>
}

const seconds = () => Math.floor(Date.now() / 1000)

/** A key of a client. `sign` makes JWTs with it, `strangers` with one that nobody registered. */
export async function clientKey(alg = 'ES256') {
  const mine = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(mine.publicKey)), kid: alg, alg, use: 'sig' }
  const sign = (
    claims: Record<string, unknown>,
    header: Record<string, unknown> = {},
    key = mine.privateKey,
  ) => new SignJWT(claims).setProtectedHeader({ alg, kid: alg, ...header }).sign(key)
  return { alg, jwk, sign, privateKey: mine.privateKey }
}
export type ClientKey = Awaited<ReturnType<typeof clientKey>>

/** A strict client, which proves itself by a key of its own (FAPI 2.0 Security Profile §5.3.2.1). */
export class KeyedClient {
  readonly service: Service
  readonly key: ClientKey
  readonly #issuer: string

  constructor(service: Service, key: ClientKey, issuer: string) {
    this.service = service
    this.key = key
    this.#issuer = issuer
  }

  static async register(
    registry: Registry,
    metadata: Record<string, unknown> = {},
    alg = 'ES256',
  ): Promise<KeyedClient> {
    const key = await clientKey(alg)
    const service = await registry.service({
      serment_profile: 'strict',
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.jwk] },
      ...metadata,
    })
    return new KeyedClient(service, key, registry.issuer)
  }

  get clientId(): string {
    return this.service.clientId
  }

  /** A client assertion (RFC 7523 §3), each with a `jti` of its own; `undefined` leaves a claim out. */
  assertion(change: Record<string, unknown> = {}, header: Record<string, unknown> = {}): Promise<string> {
    const claims = {
      iss: this.clientId,
      sub: this.clientId,
      aud: this.#issuer,
      iat: seconds(),
      exp: seconds() + 60,
      jti: crypto.randomUUID(),
      ...change,
    }
    return this.key.sign(claims, header)
  }

  /** The form members by which this client proves itself. */
  async proved(change: Record<string, unknown> = {}): Promise<Record<string, string>> {
    return {
      client_id: this.clientId,
      client_assertion_type: JWT_BEARER,
      client_assertion: await this.assertion(change),
    }
  }
}
