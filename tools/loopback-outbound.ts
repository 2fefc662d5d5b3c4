import { fetch, type Request, Response } from 'miniflare'
import { loopbackFetch } from './loopback-fetch.ts'

/**
 * What the Worker sends out, when everything here is served over TLS under one name: to that name by our own hand,
 * because its certificate is in no store of the runtime's and it is often in no hosts file; elsewhere as usual.
 */
export function loopbackOutbound(issuer: string, ca: string): (request: Request) => Promise<Response> {
  const reach = loopbackFetch(ca)
  const { hostname } = new URL(issuer)
  return async (request) => {
    if (new URL(request.url).hostname !== hostname) return fetch(request)
    const answer = await reach(request.url, {
      method: request.method,
      headers: Object.fromEntries([...request.headers].filter(([name]) => !HOP_BY_HOP.has(name))),
      body: request.body === null ? undefined : await request.text(),
    })
    const empty = answer.status === 204 || answer.status === 304
    return new Response(empty ? null : await answer.arrayBuffer(), { status: answer.status })
  }
}

/** RFC 9110 §7.6.1: they concern the connection that the request came by. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'host', 'transfer-encoding'])
