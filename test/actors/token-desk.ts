import { env } from 'cloudflare:workers'
import { compose } from '../../src/compose.ts'
import { tally } from './browser.ts'
import { countingEnv } from './counting-env.ts'
import type { ProofKey } from './proof.ts'
import { Service } from './service.ts'

/** What a request brings along. */
export interface Brought {
  readonly headers?: Record<string, string>
  /** DER in base64 of the certificate of its connection, or all that the edge says of it. */
  readonly certificate?: string | Record<string, unknown>
  /** Host that it is sent to, the issuer's if not said. */
  readonly origin?: string
}

export const MTLS_ORIGIN = 'https://mtls.example.test'

/** What the edge attaches to a request whose connection has this certificate. */
export const tlsClientAuth = (certificate: string, change: Record<string, unknown> = {}) => ({
  certPresented: '1',
  certVerified: 'SUCCESS',
  certRevoked: '0',
  certRFC9440: `:${certificate}:`,
  certRFC9440TooLarge: false,
  certChainRFC9440: '',
  ...change,
})

/** The composed application with real storage, a host for certificates, and calls that are counted. */
export function tokenDesk() {
  const counted = countingEnv(env)
  const bindings = new Proxy(counted.env, {
    get: (target, key) => (key === 'MTLS_ORIGIN' ? MTLS_ORIGIN : Reflect.get(target, key)),
    has: (target, key) => key === 'MTLS_ORIGIN' || Reflect.has(target, key),
  })
  const channel = { deliver: async () => 'delivered' as const }
  // No relying party publishes anything here.
  const outbound = async () => new Response(null, { status: 404 })
  const composed = compose(bindings, { channel, registrationOpen: true, outbound })
  const { issuer } = composed.settings

  const fetch = (
    path: string,
    init: RequestInit,
    { headers = {}, certificate, origin = issuer }: Brought,
  ) => {
    const cf =
      certificate === undefined
        ? {}
        : { tlsClientAuth: typeof certificate === 'string' ? tlsClientAuth(certificate) : certificate }
    const request = new Request(new URL(path, origin), {
      ...init,
      headers: { ...headers },
      cf: cf as IncomingRequestCfProperties,
    })
    return Promise.resolve(composed.app.fetch(request, bindings))
  }
  const post = (path: string, form: Record<string, string>, brought: Brought = {}) =>
    fetch(path, { method: 'POST', body: new URLSearchParams(form) }, brought)

  return {
    issuer,
    composed,
    fetch,
    post,
    /** The calls that this costs before its answer leaves. */
    cost: async (act: () => Promise<unknown>) => {
      const from = counted.calls.length
      await act()
      return tally(counted.calls.slice(from))
    },
    service: (metadata: Record<string, unknown> = {}) => Service.register(composed, metadata, bindings),
    token: (form: Record<string, string>, brought: Brought = {}) => post('/token', form, brought),
    userinfo: (token: string, brought: Brought = {}, scheme = 'Bearer') =>
      fetch(
        '/userinfo',
        {},
        { ...brought, headers: { authorization: `${scheme} ${token}`, ...brought.headers } },
      ),
    /** The nonce that the provider wants in proofs now (RFC 9449 §8). */
    nonce: async (key: ProofKey): Promise<string> => {
      const dpop = await key.prove({ url: `${issuer}/token` })
      const response = await post('/token', { client_id: 'anybody' }, { headers: { dpop } })
      return response.headers.get('dpop-nonce') ?? ''
    },
  }
}
