import { Agent, type IncomingHttpHeaders, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface Ask {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string | undefined
}

export const FORM = 'application/x-www-form-urlencoded'

/**
 * One HTTP client for both sides, to 127.0.0.1 alone, whatever issuer it says it is asking: connections kept open,
 * as a reverse proxy keeps them.
 */
export class LoopbackClient {
  readonly issuer: URL
  readonly #port: number
  readonly #agent: Agent

  constructor(issuer: string, port: number, connections: number) {
    this.issuer = new URL(issuer)
    this.#port = port
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections })
  }

  ask(path: string, { method = 'GET', headers = {}, body }: Ask = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.#port,
          agent: this.#agent,
          method,
          path,
          headers: {
            host: this.issuer.host,
            ...headers,
            ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          },
        },
        (incoming) => {
          let text = ''
          incoming.setEncoding('utf8')
          incoming.on('data', (chunk: string) => {
            text += chunk
          })
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
          )
          incoming.on('error', reject)
        },
      )
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** The cookies of one browser, by name; attributes are the browser's business, and both sides are asked alone. */
export class Jar {
  readonly #cookies = new Map<string, string>()

  keep(answer: Answer): void {
    for (const line of answer.headers['set-cookie'] ?? []) {
      const pair = line.split(';', 1)[0] ?? ''
      const at = pair.indexOf('=')
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
      if (value === '' || /max-age=0\b/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
  }

  get header(): Record<string, string> {
    if (this.#cookies.size === 0) return {}
    return { cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  }
}

/** @throws naming what was asked, when the answer is another than expected. */
export function expectStatus(answer: Answer, what: string, ...statuses: number[]): Answer {
  if (!statuses.includes(answer.status))
    throw new Error(`${what}: ${answer.status} ${answer.headers.location ?? ''} ${answer.body.slice(0, 300)}`)
  return answer
}
