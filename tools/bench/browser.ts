import * as z from 'zod'
import { getAssertion } from '../../src/sandbox/authenticator.ts'
import { type Answer, expectStatus, FORM, Jar, type LoopbackClient } from './client.ts'
import type { Flavour } from './flavour.ts'
import type { Person } from './side.ts'

const Answered = z.object({ next: z.string(), disclose: z.boolean().default(false) })

/** One browser: its cookies, and somebody with a passkey in front of it. */
export class Browser {
  readonly #client: LoopbackClient
  readonly #flavour: Flavour
  readonly #jar = new Jar()

  constructor(client: LoopbackClient, flavour: Flavour) {
    this.#client = client
    this.#flavour = flavour
  }

  /** Follows a service's link; answers where it leads. */
  async follow(path: string, what = 'authorize'): Promise<URL> {
    return targetOf(expectStatus(await this.#ask(path), what, 302, 303))
  }

  /** The same with nobody signed in: through the login page, by passkey, to the service. Answers the code. */
  async signIn(path: string, { credential }: Person): Promise<string> {
    const login = pathOf(await this.follow(path))
    const page = expectStatus(await this.#ask(login), 'login page', 200)
    const { response } = await getAssertion(
      credential,
      { challenge: this.#flavour.challengeOf(page.body) },
      this.#client.issuer.origin,
    )
    const body = JSON.stringify({ assertion: response, trust: false })
    const answer = await this.#ask(`${login}${this.#flavour.answerPath}`, body, 'application/json')
    const state = Answered.parse(JSON.parse(expectStatus(answer, 'passkey', 200).body))
    const next = state.disclose
      ? onwardOf(expectStatus(await this.#ask(`${login}/acknowledge`, '', FORM), 'acknowledge', 200))
      : new URL(state.next, this.#client.issuer)
    return codeIn(await this.follow(pathOf(next), 'continue'))
  }

  /** As a browser asks: with its cookies and, when it sends something, saying from where. */
  async #ask(path: string, body?: string, type?: string): Promise<Answer> {
    const answer = await this.#client.ask(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...this.#jar.header,
        'accept-language': 'fr',
        'user-agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36',
        ...(type === undefined
          ? {}
          : { 'content-type': type, origin: this.#client.issuer.origin, 'sec-fetch-site': 'same-origin' }),
      },
      body,
    })
    this.#jar.keep(answer)
    return answer
  }
}

const targetOf = ({ headers }: Answer) => new URL(headers.location ?? '', 'http://anywhere')
/** Where a page leads that leads on by itself. */
const onwardOf = ({ headers }: Answer) =>
  new URL(/^0; url=(.+)$/.exec(String(headers.refresh))?.[1] ?? '', 'http://anywhere')
const pathOf = (url: URL) => `${url.pathname}${url.search}`

/** The code of an answer to a service. */
export function codeIn(url: URL): string {
  const code = url.searchParams.get('code')
  if (code === null) throw new Error(`no code in ${url}`)
  return code
}
