import { createMessageBatch } from 'cloudflare:test'
import { createLocalJWKSet, decodeJwt, type JSONWebKeySet, jwtVerify } from 'jose'
import type { compose } from '../../src/compose.ts'
import type { Queued } from '../../src/notifications/queued.ts'

/** Bindings whose EVENTS queue keeps what is sent, until a test delivers it. */
export function withHeldQueue(env: Env): { env: Env; held: Queued[] } {
  const held: Queued[] = []
  const queue = { send: async (message: Queued) => void held.push(message) }
  return {
    held,
    env: new Proxy(env, {
      get: (target, key) => (key === 'EVENTS' ? queue : Reflect.get(target, key, target)),
    }),
  }
}

/** Delivers what the queue holds, once; what is to be tried again stays, with one attempt more. */
export async function deliverOnce(
  composed: Pick<ReturnType<typeof compose>, 'queue'>,
  held: Queued[],
  attempts = 1,
): Promise<void> {
  const bodies = held.splice(0)
  const again: Queued[] = []
  const batch = createMessageBatch<Queued>(
    'serment-events',
    bodies.map((body, index) => ({ id: `${index}`, timestamp: new Date(0), attempts, body })),
  )
  for (const message of batch.messages) {
    const retry = message.retry.bind(message)
    message.retry = (options) => {
      again.push(message.body)
      retry(options)
    }
  }
  await composed.queue(batch)
  held.push(...again)
}

/** A session at a relying party, as far as being told of its end goes. */
export interface LocalSession {
  readonly sid: string
  readonly sub: string
}

/** A relying party's back-channel logout endpoint that makes every check of Back-Channel Logout §2.6. */
export class LogoutReceiver {
  readonly #issuer: string
  readonly #clientId: string
  readonly #algorithm: string
  readonly #jwks: () => Promise<JSONWebKeySet>
  readonly #seen = new Set<string>()
  readonly sessions: LocalSession[] = []

  constructor(issuer: string, clientId: string, algorithm: string, jwks: () => Promise<JSONWebKeySet>) {
    this.#issuer = issuer
    this.#clientId = clientId
    this.#algorithm = algorithm
    this.#jwks = jwks
  }

  /** §2.8: 200 when it is done, 400 for a token that does not hold. */
  async receive(init: RequestInit): Promise<Response> {
    const request = new Request('https://receiver.example.test/', init)
    if (request.method !== 'POST') return new Response(null, { status: 400 })
    if (request.headers.get('content-type') !== 'application/x-www-form-urlencoded')
      return new Response(null, { status: 400 })
    const token = new URLSearchParams(await request.text()).get('logout_token')
    const why = token === null ? 'no logout_token' : await this.#refusal(token)
    return why === undefined ? new Response(null, { status: 200 }) : new Response(why, { status: 400 })
  }

  async #refusal(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, createLocalJWKSet(await this.#jwks()), {
        issuer: this.#issuer,
        audience: this.#clientId,
        typ: 'logout+jwt',
        algorithms: [this.#algorithm],
        requiredClaims: ['iat', 'exp', 'jti', 'events'],
        maxTokenAge: 120,
      })
      const events = payload.events as Record<string, unknown>
      const event = events['http://schemas.openid.net/event/backchannel-logout']
      if (typeof event !== 'object' || event === null) return 'events'
      if ('nonce' in payload) return 'nonce'
      if (payload.sub === undefined && payload.sid === undefined) return 'neither sub nor sid'
      if (this.#seen.has(payload.jti ?? '')) return 'jti'
      this.#seen.add(payload.jti ?? '')
      const at = this.sessions.findIndex(
        (one) => one.sid === payload.sid && (payload.sub === undefined || one.sub === payload.sub),
      )
      if (at < 0) return 'no such session'
      this.sessions.splice(at, 1)
      return undefined
    } catch (error) {
      return String(error)
    }
  }
}

/** The local session that an ID token begins. */
export function localSession(idToken: string): LocalSession {
  const { sid, sub } = decodeJwt(idToken)
  return { sid: String(sid), sub: String(sub) }
}
