import type { Call } from './counting-env.ts'

/** A browser without a screen, in front of an app in this process: keeps cookies, follows nothing by itself. */
export class Browser {
  readonly #cookies = new Map<string, string>()
  readonly #origin: string
  readonly #fetch: (request: Request) => Response | Promise<Response>

  constructor(origin: string, fetch: (request: Request) => Response | Promise<Response>) {
    this.#origin = origin
    this.#fetch = fetch
  }

  async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('cookie', [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '))
    headers.set('accept', headers.get('accept') ?? 'text/html')
    if (init.method === 'POST') {
      headers.set('origin', this.#origin)
      headers.set('sec-fetch-site', 'same-origin')
    }
    const response = await this.#fetch(
      new Request(new URL(path, this.#origin), { ...init, headers, redirect: 'manual' }),
    )
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0/i.test(line)) this.#cookies.delete(pair.slice(0, at))
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return goingOn(response)
  }

  cookie(name: string): string | undefined {
    return this.#cookies.get(name)
  }

  forget(name: string): void {
    this.#cookies.delete(name)
  }
}

/** A page that leads on by itself says where, as a redirect does. */
function goingOn(response: Response): Response {
  const [, to] = /^0; *url=(.+)$/i.exec(response.headers.get('refresh') ?? '') ?? []
  if (to === undefined) return response
  const headers = new Headers(response.headers)
  headers.set('location', to)
  return new Response(response.body, { status: response.status, headers })
}

/** How many calls of each kind were made, and what they were (for the message of a failure). */
export const tally = (calls: readonly Call[]) => ({
  objects: calls.filter((call) => call.kind === 'object').map((call) => call.what),
  queries: calls.filter((call) => call.kind === 'query').map((call) => call.what),
})
