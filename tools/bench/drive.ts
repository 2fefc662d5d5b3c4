import { createHash, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { getAssertion } from '../../src/sandbox/authenticator.ts'
import { expectStatus, Jar, LoopbackClient } from './client.ts'
import { type Bounds, type Measure, measure, Rounds } from './measure.ts'
import { CLIENT, type Ready } from './side.ts'

/** How the two sides differ to a browser. */
export interface Flavour {
  readonly scope: string
  /** The challenge that the login page asks the passkey to sign. */
  challengeOf(page: string): string
  /** Path that takes the assertion, under the login page. */
  readonly answerPath: string
}

export const SERMENT: Flavour = {
  scope: 'openid scope_all',
  challengeOf: (page) => /&quot;challenge&quot;:&quot;([\w-]+)&quot;/.exec(page)?.[1] ?? '',
  answerPath: '/passkey',
}
export const YARDSTICK: Flavour = {
  scope: 'openid profile',
  challengeOf: (page) => /"challenge":"([\w-]+)"/.exec(page)?.[1] ?? '',
  answerPath: '/passkey',
}

const Discovered = z.object({
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  jwks_uri: z.url(),
})
const Answered = z.object({ next: z.string(), disclose: z.boolean().default(false) })
const Tokens = z.object({ access_token: z.string() })

const DISCOVERY = '/.well-known/openid-configuration'
const BASIC = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`
const FORM = 'application/x-www-form-urlencoded'

/** How many codes are made before they are redeemed: few enough that none gets old. */
const ROUND = 64

/** Everything measured at one side, in the order of the table. */
export async function drive(ready: Ready, flavour: Flavour, bounds: Bounds): Promise<Measure[]> {
  const client = new LoopbackClient(ready.issuer, ready.port, bounds.concurrency)
  try {
    const driver = new Driver(client, ready, flavour, await paths(client))
    // Twice before anything is measured: code is compiled, and what is shown once has been seen.
    for (let time = 0; time < 2; time++) await driver.everyoneSignsIn(bounds.concurrency)
    return [
      await measure('sign-in by passkey', bounds, (i) => driver.signIn(i)),
      await measure('authorize, nobody signed in', bounds, () => driver.authorizeAnew()),
      ...(await driver.codesAndTokens(bounds)),
      await measure('userinfo', bounds, (i) => driver.userinfo(i)),
      await measure('jwks', bounds, () => driver.jwks()),
      await measure('discovery', bounds, () => driver.discovery()),
    ]
  } finally {
    client.close()
  }
}

type Paths = Readonly<Record<'authorize' | 'token' | 'userinfo' | 'jwks', string>>

async function paths(client: LoopbackClient): Promise<Paths> {
  const answer = expectStatus(await client.ask(DISCOVERY), 'discovery', 200)
  const found = Discovered.parse(JSON.parse(answer.body))
  const path = (url: string) => new URL(url).pathname
  return {
    authorize: path(found.authorization_endpoint),
    token: path(found.token_endpoint),
    userinfo: path(found.userinfo_endpoint),
    jwks: path(found.jwks_uri),
  }
}

interface Code {
  readonly code: string
  readonly verifier: string
}

class Driver {
  readonly #client: LoopbackClient
  readonly #ready: Ready
  readonly #flavour: Flavour
  readonly #paths: Paths
  /** Browsers that are signed in, one a professional. */
  readonly #jars: Jar[] = []
  #tokens: string[] = []

  constructor(client: LoopbackClient, ready: Ready, flavour: Flavour, at: Paths) {
    this.#client = client
    this.#ready = ready
    this.#flavour = flavour
    this.#paths = at
  }

  /** Every professional in a browser of their own, which then stays signed in. */
  async everyoneSignsIn(concurrency: number): Promise<void> {
    const everyone = this.#ready.credentials.map((_, i) => async () => {
      this.#jars[i] = await this.signIn(i)
    })
    await new Rounds('').add(everyone, concurrency)
  }

  /** From `/authorize` to `/userinfo`, as a browser with no cookie and its service do it. */
  async signIn(i: number): Promise<Jar> {
    const credential = this.#ready.credentials[i % this.#ready.credentials.length]
    if (credential === undefined) throw new Error('nobody to sign in')
    const jar = new Jar()
    const begun = await this.#authorize(jar)
    const login = pathOf(expectStatus(begun.answer, 'authorize', 302, 303).headers.location)
    const page = expectStatus(await this.#browse(login, jar), 'login page', 200)
    const { response } = await getAssertion(
      credential,
      { challenge: this.#flavour.challengeOf(page.body) },
      this.#ready.issuer,
    )
    const answered = expectStatus(
      await this.#browse(
        `${login}${this.#flavour.answerPath}`,
        jar,
        JSON.stringify({ assertion: response, trust: false }),
        'application/json',
      ),
      'passkey',
      200,
    )
    const state = Answered.parse(JSON.parse(answered.body))
    let next = state.next
    if (state.disclose) {
      const acknowledged = await this.#browse(`${login}/acknowledge`, jar, '', FORM)
      next = expectStatus(acknowledged, 'acknowledge', 303).headers.location ?? ''
    }
    const back = expectStatus(await this.#browse(pathOf(next), jar), 'continue', 302, 303)
    const token = await this.#redeem({ code: codeIn(back.headers.location), verifier: begun.verifier })
    await this.#ask(token)
    return jar
  }

  async authorizeAnew(): Promise<void> {
    expectStatus((await this.#authorize(new Jar())).answer, 'authorize', 302, 303)
  }

  /** Signed-in browsers fetch codes; then their services redeem them. In rounds, so that no code is old. */
  async codesAndTokens(bounds: Bounds): Promise<[Measure, Measure]> {
    const authorized = new Rounds('authorize, signed in')
    const redeemed = new Rounds('token')
    // Again: oidc-provider's memory keeps the last thousand things, and the sessions of the warm-up are gone.
    await this.everyoneSignsIn(bounds.concurrency)
    const until = Date.now() + bounds.seconds * 2000
    while (Date.now() < until && redeemed.count < bounds.count) {
      const codes: Code[] = []
      const authorize = Array.from({ length: ROUND }, (_, i) => async () => {
        const { answer, verifier } = await this.#authorize(this.#jars[i % this.#jars.length] ?? new Jar())
        codes.push({ code: codeIn(expectStatus(answer, 'authorize', 302, 303).headers.location), verifier })
      })
      await authorized.add(authorize, bounds.concurrency)
      const tokens: string[] = []
      await redeemed.add(
        codes.map((code) => async () => void tokens.push(await this.#redeem(code))),
        bounds.concurrency,
      )
      this.#tokens = tokens
    }
    return [authorized.result(), redeemed.result()]
  }

  async userinfo(i: number): Promise<void> {
    await this.#ask(this.#tokens[i % this.#tokens.length] ?? '')
  }

  async jwks(): Promise<void> {
    expectStatus(await this.#client.ask(this.#paths.jwks), 'jwks', 200)
  }

  async discovery(): Promise<void> {
    expectStatus(await this.#client.ask(DISCOVERY), 'discovery', 200)
  }

  async #authorize(jar: Jar) {
    const verifier = randomBytes(32).toString('base64url')
    const parameters = new URLSearchParams({
      client_id: CLIENT.id,
      response_type: 'code',
      redirect_uri: CLIENT.redirectUri,
      scope: this.#flavour.scope,
      state: randomBytes(16).toString('base64url'),
      nonce: randomBytes(16).toString('base64url'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    return { verifier, answer: await this.#browse(`${this.#paths.authorize}?${parameters}`, jar) }
  }

  async #redeem({ code, verifier }: Code): Promise<string> {
    const body = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: CLIENT.redirectUri,
      code_verifier: verifier,
    })
    const answer = await this.#client.ask(this.#paths.token, {
      method: 'POST',
      headers: { authorization: BASIC, 'content-type': FORM },
      body: body.toString(),
    })
    return Tokens.parse(JSON.parse(expectStatus(answer, 'token', 200).body)).access_token
  }

  async #ask(token: string): Promise<void> {
    expectStatus(
      await this.#client.ask(this.#paths.userinfo, { headers: { authorization: `Bearer ${token}` } }),
      'userinfo',
      200,
    )
  }

  /** As a browser asks: with its cookies and, when it sends something, saying from where. */
  async #browse(path: string, jar: Jar, body?: string, type?: string) {
    const answer = await this.#client.ask(path, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...jar.header,
        'accept-language': 'fr',
        'user-agent':
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36',
        ...(type === undefined
          ? {}
          : { 'content-type': type, origin: this.#ready.issuer, 'sec-fetch-site': 'same-origin' }),
      },
      body,
    })
    jar.keep(answer)
    return answer
  }
}

function pathOf(location: string | undefined): string {
  const url = new URL(location ?? '', 'http://anywhere')
  return `${url.pathname}${url.search}`
}

function codeIn(location: string | undefined): string {
  const code = new URL(location ?? '', 'http://anywhere').searchParams.get('code')
  if (code === null) throw new Error(`no code in ${location}`)
  return code
}
