import {
  createServer as createPlainServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'
import { cfBlob } from './edge-fields.ts'

/** Headers by which the edge speaks to a Worker, or a proxy to a server. A browser that sends them is lying. */
const OF_THE_EDGE = /^(mf-|cf-|client-cert|x-forwarded|forwarded$|x-real-ip$)/i

/** A listener that is running. */
export interface Front {
  readonly port: number
  close(): Promise<void>
}

export interface FrontOptions {
  readonly port: number
  readonly upstream: URL
  /** PEM. Without, connections are plain: on a laptop, `http://localhost` is as good as TLS to a browser. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /**
   * Whether the handshake asks for a client certificate. None is refused here, and none need be sent: what came is
   * handed on, as Cloudflare does with its `cf.tlsClientAuth`, and the Worker decides.
   */
  readonly asksForCertificate?: boolean
}

/**
 * The local stand-in for Cloudflare's edge: takes connections on 127.0.0.1 and hands requests and WebSockets on to the
 * runtime, whose own port is then not for browsers. The Host header goes through unchanged; what only the edge may
 * say is said here or by nobody.
 */
export async function startFront(options: FrontOptions): Promise<Front> {
  const { upstream, tls, asksForCertificate = false } = options
  const forward = (incoming: IncomingMessage) => {
    const { socket } = incoming
    const headers = withoutEdge(incoming.headers)
    if (asksForCertificate && socket instanceof TLSSocket)
      headers['mf-cf-blob'] = cfBlob(socket, incoming.headers['accept-encoding']?.toString() ?? '')
    return request({
      host: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: incoming.url,
      headers,
      setHost: false,
    })
  }

  const handle = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const onward = forward(incoming)
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => refuse(outgoing))
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  }
  const server: Server =
    tls === undefined
      ? createPlainServer(handle)
      : createServer(
          {
            key: tls.key,
            cert: tls.cert,
            // No `ca`: its names would go out with the request, and a browser then hides every other certificate.
            ALPNProtocols: ['http/1.1'],
            requestCert: asksForCertificate,
            rejectUnauthorized: false,
          },
          handle,
        )
  // A damaged signature leaves its error in OpenSSL's queue, where the next read of the connection takes it for its own
  // and hangs up. Whatever reads the certificate empties the queue.
  server.on('secureConnection', (socket: TLSSocket) => socket.getPeerX509Certificate())
  server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    const onward = forward(incoming)
    onward.on('upgrade', (answer, upstreamSocket, upstreamHead) => {
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${headerLines(answer)}\r\n`)
      if (upstreamHead.length > 0) socket.write(upstreamHead)
      if (head.length > 0) upstreamSocket.write(head)
      upstreamSocket.pipe(socket).pipe(upstreamSocket)
      upstreamSocket.on('error', () => socket.destroy())
      socket.on('error', () => upstreamSocket.destroy())
    })
    // The runtime declined the upgrade: its answer goes back as it is.
    onward.on('response', (answer) => {
      socket.write(
        `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n${headerLines(answer)}connection: close\r\n\r\n`,
      )
      answer.pipe(socket)
    })
    onward.on('error', () => socket.destroy())
    onward.end()
  })
  await listening(server, options.port)
  const address = server.address()
  return {
    port: isAddress(address) ? address.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function withoutEdge(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_EDGE.test(name)))
}

function headerLines(answer: IncomingMessage): string {
  const lines: string[] = []
  for (let i = 0; i + 1 < answer.rawHeaders.length; i += 2)
    lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}\r\n`)
  return lines.join('')
}

function refuse(outgoing: ServerResponse): void {
  if (outgoing.headersSent) outgoing.destroy()
  else
    outgoing
      .writeHead(502, { 'content-type': 'text/plain' })
      .end('The federator does not answer. Start it again.\n')
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
}

function isAddress(address: ReturnType<Server['address']>): address is AddressInfo {
  return typeof address === 'object' && address !== null
}
