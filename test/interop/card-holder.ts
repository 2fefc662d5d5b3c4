import { request } from 'node:https'
import type { Serment } from '../../tools/serve.ts'
import { isRecord, isString } from '../../web/shape.ts'
import { CookieJar } from './cookie-jar.ts'

/** A card of the shop: what is in its `.p12`. PEM but for the file itself. */
export interface Bought {
  readonly serial: string
  readonly cardId: string
  readonly certificate: string
  readonly chain: readonly string[]
  readonly privateKey: string
  readonly p12: Buffer
  readonly password: string
}

/** A card, or a structure's certificate, from the shop of a running sandbox. */
export async function buy(
  origin: string,
  wanted: Readonly<Record<string, unknown>>,
  asking: (
    url: string,
    init: { method: string; headers: Record<string, string>; body: string },
  ) => Promise<Response> = fetch,
): Promise<Bought> {
  const response = await asking(`${origin}/sandbox/cards`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(wanted),
  })
  const sold: unknown = await response.json()
  if (!isRecord(sold) || response.status !== 201) throw new Error(`not sold: ${JSON.stringify(sold)}`)
  const text = (name: string) => {
    const value = sold[name]
    return isString(value) ? value : ''
  }
  const chain = Array.isArray(sold.chain) ? sold.chain.filter(isString) : []
  return {
    serial: text('serial'),
    cardId: text('cardId'),
    certificate: text('certificate'),
    chain,
    privateKey: text('privateKey'),
    p12: Buffer.from(text('p12'), 'base64'),
    password: text('password'),
  }
}

/** How a TLS connection is made, and what it presents. */
export interface Connection {
  readonly pfx?: Buffer
  readonly passphrase?: string
  readonly key?: string
  readonly cert?: string
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3'
  /** A session that the server gave before. */
  readonly session?: Buffer | undefined
}

export const withCard = ({ p12, password }: Bought): Connection => ({ pfx: p12, passphrase: password })

/** What came back, and over which connection. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: string
  readonly protocol: string | null
  readonly resumed: boolean
  /** From the first octet sent to the last received, in milliseconds. */
  readonly took: number
  /** The last session that the server gave: TLS 1.3 gives it after the handshake. */
  readonly session: Buffer | undefined
}

export interface Asking {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** One request over a TLS connection of its own, to 127.0.0.1 under the name of `url`. */
export function over(
  { cardAuthority }: Pick<Serment, 'cardAuthority'>,
  url: string,
  connection: Connection = {},
  { method = 'GET', headers = {}, body }: Asking = {},
): Promise<Answered> {
  const { hostname, port, pathname, search, host } = new URL(url)
  return new Promise((resolve, reject) => {
    const began = performance.now()
    let session: Buffer | undefined
    let protocol: string | null = null
    let resumed = false
    const outgoing = request({
      ...connection,
      host: '127.0.0.1',
      port,
      servername: hostname,
      ca: cardAuthority.pem,
      agent: false,
      method,
      path: `${pathname}${search}`,
      headers: { host, accept: 'text/html', ...headers },
    })
    outgoing.on('socket', (socket) => {
      socket.on('session', (given: Buffer) => {
        session = given
      })
      socket.on('secureConnect', () => {
        if (!('getProtocol' in socket) || !('isSessionReused' in socket)) return
        protocol = typeof socket.getProtocol === 'function' ? socket.getProtocol() : null
        resumed = typeof socket.isSessionReused === 'function' && socket.isSessionReused()
      })
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = []
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
      incoming.on('error', reject)
      incoming.on('end', () => {
        const received = new Headers()
        for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
          received.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
        resolve({
          status: incoming.statusCode ?? 0,
          headers: received,
          body: Buffer.concat(chunks).toString(),
          protocol,
          resumed,
          took: performance.now() - began,
          session,
        })
      })
    })
    outgoing.end(body)
  })
}

/** Somebody before the mire of a service, who chooses the card. */
export interface Visit {
  readonly jar: CookieJar
  /** Address of the login. */
  readonly login: string
  /** Where the card is to be shown. */
  readonly at: string
}

/** A service of its own, and people who want to go there. */
export async function cardService(origin: string, metadata: Readonly<Record<string, unknown>> = {}) {
  const redirectUri = 'https://rp.example.test/callback'
  const registered = await fetch(`${origin}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Dossier', redirect_uris: [redirectUri], ...metadata }),
  })
  const client: unknown = await registered.json()
  if (!isRecord(client) || !isString(client.client_id) || !isString(client.client_secret))
    throw new Error(`not registered: ${JSON.stringify(client)}`)
  const { client_id, client_secret } = client
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`
  const start = (query: Readonly<Record<string, string>> = {}): string =>
    `${origin}/authorize?${new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri: redirectUri,
      scope: 'openid scope_all',
      ...query,
    })}`
  return {
    start,
    async choosesCard(query: Readonly<Record<string, string>> = {}): Promise<Visit> {
      const jar = new CookieJar()
      const login = (await jar.redirect(start(query))).href
      const response = await jar.post(`${login}/card`, {})
      return { jar, login, at: response.headers.get('location') ?? '' }
    },
    /** From the card's way back to what the service reads of the person. */
    async arrives({ jar, login }: Visit, back: string): Promise<Readonly<Record<string, unknown>>> {
      const proved = await jar.get(back)
      const read = onward(proved) ?? onward(await jar.post(`${login}/acknowledge`, {}))
      const called = onward(await jar.get(new URL(read ?? '', origin)))
      const code = new URL(called ?? '', origin).searchParams.get('code') ?? ''
      const token: unknown = await (
        await fetch(`${origin}/token`, {
          method: 'POST',
          headers: { authorization },
          body: new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri }),
        })
      ).json()
      const bearer = isRecord(token) && isString(token.access_token) ? token.access_token : ''
      const answer = await fetch(`${origin}/userinfo`, { headers: { authorization: `Bearer ${bearer}` } })
      const claims: unknown = await answer.json()
      if (!isRecord(claims)) throw new Error('claims are expected')
      return claims
    },
  }
}

/** Where an answer leads by itself: a redirect, or a page that goes on; the login's own page does neither. */
function onward({ headers }: Response): string | undefined {
  const [, to] = /^0; *url=(.+)$/i.exec(headers.get('refresh') ?? '') ?? []
  const location = to ?? headers.get('location') ?? undefined
  return location?.includes('/login/') ? undefined : location
}
