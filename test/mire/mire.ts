import { env } from 'cloudflare:workers'
import type { AuditEvent } from '../../src/audit/event.ts'
import type { Phones } from '../../src/ecps/professionals.ts'
import { cookies } from '../../src/http/cookies.ts'
import { digest } from '../../src/kernel/digest.ts'
import { newHandle, systemEntropy } from '../../src/kernel/handle.ts'
import { NationalId, type ObjectName, PractitionerId } from '../../src/kernel/identifiers.ts'
import { type Clock, systemClock } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { d1Acquaintances } from '../../src/mire/acquaintances.d1.ts'
import { objectApprovals } from '../../src/mire/approvals.object.ts'
import type { Authentication } from '../../src/mire/authentication.ts'
import { d1Bonds } from '../../src/mire/bonds.d1.ts'
import { objectInteractions, objectLogins } from '../../src/mire/login.object.ts'
import type { LoginRequest } from '../../src/mire/logins.ts'
import { type MireNeeds, mireRoutes } from '../../src/mire/mire.routes.tsx'
import { d1PasskeyOwners } from '../../src/mire/sign-in.d1.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'
import { recordOf } from '../../src/rpps/record.ts'
import { POLICY, SoftwarePasskey } from '../actors/software-passkey.ts'
import { REQUEST } from './logins.ts'

export const ORIGIN = POLICY.origin

type Announced = Awaited<ReturnType<Phones['announce']>>

/** The mire with its real objects and database, in front of phones that a test plays. */
export function mire({
  bindings = env,
  clock = systemClock,
  cardOrigins = ['https://card.example.org:8443'],
}: {
  bindings?: Env
  clock?: Clock
  cardOrigins?: readonly string[]
} = {}) {
  const trail: AuditEvent[] = []
  const record = { record: (event: AuditEvent) => void trail.push(event) }
  const behind: Promise<unknown>[] = []
  const rung: Parameters<Phones['announce']>[0][] = []
  const withdrawn: string[] = []
  const answers: Announced[] = []
  const acquaintances = d1Acquaintances(bindings.DB)
  const logins = objectLogins(bindings.LOGIN, { entropy: systemEntropy, clock, trail: record })
  const approvals = objectApprovals(bindings.LOGIN, bindings.PAIRING, { acquaintances, clock, trail: record })
  const needs: MireNeeds = {
    issuer: ORIGIN,
    productName: 'Serment',
    secure: false,
    cookies: cookies(false),
    cardOrigins,
    policy: POLICY,
    interactions: objectInteractions(bindings.LOGIN),
    owners: d1PasskeyOwners(bindings.DB),
    passkeys: d1Passkeys(bindings.DB),
    acquaintances,
    bonds: d1Bonds(bindings.DB),
    phones: {
      announce: async (input) => {
        rung.push(input)
        return answers.shift() ?? { outcome: 'listed', live: true }
      },
      withdraw: async ({ approval }) => void withdrawn.push(approval),
    },
    approvals,
    trail: record,
    clock,
    entropy: systemEntropy,
    defer: (work) => void behind.push(work),
  }
  const app = mireRoutes(needs)
  return {
    needs,
    logins,
    approvals,
    acquaintances,
    trail,
    rung,
    withdrawn,
    /** What the phones answer to the next calls, in order; then "listed". */
    answers,
    /** Waits for what goes on behind the answers. */
    settled: async () => void (await Promise.all(behind.splice(0))),
    /** A browser that begins a login, as the provider begins it. */
    async begins(over: Partial<LoginRequest> = {}, known?: Authentication): Promise<Visitor> {
      const secret = newHandle(systemEntropy)
      const name = await logins.begin({
        request: { ...REQUEST, ...over },
        browser: await digest(secret),
        place: { ...NOWHERE, city: 'Lyon' },
        description: 'Firefox, Windows',
        ...(known === undefined ? {} : { known }),
      })
      const jar = new Map([[`login-${name.slice(0, 8)}`, String(secret)]])
      return new Visitor(app, name, await digest(secret), jar)
    },
    app,
  }
}

interface Call {
  readonly method?: 'GET' | 'POST'
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** `null` leaves a header out. */
  readonly headers?: Readonly<Record<string, string | null>>
  readonly origin?: string
}

/** A browser in front of one login. */
export class Visitor {
  readonly app: ReturnType<typeof mireRoutes>
  readonly name: ObjectName
  readonly browser: Awaited<ReturnType<typeof digest>>
  readonly jar: Map<string, string>

  constructor(
    app: ReturnType<typeof mireRoutes>,
    name: ObjectName,
    browser: Visitor['browser'],
    jar: Map<string, string>,
  ) {
    this.app = app
    this.name = name
    this.browser = browser
    this.jar = jar
  }

  async call(path = '', { method, form, json, headers = {}, origin = ORIGIN }: Call = {}): Promise<Response> {
    const body =
      form === undefined ? (json === undefined ? undefined : JSON.stringify(json)) : new URLSearchParams(form)
    const verb = method ?? (body === undefined ? 'GET' : 'POST')
    const sent = new Headers({ 'sec-fetch-site': verb === 'POST' ? 'same-origin' : 'none' })
    if (json !== undefined) sent.set('content-type', 'application/json')
    if (this.jar.size > 0)
      sent.set('cookie', [...this.jar].map(([name, value]) => `${name}=${value}`).join('; '))
    for (const [name, value] of Object.entries(headers)) {
      if (value === null) sent.delete(name)
      else sent.set(name, value)
    }
    const request = new Request(`${origin}/login/${this.name}${path}`, {
      method: verb,
      headers: sent,
      body: body ?? null,
      redirect: 'manual',
    })
    const response = await this.app.fetch(request)
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';')
      const equals = pair.indexOf('=')
      this.jar.set(pair.slice(0, equals), decodeURIComponent(pair.slice(equals + 1)))
    }
    return response
  }

  post = (path: string, form: Readonly<Record<string, string>> = {}) =>
    this.call(path, { method: 'POST', form })

  /** The page, with what its script would read from it. */
  async page(path = '') {
    const response = await this.call(path)
    const html = await response.text()
    const data = html.match(/data-login="([^"]*)"/)?.[1]
    const login =
      data === undefined ? undefined : JSON.parse(data.replaceAll('&quot;', '"').replaceAll('&amp;', '&'))
    return { response, html, login, csp: response.headers.get('content-security-policy') ?? '' }
  }

  /** Signs in as the script does, with the challenge of a fresh page. */
  async signsIn(
    key: SoftwarePasskey,
    { trust = false, challenge }: { trust?: boolean; challenge?: string } = {},
  ) {
    const asked = challenge ?? (await this.page()).login.options.challenge
    return this.call('/passkey', { json: { assertion: await key.sign(asked), trust } })
  }
}

let next = 20_000_000_000

/** Someone of the directory, with a passkey. */
export async function professional({
  status = 'active' as 'active' | 'suspended',
  synced = true,
  familyName = 'AUBRAC',
} = {}) {
  next += 1
  const id = PractitionerId.parse(`8${next}`)
  const practitioner: Practitioner = {
    id,
    nationalId: NationalId.parse(id),
    familyName,
    givenName: 'Camille',
    codeCivilite: 'MME',
    otherIds: [],
    exercices: [],
  }
  await env.DB.prepare(
    `INSERT INTO practitioner (id, national_id, family_name, given_name, status, email, phone, record, updated_at)
     VALUES (?, ?, ?, 'Camille', ?, '', '', ?, 0)`,
  )
    .bind(id, id, familyName, status, recordOf(practitioner))
    .run()
  const key = await SoftwarePasskey.registered(id, { synced })
  await d1Passkeys(env.DB).add(key.passkey)
  return { practitioner, key }
}
