import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServerCertificate, serverCertificate } from '../../tools/certificate.ts'
import { type Front, startFront } from '../../tools/front.ts'
import { freePort } from '../../tools/ports.ts'

const HOST = 'id.example.test'
let folder: string
let certificate: ServerCertificate
let front: Front
let seen: IncomingHttpHeaders = {}

// What stands behind the front: tells what reached it, and echoes over an upgraded connection.
const behind = createServer((incoming, outgoing) => {
  seen = incoming.headers
  outgoing.setHeader('set-cookie', ['a=1', 'b=2']).end(`${incoming.method} ${incoming.url}`)
})
behind.on('upgrade', (_incoming, socket) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
  socket.pipe(socket)
})

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'front-'))
  certificate = await serverCertificate(HOST, folder)
  const upstream = await freePort()
  await new Promise<void>((resolve) => behind.listen(upstream, '127.0.0.1', resolve))
  front = await startFront({
    port: await freePort(),
    tls: certificate,
    upstream: new URL(`http://127.0.0.1:${upstream}`),
  })
})
afterAll(async () => {
  await front?.close()
  behind.closeAllConnections()
  behind.close()
  rmSync(folder, { recursive: true, force: true })
})

function ask(headers: Record<string, string>): Promise<{ status: number; cookies: string[]; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: '127.0.0.1',
      port: front.port,
      servername: HOST,
      ca: certificate.ca,
      path: '/a?b=c',
      headers: { host: HOST, ...headers },
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => {
        body += chunk.toString()
      })
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, cookies: incoming.headers['set-cookie'] ?? [], body }),
      )
    })
    outgoing.end()
  })
}

describe('the front', () => {
  test('hands on the request under its own name', async () => {
    expect(await ask({ cookie: 'x=y' })).toEqual({ status: 200, cookies: ['a=1', 'b=2'], body: 'GET /a?b=c' })
    expect(seen.host).toBe(HOST)
    expect(seen.cookie).toBe('x=y')
  })

  test.each([
    'mf-cf-blob',
    'cf-connecting-ip',
    'client-cert',
    'client-cert-chain',
    'x-forwarded-proto',
    'x-forwarded-for',
    'forwarded',
    'x-real-ip',
  ])('keeps back %s: only the edge says that', async (name) => {
    await ask({ [name]: '{"country":"ZZ"}', 'x-other': 'kept' })
    expect(seen).not.toHaveProperty(name)
    expect(seen['x-other']).toBe('kept')
  })

  test('passes a WebSocket both ways', async () => {
    const echoed = await new Promise<string>((resolve, reject) => {
      const socket = connect(
        { host: '127.0.0.1', port: front.port, servername: HOST, ca: certificate.ca },
        () => {
          socket.write(
            `GET /live HTTP/1.1\r\nHost: ${HOST}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`,
          )
        },
      )
      let received = ''
      socket.on('error', reject)
      socket.on('data', (chunk: Buffer) => {
        if (received === '') socket.write('hello')
        received += chunk.toString()
        if (received.endsWith('hello')) {
          socket.destroy()
          resolve(received)
        }
      })
    })
    expect(echoed).toMatch(/^HTTP\/1\.1 101 /)
  })
})

describe('the certificate made on the spot', () => {
  test('is kept for the next start', async () => {
    expect(await serverCertificate(HOST, folder)).toEqual(certificate)
  })

  test('is made anew a day before it ends', async () => {
    const later = new Date(Date.now() + 396 * 86_400_000)
    expect((await serverCertificate(HOST, folder, later)).cert).not.toBe(certificate.cert)
  })
})
