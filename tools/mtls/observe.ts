import { execFile } from 'node:child_process'
import { connect as connectHttp2 } from 'node:http2'
import { request } from 'node:https'
import { connect, type PeerCertificate } from 'node:tls'

/** Where and how to reach the hosts: a test has them on this machine, with an authority of its own. */
export interface Reach {
  /** An address in place of what the names resolve to. */
  readonly connect: string | undefined
  /** PEM of an authority to trust besides the machine's own. */
  readonly ca: string | undefined
  /** Its file, for the program that reads files. */
  readonly caFile: string | undefined
}

/** What a host's handshake says. */
export interface Handshake {
  readonly protocol: string
  readonly http2: boolean
  /** Names that its certificate is good for. */
  readonly names: readonly string[]
  /** Whether it asks for a client certificate, and from which authorities; `undefined` without openssl. */
  readonly request: { readonly asked: boolean; readonly authorities: readonly string[] } | undefined
}

/** What a host answers over HTTP/1.1. */
export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
  /** What this machine's clock said, in milliseconds. */
  readonly at: number
}

/** A client certificate to show. */
export interface ShownFile {
  readonly pfx: Buffer
  readonly passphrase: string
}

const PATIENCE = 15_000

const portOf = (url: URL): number => Number(url.port === '' ? 443 : url.port)
const trusting = ({ ca }: Reach) => (ca === undefined ? {} : { ca })

/** @throws when there is no TLS connection to be had; the message is the system's. */
export async function handshake(url: URL, reach: Reach): Promise<Handshake> {
  const [seen, asked] = await Promise.all([peer(url, reach), certificateRequest(url, reach)])
  return { ...seen, request: asked }
}

function peer(url: URL, reach: Reach): Promise<Omit<Handshake, 'request'>> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      host: reach.connect ?? url.hostname,
      port: portOf(url),
      servername: url.hostname,
      ALPNProtocols: ['h2', 'http/1.1'],
      timeout: PATIENCE,
      ...trusting(reach),
    })
    socket.once('secureConnect', () => {
      resolve({
        protocol: socket.getProtocol() ?? '',
        http2: socket.alpnProtocol === 'h2',
        names: namesOf(socket.getPeerCertificate()),
      })
      socket.destroy()
    })
    socket.once('timeout', () => socket.destroy(new Error('no answer in 15 seconds')))
    socket.once('error', reject)
  })
}

const namesOf = (certificate: PeerCertificate): string[] =>
  [...(certificate.subjectaltname ?? '').matchAll(/DNS:([^,\s]+)/g)].flatMap(([, name]) => name ?? [])

/** Whether a certificate for these names is one for that host (RFC 9525 §6.3): a wildcard stands for one label. */
export const covers = (names: readonly string[], host: string): boolean =>
  names.some((name) =>
    name.startsWith('*.')
      ? host.slice(host.indexOf('.') + 1) === name.slice(2).toLowerCase()
      : name.toLowerCase() === host,
  )

/** Node does not tell what a server asks for; openssl does. */
function certificateRequest(url: URL, reach: Reach): Promise<Handshake['request']> {
  const at = `${reach.connect ?? url.hostname}:${portOf(url)}`
  const trust = reach.caFile === undefined ? [] : ['-CAfile', reach.caFile]
  const args = ['s_client', '-connect', at, '-servername', url.hostname, '-msg', '-no_ign_eof', ...trust]
  return new Promise((resolve) => {
    const child = execFile('openssl', args, { timeout: PATIENCE, maxBuffer: 4_000_000 }, (error, output) =>
      resolve(error !== null && 'code' in error && error.code === 'ENOENT' ? undefined : requestIn(output)),
    )
    child.stdin?.on('error', () => {})
    child.stdin?.end('')
  })
}

/** Reads what `openssl s_client -msg` prints. */
export function requestIn(output: string): { asked: boolean; authorities: readonly string[] } {
  const [, listed = ''] =
    /^Acceptable client certificate CA names\n([\s\S]*?)^(?:---|Client Certificate Types|Requested Signature)/m.exec(
      output,
    ) ?? []
  return {
    asked: /^<<< .*CertificateRequest\s*$/m.test(output),
    authorities: listed.split('\n').filter((line) => line !== ''),
  }
}

/** One GET over a connection of its own. @throws as the system does */
export function get(
  url: URL,
  reach: Reach,
  headers: Readonly<Record<string, string>>,
  shown?: ShownFile,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: reach.connect ?? url.hostname,
        port: portOf(url),
        servername: url.hostname,
        path: `${url.pathname}${url.search}`,
        headers: { host: url.host, 'user-agent': 'serment-check-mtls', ...headers },
        agent: false,
        timeout: PATIENCE,
        ...trusting(reach),
        ...shown,
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', reject)
        incoming.on('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            body: Buffer.concat(chunks).toString(),
            at: Date.now(),
          }),
        )
      },
    )
    outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in 15 seconds')))
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** What a connection made for one name answers to a request for another (RFC 9110 §15.5.20: 421). */
export function misdirected(made: URL, asked: URL, reach: Reach): Promise<number> {
  return new Promise((resolve, reject) => {
    const session = connectHttp2(made, {
      host: reach.connect ?? made.hostname,
      servername: made.hostname,
      ...trusting(reach),
    })
    session.once('error', reject)
    session.setTimeout(PATIENCE, () => session.destroy(new Error('no answer in 15 seconds')))
    const stream = session.request({ ':path': asked.pathname, ':authority': asked.host })
    stream.once('error', reject)
    stream.once('response', (headers) => {
      resolve(Number(headers[':status'] ?? 0))
      session.destroy()
    })
    stream.end()
  })
}
