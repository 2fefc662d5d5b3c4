import { type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** Headers by which the edge speaks to a Worker, or a proxy to a server. A browser that sends them is lying. */
const OF_THE_EDGE = /^(mf-|cf-|client-cert|x-forwarded|forwarded$|x-real-ip$)/i

/** A TLS listener that is running. */
export interface TlsFront {
  readonly port: number
  close(): Promise<void>
}

/**
 * The local stand-in for Cloudflare's edge: ends TLS on 127.0.0.1 and hands requests and WebSockets on to the
 * runtime, whose own port is then not for browsers. The Host header goes through unchanged.
 */
export async function startTlsFront(options: {
  port: number
  key: string
  cert: string
  upstream: URL
}): Promise<TlsFront> {
  const { upstream } = options
  const forward = (incoming: IncomingMessage) =>
    request({
      host: upstream.hostname,
      port: upstream.port,
      method: incoming.method,
      path: incoming.url,
      headers: withoutEdge(incoming.headers),
      setHost: false,
    })

  const server = createServer(
    { key: options.key, cert: options.cert, ALPNProtocols: ['http/1.1'] },
    (incoming, outgoing) => {
      const onward = forward(incoming)
      onward.on('response', (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(outgoing)
      })
      onward.on('error', () => refuse(outgoing))
      outgoing.on('close', () => onward.destroy())
      incoming.pipe(onward)
    },
  )
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
