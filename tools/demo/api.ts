import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import { TLSSocket } from 'node:tls'
import type { Introspected, Introspection } from './introspection.ts'

/**
 * A small API that takes tokens bound to a certificate (RFC 8705 §3), of two kinds: a professional's, exchanged for it
 * (RFC 8693), and those that a structure's software gets in its own name. It asks every connection for a certificate,
 * trusts none by itself, and compares the one that came with the one in the token.
 */
export interface DemoApiOptions {
  readonly port: number
  readonly tls: { readonly cert: string; readonly key: string }
  readonly issuer: string
  /** Whom the exchanged tokens are for. */
  readonly audience: string
  /** What of its own it serves for which scope. */
  readonly scope: string
  readonly introspection: Introspection
}

export interface DemoApi {
  close(): Promise<void>
}

/** Starts it on 127.0.0.1. GET `/dossiers` answers for whom; everything else is 404. */
export async function startDemoApi(options: DemoApiOptions): Promise<DemoApi> {
  const { cert, key } = options.tls
  const server = createServer(
    // Any certificate may come, and none need: who issued it was the federator's question, not ours.
    { cert, key, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] },
    (request, response) => {
      answer(options, request, response).catch(() => response.destroy())
    },
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  options: DemoApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume()
  if (request.method !== 'GET' || request.url !== '/dossiers')
    return end(response, 404, { error: 'not_found' })
  // RFC 6750 §2.1, and nowhere else.
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? []
  if (token === undefined) return refuse(response)
  const told = await options.introspection.ask(token)
  const certificate = request.socket instanceof TLSSocket ? certificateOf(request.socket) : undefined
  const allowed = allow(options, told, certificate)
  if ('refused' in allowed) return refuse(response, allowed.refused, allowed.why)
  end(response, 200, allowed)
}

type Allowed =
  | { readonly professional: string; readonly software: string }
  | { readonly structure: { readonly id: string; readonly name: string }; readonly software: string }
  | { readonly refused: 'invalid_token' | 'insufficient_scope'; readonly why: string }

/** Whether a token that was told of opens this API on this connection. */
export function allow(
  { audience, issuer, scope }: Pick<DemoApiOptions, 'audience' | 'issuer' | 'scope'>,
  told: Introspected,
  certificate: Uint8Array | undefined,
): Allowed {
  const invalid = (why: string) => ({ refused: 'invalid_token', why }) as const
  if (!told.active) return invalid('not active')
  const bound = told.cnf?.['x5t#S256']
  // A token that anybody could carry is not for patients' records, whoever issued it.
  if (bound === undefined) return invalid('not bound to a certificate')
  if (certificate === undefined) return invalid('no certificate on this connection')
  if (!isThumbprintOf(bound, certificate)) return invalid('bound to another certificate')
  const software = told.client_id ?? ''
  if (told.aud === audience) {
    return told.scope?.split(' ').includes(scope)
      ? { professional: told.sub ?? '', software }
      : { refused: 'insufficient_scope', why: `this takes the scope ${scope}` }
  }
  // A client's own token (RFC 9068 §2.2): nobody signed in. A professional's that was not exchanged is not for us.
  if (told.aud === issuer && told.sub === told.client_id && told.structure !== undefined)
    return { structure: told.structure, software }
  return invalid('for another audience')
}

/**
 * RFC 8705 §3.1: base64url of the SHA-256 of the DER, without padding; or, for clients that are registered so, the form
 * of the ANS: base64 of its 64 hexadecimal digits.
 */
export function isThumbprintOf(bound: string, der: Uint8Array): boolean {
  const digest = createHash('sha256').update(der).digest()
  const forms = [digest.toString('base64url'), Buffer.from(digest.toString('hex')).toString('base64')]
  const given = Buffer.from(bound)
  return forms.some((form) => form.length === given.length && timingSafeEqual(Buffer.from(form), given))
}

/** The certificate that the handshake proved the key of. Never a header. */
function certificateOf(socket: TLSSocket): Uint8Array | undefined {
  const certificate = socket.getPeerCertificate()
  return 'raw' in certificate ? certificate.raw : undefined
}

/** RFC 6750 §3: without a token no error is told. */
function refuse(
  response: ServerResponse,
  error?: 'invalid_token' | 'insufficient_scope',
  why?: string,
): void {
  const details = error === undefined ? '' : `, error="${error}", error_description="${why}"`
  response.setHeader('www-authenticate', `Bearer realm="demo-api"${details}`)
  end(response, error === 'insufficient_scope' ? 403 : 401, { error: error ?? 'unauthorized', why })
}

function end(response: ServerResponse, status: number, body: object): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(`${JSON.stringify(body)}\n`)
}
