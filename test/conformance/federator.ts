import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { compose } from '../../src/compose.ts'
import { d1Devices } from '../../src/ecps/devices.d1.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { CredentialId, DeviceId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { after, systemClock } from '../../src/kernel/instant.ts'
import type { Queued } from '../../src/notifications/queued.ts'
import { getAssertion, type SoftwareCredential } from '../../src/sandbox/authenticator.ts'
import { createDeviceKey } from '../../src/sandbox/device-key.ts'
import { Browser } from '../actors/browser.ts'
import { anEntry, inDirectory } from '../actors/directory.ts'
import { holderOf } from '../actors/passkey-holder.ts'
import { Phone } from '../actors/phone.ts'

export const REDIRECT_URI = 'https://dossier.example.test/callback'
/** RFC 7636 appendix B. */
export const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
export const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const PKCE = { code_challenge: CHALLENGE, code_challenge_method: 'S256' }

const silent = { deliver: async () => 'delivered' as const }
/** Every event of the trail, heard on its way into the queue. */
export const events: AuditEvent[] = []
/** Comes from too many calls a minute, whatever it does. */
export const BUSY_ADDRESS = '192.0.2.66'
const bindings: Partial<Record<PropertyKey, unknown>> = {
  EVENTS: { send: async (sent: Queued) => void (sent.type === 'audit' && events.push(sent.event)) },
  ATTEMPTS: {
    limit: async (asked: RateLimitOptions) =>
      asked.key.includes(BUSY_ADDRESS) ? { success: false } : env.ATTEMPTS.limit(asked),
  },
}
const own = new Proxy(env, { get: (real, name) => bindings[name] ?? Reflect.get(real, name) })
const { app, settings, scheduled } = compose(own, { channel: silent, registrationOpen: true })

export { scheduled }
export const { issuer } = settings
export const fetch = (request: Request) => app.fetch(request, env)
export const newBrowser = () => new Browser(issuer, fetch)

export interface Client {
  readonly client_id: string
  readonly client_secret?: string
}

/** A relying party of its own, confidential and with refresh tokens unless said otherwise. */
export async function registered(metadata: Record<string, unknown> = {}): Promise<Client> {
  const response = await fetch(
    new Request(`${issuer}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Dossier',
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        ...metadata,
      }),
    }),
  )
  expect(response.status).toBe(201)
  return response.json<Client>()
}

let people = 899_700_800_000

/** A professional with a passkey, and a phone whose e-CPS is activated with a passkey of its own. */
export class Person {
  readonly id: PractitionerId
  passkey: SoftwareCredential
  readonly phone: Phone

  constructor(id: PractitionerId, passkey: SoftwareCredential, phone: Phone) {
    this.id = id
    this.passkey = passkey
    this.phone = phone
  }

  static async who(): Promise<Person> {
    people += 1
    const entry = anEntry(String(people))
    await inDirectory(entry)
    const id = PractitionerId.parse(entry.practitioner.id)
    return new Person(id, await holderOf(id, issuer), await activated(id))
  }
}

/** One more phone of this person, as an activation would end. */
export async function activated(practitionerId: PractitionerId): Promise<Phone> {
  const phone = new Phone({ origin: issuer, fetch }, await createDeviceKey())
  phone.credential = await holderOf(practitionerId, issuer)
  const { x = '', y = '' } = phone.device.publicJwk
  const now = systemClock()
  await d1Devices(env.DB).add(
    {
      id: DeviceId.parse(phone.device.id),
      practitionerId,
      credentialId: CredentialId.parse(phone.credential.id),
      name: 'Téléphone',
      activationMode: 'CONTACT',
      createdAt: now,
      expiresAt: after(now, 3600),
      lastUsedAt: undefined,
      revokedAt: undefined,
    },
    { kty: 'EC', crv: 'P-256', x, y },
  )
  return phone
}

/** The parameters of an authorization request in good order, with `change` over them; `undefined` leaves one out. */
export function request(
  { client_id }: Client,
  change: Record<string, string | undefined> = {},
): Record<string, string> {
  const all: Record<string, string | undefined> = {
    response_type: 'code',
    client_id,
    redirect_uri: REDIRECT_URI,
    scope: 'openid scope_all',
    state: 'the state',
    nonce: 'the nonce',
    ...PKCE,
    ...change,
  }
  return Object.fromEntries(
    Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

export const authorize = (browser: Browser, parameters: Record<string, string>): Promise<Response> =>
  browser.ask(`/authorize?${new URLSearchParams(parameters)}`)

export const locationOf = (response: Response): URL => new URL(response.headers.get('location') ?? '', issuer)

/** The answer that a redirect carries to the relying party. */
export const answerOf = (response: Response): Record<string, string> =>
  Object.fromEntries(locationOf(response).searchParams)

/** What the mire's page holds for its script. */
export async function shown(browser: Browser, path: string): Promise<{ html: string; challenge: string }> {
  const html = await (await browser.ask(path)).text()
  const data = /data-login="([^"]*)"/.exec(html)?.[1]?.replaceAll('&quot;', '"') ?? '{}'
  const { options } = JSON.parse(data) as { options?: { challenge: string } }
  return { html, challenge: options?.challenge ?? '' }
}

/** Answers a challenge of the mire with this person's passkey. */
export async function passkeyAnswer(
  browser: Browser,
  path: string,
  person: Person,
  challenge: string,
  { trust = false, headers = {} }: { trust?: boolean; headers?: Record<string, string> } = {},
): Promise<Response> {
  const { credential, response } = await getAssertion(person.passkey, { challenge }, issuer)
  person.passkey = credential
  return browser.ask(`${path}/passkey`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify({ assertion: response, trust }),
  })
}

/** From a redirect to the mire to the answer at the relying party, by passkey. `disclosed`: whether data was shown. */
export async function throughMire(
  browser: Browser,
  asked: Response,
  person: Person,
  options: { trust?: boolean } = {},
): Promise<{ answer: Record<string, string>; disclosed: boolean }> {
  const path = locationOf(asked).pathname
  expect(path).toMatch(/^\/login\//)
  const { challenge } = await shown(browser, path)
  const proved = await passkeyAnswer(browser, path, person, challenge, options)
  const state = await proved.json<{ status: string; disclose: boolean; next: string }>()
  expect(state.status).toBe('proved')
  const next = state.disclose
    ? (await browser.ask(`${path}/acknowledge`, { method: 'POST' })).headers.get('location')
    : state.next
  return { answer: answerOf(await browser.ask(next ?? '')), disclosed: state.disclose }
}

/** A whole sign-in by passkey up to the code. */
export async function codeFor(
  client: Client,
  person: Person,
  change: Record<string, string | undefined> = {},
  browser = newBrowser(),
): Promise<string> {
  const asked = await authorize(browser, request(client, change))
  const direct = answerOf(asked).code
  return direct ?? (await throughMire(browser, asked, person)).answer.code ?? ''
}

export const basic = ({ client_id, client_secret = '' }: Client): Record<string, string> => ({
  authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
})

export interface Tokens {
  readonly access_token: string
  readonly refresh_token: string
  readonly id_token: string
  readonly error?: string
}

/** A token request; the client authenticates by its secret, or is public and names itself. */
export async function token(
  client: Client,
  form: Record<string, string> | URLSearchParams,
): Promise<{ status: number; body: Tokens }> {
  const fields = new URLSearchParams(form)
  if (client.client_secret === undefined) fields.set('client_id', client.client_id)
  const response = await fetch(
    new Request(`${issuer}/token`, {
      method: 'POST',
      body: fields,
      headers: client.client_secret === undefined ? {} : basic(client),
    }),
  )
  return { status: response.status, body: await response.json<Tokens>() }
}

export const redemption = (code: string, change: Record<string, string> = {}) => ({
  grant_type: 'authorization_code',
  code,
  redirect_uri: REDIRECT_URI,
  code_verifier: VERIFIER,
  ...change,
})

export const refreshing = (refresh_token: string) => ({ grant_type: 'refresh_token', refresh_token })

export const userinfo = async (accessToken: string): Promise<Response> =>
  fetch(new Request(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } }))

/** A session as if this many seconds had passed. `code` is any code or refresh token of it. */
export const passes = (code: string, seconds: number): Promise<void> =>
  runInDurableObject(env.SESSION.getByName(code.slice(0, 22)), (object) => {
    object.clock = () => after(systemClock(), seconds)
  })

export const random = () => systemEntropy(16)
