import { env } from 'cloudflare:workers'
import { Hono } from 'hono'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { cookies } from '../../../src/http/cookies.ts'
import { digest } from '../../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../../src/kernel/handle.ts'
import { NationalId, ObjectName, PractitionerId } from '../../../src/kernel/identifiers.ts'
import { after, type Instant, systemClock } from '../../../src/kernel/instant.ts'
import { lifetimesOf } from '../../../src/kernel/lifetimes.ts'
import { d1Acquaintances } from '../../../src/mire/acquaintances.d1.ts'
import type { Authentication, ContextClass } from '../../../src/mire/authentication.ts'
import { objectInteractions, objectLogins } from '../../../src/mire/login.object.ts'
import { authorizationRoutes } from '../../../src/provider/authorization/authorization.routes.tsx'
import { continueRoutes, type SessionOpened } from '../../../src/provider/authorization/continue.routes.tsx'
import { objectPushedRequests } from '../../../src/provider/pushed-authorization/pushed-request.object.ts'
import { fetchedClientKeys } from '../../../src/relying-parties/client-keys.client.ts'
import { register } from '../../../src/relying-parties/registration.ts'
import { d1RelyingParties } from '../../../src/relying-parties/registry.d1.ts'
import type { RelyingParty } from '../../../src/relying-parties/relying-party.ts'
import { objectSessions } from '../../../src/sessions/session.object.ts'
import type { SessionEnded } from '../../../src/sessions/sessions.ts'

export const ISSUER = 'http://localhost:8787'
export const CALLBACK = 'https://dossier.example/cb?own=1'
/** RFC 7636 appendix B. */
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
export const CAMILLE = PractitionerId.parse('899700900012')
export const DOMINIQUE = PractitionerId.parse('899700900020')

const signing = await generateKeyPair('ES256')
const jwks = { keys: [{ ...(await exportJWK(signing.publicKey)), kid: 'k', alg: 'ES256' }] }

export const subjectOf = (practitionerId: string) => `f:store:${practitionerId}`

/** An ID token of ours, long expired, as relying parties send it back. */
export const idToken = (practitionerId: string, audience: string, issuer = ISSUER) =>
  new SignJWT({ iss: issuer, sub: subjectOf(practitionerId), aud: audience, exp: 1 })
    .setProtectedHeader({ alg: 'ES256', kid: 'k' })
    .sign(signing.privateKey)

/** The routes over the real registry, login and session objects; the clock may be moved. */
export function stage() {
  const events: AuditEvent[] = []
  const opened: SessionOpened[] = []
  const ended: SessionEnded[] = []
  const time = { ahead: 0 }
  const clock = () => after(systemClock(), time.ahead)
  const trail = { record: (event: AuditEvent) => void events.push(event) }
  const relyingParties = d1RelyingParties({ database: env.DB, clock, defer: () => undefined })
  const acquaintances = d1Acquaintances(env.DB)
  const sessions = objectSessions(env.SESSION)
  const needs = {
    issuer: ISSUER,
    secure: false,
    productName: 'Serment',
    lifetimes: lifetimesOf({}),
    clock,
    entropy: systemEntropy,
    cookies: cookies(false),
    sessions,
    logins: objectLogins(env.LOGIN, { entropy: systemEntropy, clock, trail }),
    trail,
    relyingParties,
    acquaintances,
    signer: {
      jwks: async () => jwks,
      sign: (claims: JWTPayload, { typ }: { typ: string }) =>
        new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid: 'k', typ }).sign(signing.privateKey),
    },
    clientKeys: fetchedClientKeys({
      clock,
      defer: () => undefined,
      fetch: () => Promise.reject(new TypeError('no network here')),
    }),
    pushed: objectPushedRequests({ namespace: env.PUSHED_REQUEST, entropy: systemEntropy, clock }),
    subjects: { of: async (_party: unknown, practitionerId: string) => subjectOf(practitionerId) },
    onSignedIn: (session: SessionOpened) => void opened.push(session),
    onEnded: (session: SessionEnded) => void ended.push(session),
  }
  const app = new Hono().route('/', authorizationRoutes(needs)).route('/', continueRoutes(needs))

  return {
    app,
    events,
    opened,
    ended,
    time,
    sessions,
    acquaintances,
    /** Registers a service: confidential and compatible unless said otherwise. */
    async service(metadata: Record<string, unknown> = {}): Promise<RelyingParty> {
      const sent = { client_name: 'Dossier Démo', redirect_uris: [CALLBACK], ...metadata }
      const rules = { deployment: 'sandbox', statementKeys: undefined } as const
      const { party } = await register(sent, rules, systemEntropy, systemClock())
      await relyingParties.add(party)
      return party
    },
  }
}

/** A browser: keeps cookies, follows nothing. */
export class Browser {
  readonly cookies = new Map<string, string>()
  readonly #app: Hono
  readonly #headers: Record<string, string>

  constructor(app: Hono, headers: Record<string, string> = {}) {
    this.#app = app
    this.#headers = headers
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { ...this.#headers, ...(cookie === '' ? {} : { cookie }) }
    const response = await this.#app.request(new URL(path, ISSUER).href, { headers, ...init })
    for (const set of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=')
      if (value === '') this.cookies.delete(name)
      else this.cookies.set(name, value)
    }
    return response
  }

  authorize(sent: Record<string, string>): Promise<Response> {
    return this.request(`/authorize?${new URLSearchParams(sent)}`)
  }

  /** The login that the mire was asked for, and the digest that this browser has of it. */
  async login(
    response: Response,
  ): Promise<{ name: ObjectName; browser: Awaited<ReturnType<typeof digest>> }> {
    const name = ObjectName.parse(location(response).pathname.slice('/login/'.length))
    return { name, browser: await digest(this.cookies.get(`login-${name.slice(0, 8)}`) ?? '') }
  }

  /** Plays the mire: someone proves who they are, and was told before what this service gets. */
  async prove(response: Response, who: Authentication): Promise<Response> {
    const { name, browser } = await this.login(response)
    const mire = objectInteractions(env.LOGIN)
    const shown = await mire.view(name, browser)
    if (!('view' in shown)) throw new Error(`the login is ${shown.absent}`)
    const known = { [shown.view.clientId]: 'scope_all' }
    await mire.prove(name, browser, { challenge: shown.view.challenge, authentication: who, known })
    return this.request(`/authorize/continue/${name}`)
  }

  /** Signs in afresh for this request. */
  async signIn(sent: Record<string, string>, who: Authentication = someone()): Promise<Response> {
    return this.prove(await this.authorize(sent), who)
  }
}

export const location = (response: Response) => new URL(response.headers.get('location') ?? '', ISSUER)

/** What came back to the service. */
export const answer = (response: Response): Record<string, string> =>
  Object.fromEntries(location(response).searchParams)

export function someone(
  id: PractitionerId = CAMILLE,
  contextClass: ContextClass = 'eidas1',
  authTime: Instant = systemClock(),
): Authentication {
  return {
    practitioner: {
      id,
      nationalId: NationalId.parse(id),
      familyName: 'EXEMPLE',
      givenName: 'CAMILLE',
      codeCivilite: 'MME',
      otherIds: [],
      exercices: [],
    },
    authMode: contextClass === 'eidas1' ? 'MOBILE' : 'PASSKEY',
    contextClass,
    amr: ['pop'],
    authTime,
  }
}

/** A request as this service would send it. */
export const request = (party: RelyingParty, more: Record<string, string> = {}): Record<string, string> => ({
  response_type: 'code',
  client_id: party.clientId,
  redirect_uri: CALLBACK,
  scope: 'openid scope_all',
  state: 'st',
  nonce: 'no',
  ...more,
})

export const randomName = () => newObjectName(systemEntropy)
