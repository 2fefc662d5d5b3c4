import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import { z } from 'zod'
import { loopbackFetch } from '../loopback-fetch.ts'

/** Whom a logout token signs out: one session, or every session of a person (Back-Channel Logout §2.4). */
export interface LoggedOut {
  readonly sid: string | undefined
  readonly sub: string | undefined
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
const MOST_SEEN = 1_000

const Claims = z
  .looseObject({
    sid: z.string().optional(),
    sub: z.string().optional(),
    jti: z.string(),
    events: z.looseObject({ [EVENT]: z.looseObject({}) }),
    // §2.4: "A nonce Claim MUST NOT be present".
    nonce: z.undefined().optional(),
  })
  .refine(({ sid, sub }) => sid !== undefined || sub !== undefined)

/** The logout tokens of one issuer for one service, held to Back-Channel Logout §2.6. */
export class LogoutTokens {
  readonly #options: { readonly issuer: string; readonly clientId: string; readonly algorithm: string }
  readonly #keys: ReturnType<typeof createRemoteJWKSet>
  readonly #seen = new Set<string>()

  constructor(options: { issuer: string; clientId: string; algorithm: string; ca: string | undefined }) {
    this.#options = options
    const reach = loopbackFetch(options.ca)
    this.#keys = createRemoteJWKSet(new URL(`${options.issuer}/jwks`), {
      [customFetch]: (url, { method, signal }) => reach(url, { method, signal }),
    })
  }

  /** Whom this token signs out, once; `undefined` for one that does not hold. */
  async read(token: string): Promise<LoggedOut | undefined> {
    const { issuer, clientId, algorithm } = this.#options
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer,
        audience: clientId,
        typ: 'logout+jwt',
        algorithms: [algorithm],
        requiredClaims: ['iat', 'exp'],
      })
      const claims = Claims.parse(payload)
      if (this.#seen.has(claims.jti)) return undefined
      const [oldest] = this.#seen
      if (this.#seen.size >= MOST_SEEN && oldest !== undefined) this.#seen.delete(oldest)
      this.#seen.add(claims.jti)
      return { sid: claims.sid, sub: claims.sub }
    } catch {
      return undefined
    }
  }
}
