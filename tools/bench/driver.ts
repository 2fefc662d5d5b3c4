import * as z from 'zod'
import { CIBA_GRANT } from '../../src/protocol/oauth/backchannel-metadata.ts'
import { Browser, codeIn } from './browser.ts'
import { expectStatus, type LoopbackClient } from './client.ts'
import { DISCOVERY, type Endpoints, endpoints } from './endpoints.ts'
import type { Flavour } from './flavour.ts'
import { type Bounds, type Measure, Rounds } from './measure.ts'
import { CLIENT, SERVER } from './registered.ts'
import { SecretService, type Service, StrictService, type Tokens } from './services.ts'
import type { Person, Ready } from './side.ts'

const Introspected = z.object({ active: z.literal(true) })
const Acknowledged = z.object({ auth_req_id: z.string() })

/** What a service shows, and the phone picks; two digits are what Serment makes a choice of. */
const CODE = '47'

/** How many codes are made before they are redeemed: few enough that none gets old. */
const ROUND = 64

/** Everything that is done at a side, each thing once a call; whatever is not answered as it should be throws. */
export class Driver {
  readonly #client: LoopbackClient
  readonly #people: readonly Person[]
  readonly #flavour: Flavour
  readonly #endpoints: Endpoints
  readonly #service: SecretService
  readonly #server: SecretService
  readonly #strict: StrictService
  /** Browsers that are signed in, one a person. */
  readonly #browsers: Browser[] = []
  /** The end of what each person is doing. */
  readonly #busy = new Map<Person, Promise<unknown>>()
  /** Access tokens of the last codes. */
  #accessTokens: string[] = []
  /** What the server holds: a token a chain of refreshing. */
  #held: Tokens[] = []

  private constructor(
    client: LoopbackClient,
    people: readonly Person[],
    flavour: Flavour,
    at: Endpoints,
    strict: StrictService,
  ) {
    this.#client = client
    this.#people = people
    this.#flavour = flavour
    this.#endpoints = at
    this.#service = new SecretService({ client, endpoints: at }, CLIENT)
    this.#server = new SecretService({ client, endpoints: at }, SERVER)
    this.#strict = strict
  }

  static async at(client: LoopbackClient, ready: Ready, flavour: Flavour): Promise<Driver> {
    const found = await endpoints(client)
    const strict = await StrictService.with({ client, endpoints: found }, ready.serviceKey)
    return new Driver(client, ready.people, flavour, found, strict)
  }

  /** Every person in a browser of their own, which then stays signed in. */
  async everyoneSignsIn(concurrency: number): Promise<void> {
    const everyone = this.#people.map((_, i) => async () => {
      this.#browsers[i] = await this.signIn(i)
    })
    await new Rounds('').add(everyone, concurrency)
  }

  /** From `/authorize` to `/userinfo`, as a browser with no cookie and its service do it. */
  async signIn(i: number): Promise<Browser> {
    const { browser, tokens } = await this.#tokensOf(this.#service, i)
    await this.#service.userinfo(tokens.access_token)
    return browser
  }

  /** The same by PAR, `private_key_jwt` and DPoP. */
  async signInStrictly(i: number): Promise<void> {
    const { tokens } = await this.#tokensOf(this.#strict, i)
    await this.#strict.userinfo(tokens.access_token)
  }

  async authorizeAnew(): Promise<void> {
    const { path } = await this.#service.ask(this.#flavour.scope)
    await new Browser(this.#client, this.#flavour).follow(path)
  }

  /** Signed-in browsers fetch codes; then their services redeem them. In rounds, so that no code is old. */
  async codesAndTokens(bounds: Bounds): Promise<[Measure, Measure]> {
    const authorized = new Rounds('authorize, signed in')
    const redeemed = new Rounds('token')
    // Again: oidc-provider's memory keeps the last thousand things, and the sessions of the warm-up are gone.
    await this.everyoneSignsIn(bounds.concurrency)
    const until = Date.now() + bounds.seconds * 2000
    while (Date.now() < until && redeemed.count < bounds.count) {
      const codes: { readonly code: string; readonly verifier: string }[] = []
      const authorize = Array.from({ length: ROUND }, (_, i) => async () => {
        const { path, verifier } = await this.#service.ask(this.#flavour.scope)
        const browser = this.#browsers[i % this.#browsers.length]
        if (browser === undefined) throw new Error('nobody is signed in')
        codes.push({ code: codeIn(await browser.follow(path)), verifier })
      })
      await authorized.add(authorize, bounds.concurrency)
      const tokens: string[] = []
      const redeem = codes.map(({ code, verifier }) => async () => {
        tokens.push((await this.#service.redeem(code, verifier)).access_token)
      })
      await redeemed.add(redeem, bounds.concurrency)
      this.#accessTokens = tokens
    }
    return [authorized.result(), redeemed.result()]
  }

  async userinfo(i: number): Promise<void> {
    await this.#service.userinfo(this.#accessTokens[i % this.#accessTokens.length] ?? '')
  }

  async clientCredentials(): Promise<void> {
    await this.#server.tokens({ grant_type: 'client_credentials' })
  }

  /** As many people as refresh at once sign in at the server. */
  async serverSignsIn(concurrency: number): Promise<void> {
    this.#held = []
    for (let i = 0; i < concurrency; i++) this.#held.push((await this.#tokensOf(this.#server, i)).tokens)
  }

  /** Each refresh token is used once, and the next one is what it gave. */
  async refresh(): Promise<void> {
    const refresh_token = this.#held.shift()?.refresh_token
    if (refresh_token === undefined) throw new Error('no refresh token')
    this.#held.push(await this.#server.tokens({ grant_type: 'refresh_token', refresh_token }))
  }

  async introspect(i: number): Promise<void> {
    const token = this.#held[i % this.#held.length]?.access_token ?? ''
    Introspected.parse(await this.#server.post('introspect', { token }))
  }

  /** The server asks, the person says yes on the phone, the server collects. */
  async backchannel(i: number): Promise<void> {
    const person = this.#person(i)
    // Two requests at once to one phone would end each other.
    const work = (this.#busy.get(person) ?? Promise.resolve()).then(async () => {
      const { auth_req_id } = Acknowledged.parse(
        await this.#server.post('backchannel', {
          scope: this.#flavour.scope,
          login_hint: person.hint,
          binding_message: CODE,
        }),
      )
      await this.#flavour.approve(this.#client, person, CODE)
      await this.#server.tokens({ grant_type: CIBA_GRANT, auth_req_id })
    })
    this.#busy.set(person, work)
    await work
  }

  async jwks(): Promise<void> {
    expectStatus(await this.#client.ask(this.#endpoints.jwks), 'jwks', 200)
  }

  async discovery(): Promise<void> {
    expectStatus(await this.#client.ask(DISCOVERY), 'discovery', 200)
  }

  #person(i: number): Person {
    const person = this.#people[i % this.#people.length]
    if (person === undefined) throw new Error('nobody to sign in')
    return person
  }

  async #tokensOf(service: Service, i: number) {
    const browser = new Browser(this.#client, this.#flavour)
    const { path, verifier } = await service.ask(this.#flavour.scope)
    const code = await browser.signIn(path, this.#person(i))
    return { browser, tokens: await service.redeem(code, verifier) }
  }
}
