import { request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'

/** As much of `fetch` as an OpenID client asks for. */
export interface LoopbackInit {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Text or a form; the other kinds that a client's types allow are refused. */
  readonly body?: string | URLSearchParams | ArrayBuffer | Uint8Array | ReadableStream | null | undefined
  readonly signal?: AbortSignal | undefined
}

const toLoopback: LookupFunction = (_host, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }])
  else callback(null, '127.0.0.1', 4)
}

/**
 * A `fetch` that reaches this machine under any name and trusts one authority more. The name of a local issuer is
 * often in no hosts file, and its certificate in no store: the demonstrations must work all the same.
 */
export function loopbackFetch(ca: string | undefined) {
  return (url: string, init: LoopbackInit = {}): Promise<Response> =>
    new Promise((resolve, reject) => {
      const target = new URL(url)
      const body = textOf(init.body)
      const headers =
        body === undefined
          ? init.headers
          : { ...init.headers, 'content-length': String(Buffer.byteLength(body)) }
      const options = {
        method: init.method ?? 'GET',
        headers: { ...headers },
        lookup: toLoopback,
        ...(init.signal ? { signal: init.signal } : {}),
      }
      const outgoing =
        target.protocol === 'https:'
          ? tlsRequest(target, { ...options, ...(ca ? { ca } : {}) })
          : plainRequest(target, options)
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () => {
          const received = new Headers()
          for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
            received.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
          const status = incoming.statusCode ?? 502
          const empty = status === 204 || status === 304
          resolve(new Response(empty ? null : Buffer.concat(chunks), { status, headers: received }))
        })
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
}

function textOf(body: LoopbackInit['body']): string | undefined {
  if (body === undefined || body === null) return undefined
  if (typeof body === 'string' || body instanceof URLSearchParams) return body.toString()
  throw new TypeError('only text and forms are sent')
}
