import { env } from 'cloudflare:workers'
import { base64url } from 'jose'
import { compose } from '../../src/compose.ts'
import { digest } from '../../src/kernel/digest.ts'
import { ClientId, ObjectName } from '../../src/kernel/identifiers.ts'
import { type Instant, systemClock } from '../../src/kernel/instant.ts'
import { d1Acquaintances } from '../../src/mire/acquaintances.d1.ts'
import type { Authentication, ContextClass } from '../../src/mire/authentication.ts'
import { objectInteractions } from '../../src/mire/login.object.ts'
import { Browser } from './browser.ts'
import { type Call, countingEnv } from './counting-env.ts'
import { anEntry } from './directory.ts'
import { REDIRECT_URI, Service } from './service.ts'

/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

type Outbound = (url: string, init: RequestInit) => Promise<Response>

/** The composed application over real storage; its network is an actor, and every address that it asks is written down. */
export function world(outbound: Outbound = async () => new Response(null, { status: 503 })) {
  const counted = countingEnv(env)
  const asked: string[] = []
  const composed = compose(counted.env, {
    channel: { deliver: async () => 'delivered' as const },
    registrationOpen: true,
    outbound: (url, init) => {
      asked.push(url)
      return outbound(url, init)
    },
  })
  const { issuer } = composed.settings
  const fetch = async (request: Request) => composed.app.fetch(request, counted.env)
  return {
    issuer,
    composed,
    asked,
    calls: counted.calls as readonly Call[],
    fetch,
    /** The network as oauth4webapi takes it. */
    network: (url: string, init: RequestInit) => fetch(new Request(url, init)),
    browser: () => new Browser(issuer, fetch),
    service: (metadata: Record<string, unknown> = {}) => Service.register(composed, metadata, counted.env),
    /** Somebody who was told before what this service gets. */
    acquainted: async (who: Authentication, service: Service, scope = 'scope_all') =>
      d1Acquaintances(env.DB).remember(
        who.practitioner.id,
        ClientId.parse(service.clientId),
        scope,
        systemClock(),
      ),
  }
}
export type World = ReturnType<typeof world>

export function someone(
  contextClass: ContextClass = 'phr',
  authTime: Instant = systemClock(),
): Authentication {
  return {
    practitioner: anEntry().practitioner,
    authMode: contextClass === 'eidas1' ? 'MOBILE' : 'PASSKEY',
    contextClass,
    amr: ['pop', 'user', 'mfa'],
    authTime,
  }
}

/** A request as a service of Pro Santé Connect would send it, but for what is said. */
export const request = (service: Service, more: Record<string, string> = {}): Record<string, string> => ({
  response_type: 'code',
  client_id: service.clientId,
  redirect_uri: REDIRECT_URI,
  scope: 'openid scope_all',
  state: 'the state',
  nonce: 'the nonce',
  ...more,
})

export const authorize = (browser: Browser, sent: Record<string, string>): Promise<Response> =>
  browser.ask(`/authorize?${new URLSearchParams(sent)}`)

export const locationOf = (response: Response) =>
  new URL(response.headers.get('location') ?? 'about:blank', 'http://localhost:8787')

/** What came back to the service in the query. */
export const answer = (response: Response): Record<string, string> =>
  Object.fromEntries(locationOf(response).searchParams)

export const toMire = (response: Response): boolean => locationOf(response).pathname.startsWith('/login/')

/** What came back to the service in a form. */
export async function posted(
  response: Response,
): Promise<{ action: string; fields: Record<string, string> }> {
  const page = await response.text()
  const text = (html = '') => html.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  const fields = [...page.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)]
  return {
    action: text(/<form method="post" action="([^"]*)"/.exec(page)?.[1]),
    fields: Object.fromEntries(fields.map(([, name = '', value]) => [name, text(value)])),
  }
}

/** Plays the mire: someone proves who they are, and was told before what is shared (or is not, with `known` false). */
export async function prove(
  browser: Browser,
  response: Response,
  who: Authentication = someone(),
  known = true,
): Promise<Response> {
  const name = ObjectName.parse(locationOf(response).pathname.slice('/login/'.length))
  const cookie = await digest(browser.cookie(`login-${name.slice(0, 8)}`) ?? '')
  const mire = objectInteractions(env.LOGIN)
  const shown = await mire.view(name, cookie)
  if (!('view' in shown)) throw new Error(`the login is ${shown.absent}`)
  const acquaintance = known ? { [shown.view.clientId]: 'scope_all' } : {}
  await mire.prove(name, cookie, {
    challenge: shown.view.challenge,
    authentication: who,
    known: acquaintance,
  })
  // Asked to read all the same (prompt=consent), they do.
  if (known) await mire.acknowledge(name, cookie)
  return browser.ask(`/authorize/continue/${name}`)
}

/** Signs in afresh for this request; answers what the browser gets on its way back to the service. */
export async function signIn(
  browser: Browser,
  sent: Record<string, string>,
  who: Authentication = someone(),
): Promise<Response> {
  return prove(browser, await authorize(browser, sent), who)
}

/** The claims of a JWT, unverified: for looking only. */
export const claimsOf = (jwt: string): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(base64url.decode(jwt.split('.')[1] ?? ''))) as Record<string, unknown>
