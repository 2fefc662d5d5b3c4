/** A browser without a screen: keeps cookies by name, follows redirects only when told to. */
export class CookieJar {
  readonly #cookies = new Map<string, string>()
  readonly #fetch: typeof fetch

  constructor(fetcher: typeof fetch = fetch) {
    this.#fetch = fetcher
  }

  names(): string[] {
    return [...this.#cookies.keys()]
  }

  value(name: string): string {
    const value = this.#cookies.get(name)
    if (value === undefined) throw new Error(`no cookie ${name}`)
    return value
  }

  async get(url: string | URL): Promise<Response> {
    return this.#ask(url, {})
  }

  /** Posts a form as a page of the same origin would. */
  async post(url: string | URL, fields: Record<string, string>): Promise<Response> {
    const headers = { origin: new URL(url).origin, 'sec-fetch-site': 'same-origin' }
    return this.#ask(url, { method: 'POST', body: new URLSearchParams(fields), headers })
  }

  async #ask(url: string | URL, init: { method?: string; body?: URLSearchParams; headers?: object }) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await this.#fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...init.headers, cookie },
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';')
      const at = pair.indexOf('=')
      if (/max-age=0/i.test(line)) this.#cookies.delete(pair.slice(0, at))
      else this.#cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  /** Where `url` redirects to, absolute. Throws with the page's text when it does not. */
  async redirect(url: string | URL): Promise<URL> {
    const response = await this.get(url)
    const location = response.headers.get('location')
    if (location === null)
      throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 600)}`)
    return new URL(location, url)
  }
}
