import { notPublic } from '../../protocol/oauth/public-uri.ts'
import type { Ping } from './request.ts'

/** Milliseconds for the client's whole answer. */
const LONGEST_WAIT = 5_000

/** The network. It must lead to public addresses only (`global_fetch_strictly_public`). */
export type Network = (url: string, init: RequestInit) => Promise<Response>

/** Statuses after which another try may do better (RFC 9110 §15.5.9, RFC 6585 §4). */
const TRANSIENT: readonly number[] = [408, 429]

/**
 * Pings a client (CIBA Core §10.2): POST of `auth_req_id` with the client's own bearer token. It goes to a public name
 * over https, follows no redirect (§10.2: the OP "MUST NOT follow" one), and reads nothing of the answer but its status.
 */
export const pinger =
  (fetch: Network) =>
  async ({ endpoint, token, authReqId }: Ping): Promise<'delivered' | 'retry' | 'undeliverable'> => {
    // Registration was held to this too; what is stored may be older than the rule.
    if (notPublic(endpoint) !== undefined) return 'undeliverable'
    let status: number
    try {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ auth_req_id: authReqId }),
        redirect: 'manual',
        signal: AbortSignal.timeout(LONGEST_WAIT),
      })
      status = response.status
      await response.body?.cancel()
    } catch {
      return 'retry'
    }
    // CIBA Core §10.2: "SHOULD respond with an HTTP 204 No Content"; 200 is taken for it.
    if (status >= 200 && status < 300) return 'delivered'
    return status >= 500 || TRANSIENT.includes(status) ? 'retry' : 'undeliverable'
  }
