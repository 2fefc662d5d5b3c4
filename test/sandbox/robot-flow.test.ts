import { env, waitUntil } from 'cloudflare:workers'
import { Hono } from 'hono'
import { beforeAll, describe, expect, it } from 'vitest'
import { objectCardActivations } from '../../src/card-activation/activations-by-card.object.ts'
import { d1CardBlocks } from '../../src/cards/blocks.d1.ts'
import { d1Devices } from '../../src/ecps/devices.d1.ts'
import { ecpsRoutes } from '../../src/ecps/ecps.routes.ts'
import { objectEnrolments } from '../../src/ecps/enrolment.object.ts'
import { objectProfessionals } from '../../src/ecps/professional.object.ts'
import { professionalName } from '../../src/ecps/professional-name.ts'
import { cookies } from '../../src/http/cookies.ts'
import { digest } from '../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { ClientId, type ObjectName } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'
import { d1Acquaintances } from '../../src/mire/acquaintances.d1.ts'
import { objectApprovals } from '../../src/mire/approvals.object.ts'
import { objectInteractions, objectLogins } from '../../src/mire/login.object.ts'
import { d1Passkeys } from '../../src/passkeys/passkeys.d1.ts'
import { d1Directory } from '../../src/rpps/directory.d1.ts'
import type { SandboxEnv } from '../../src/sandbox/environment.ts'
import { objectOutbox } from '../../src/sandbox/outbox.object.ts'
import { objectPhones } from '../../src/sandbox/robot.object.ts'
import { d1Roster } from '../../src/sandbox/roster.d1.ts'
import { sandboxRoutes } from '../../src/sandbox/sandbox.routes.tsx'
import { objectScreen } from '../../src/sandbox/screen.object.ts'
import { PERSON } from './person.ts'

const bindings = env as SandboxEnv
const issuer = 'http://localhost:8787'
const clock = systemClock
const entropy = systemEntropy
const trail = { record: () => {} }
const name = professionalName(bindings.NAMING_KEY)

const outbox = objectOutbox(bindings.OUTBOX)
const directory = d1Directory(bindings.DB)
const acquaintances = d1Acquaintances(bindings.DB)
const interactions = objectInteractions(bindings.LOGIN)
const logins = objectLogins(bindings.LOGIN, { entropy, clock, trail })
const roster = d1Roster(bindings.DB, clock)

/** The e-CPS as it is, with messages that reach the outbox without a queue. */
const ecps = ecpsRoutes({
  policy: { rpId: 'localhost', rpName: 'Serment', origin: issuer },
  clock,
  entropy,
  deviceLifetime: 94_608_000,
  directory,
  passkeys: d1Passkeys(bindings.DB),
  devices: d1Devices(bindings.DB),
  enrolments: objectEnrolments({ namespace: bindings.ENROLMENT, entropy }),
  cardActivations: objectCardActivations(bindings.CARD_ACTIVATION, bindings.PAIRING, {
    entropy,
    blocks: d1CardBlocks(bindings.DB),
  }),
  professionals: objectProfessionals({ namespace: bindings.PROFESSIONAL, name, entropy }),
  approvals: objectApprovals(bindings.LOGIN, bindings.PAIRING, { acquaintances, clock, trail }),
  messenger: {
    send: (message) => waitUntil(outbox.append({ id: crypto.randomUUID(), at: clock(), message })),
  },
  trail,
  endSessions: async () => {},
  endBonds: async () => {},
})

const app: Hono = new Hono().route('/', ecps).route(
  '/',
  sandboxRoutes({
    issuer,
    secure: false,
    product: 'Serment',
    cookies: cookies(false),
    demos: [],
    example: PERSON.nationalId,
    roster,
    specials: () => undefined,
    outbox,
    robots: {
      issuer,
      fetchApp: async (request) => app.fetch(request, env),
      outbox,
      clock,
      entropy,
      pause: (milliseconds) => scheduler.wait(milliseconds / 10),
      directory,
      phones: objectPhones(bindings.ROBOT, name),
      screen: objectScreen(bindings.LOGIN, { pages: interactions, acquaintances, clock }),
    },
  }),
)

const post = async (path: string, body: unknown) => {
  const response = await app.request(`${issuer}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json<Record<string, string>>() }
}

/** A relying party's browser at the mire. */
async function begin(more: { phishingResistant?: boolean; clientId?: string } = {}) {
  const browser = await digest(newObjectName(entropy))
  const login = await logins.begin({
    request: {
      clientId: ClientId.parse(more.clientId ?? 'dossier-demo'),
      clientName: 'Dossier Démo',
      scope: 'openid scope_all',
      phishingResistant: more.phishingResistant ?? false,
      loginHint: undefined,
      uiLocales: undefined,
      returnTo: '{}',
    },
    browser,
    place: NOWHERE,
    description: 'Chrome, Linux',
  })
  return { login, browser, url: `${issuer}/login/${login}` }
}

const robot = async (behaviour: string, nationalId: string = PERSON.nationalId) => {
  const made = await post('/sandbox/robots', { nationalId, behaviour })
  expect(made).toMatchObject({ status: 201, body: { id: expect.any(String) } })
  return made.body.id ?? ''
}

const continued = (login: ObjectName) => `${issuer}/authorize/continue/${login}`

beforeAll(async () => {
  await env.DB.prepare(
    `INSERT INTO practitioner (id, national_id, family_name, given_name, status, email, phone, record, updated_at)
     VALUES (?1, ?1, 'AUBRAC', 'Camille', 'active', 'camille@example.test', '+33600000000', ?2, 0),
            ('810000000026', '810000000026', 'BELLEROSE', 'Noé', 'active', 'noe@example.test', '+33600000001', ?3, 0)`,
  )
    .bind(
      PERSON.nationalId,
      JSON.stringify(PERSON),
      JSON.stringify({
        ...PERSON,
        id: '810000000026',
        nationalId: '810000000026',
        familyName: 'BELLEROSE',
        givenName: 'Noé',
      }),
    )
    .run()
})

describe('a robot', () => {
  it('activates an e-CPS for a person who has none, once', async () => {
    await Promise.all([robot('approve'), robot('deny'), robot('approve')])
    const devices = await env.DB.prepare('SELECT practitioner_id, activation_mode FROM device').all()
    expect(devices.results).toEqual([{ practitioner_id: PERSON.nationalId, activation_mode: 'CONTACT' }])
    expect((await roster.list('AUBRAC'))[0]?.ecps).toBe(true)
  })

  it('approves: the login is proved by MOBILE, the disclosure read, and the browser goes on', async () => {
    const { login, browser, url } = await begin()
    const id = await robot('approve')
    expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toEqual({
      status: 200,
      body: { outcome: 'approved', continueUrl: continued(login) },
    })
    expect(await logins.collect(login, browser)).toMatchObject({
      outcome: 'proved',
      authentication: { authMode: 'MOBILE', practitioner: { nationalId: PERSON.nationalId } },
    })
  })

  it('approves again and again: the service is known by then', async () => {
    const id = await robot('approve')
    for (let i = 0; i < 3; i++) {
      const { login, browser, url } = await begin()
      expect((await post(`/sandbox/robots/${id}/sign-in`, { url })).body.outcome).toBe('approved')
      expect((await logins.collect(login, browser)).outcome).toBe('proved')
    }
  })

  it.each([
    ['deny', 'denied'],
    ['wrong-code', 'wrong-code'],
  ])('told to %s leaves nothing to collect and a mire that says so', async (behaviour, outcome) => {
    const { login, browser, url } = await begin()
    const id = await robot(behaviour, '810000000026')
    expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toEqual({
      status: 200,
      body: { outcome, continueUrl: continued(login) },
    })
    expect(await interactions.look(login, browser)).toMatchObject({ state: { status: outcome } })
    expect((await logins.collect(login, browser)).outcome).toBe('undecided')
  })

  it('waits for its turn when other robots of that person are at work', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const { url } = await begin()
        return (await post(`/sandbox/robots/${await robot('approve')}/sign-in`, { url })).body.outcome
      }),
    )
    expect(outcomes).toEqual(['approved', 'approved', 'approved', 'approved'])
  })

  it('told to ignore attaches its phone and says nothing; the next one is not in its way', async () => {
    const first = await begin()
    const silent = await robot('ignore')
    expect(await post(`/sandbox/robots/${silent}/sign-in`, { url: first.url })).toEqual({
      status: 200,
      body: { outcome: 'ignored' },
    })
    expect(await interactions.look(first.login, first.browser)).toMatchObject({
      state: { status: 'on-phone' },
    })

    const second = await begin()
    const id = await robot('approve')
    expect((await post(`/sandbox/robots/${id}/sign-in`, { url: second.url })).body.outcome).toBe('approved')
    // Two live requests of one person cancel each other: the silent one is over.
    expect(await interactions.look(first.login, first.browser)).toMatchObject({
      state: { status: 'two-at-once' },
    })
  })

  it('whose e-CPS was revoked activates another, as a person would', async () => {
    const id = await robot('approve')
    await env.DB.prepare('UPDATE device SET revoked_at = 1 WHERE practitioner_id = ?1')
      .bind(PERSON.nationalId)
      .run()
    const { url } = await begin()
    expect((await post(`/sandbox/robots/${id}/sign-in`, { url })).body.outcome).toBe('approved')
  })

  it('at a login that has only the disclosure left reads it and goes on', async () => {
    const { browser, url, login } = await begin({ clientId: 'another-service' })
    const id = await robot('approve')
    await post(`/sandbox/robots/${id}/sign-in`, { url })
    expect((await post(`/sandbox/robots/${id}/sign-in`, { url })).body).toEqual({
      outcome: 'approved',
      continueUrl: continued(login),
    })
    expect((await logins.collect(login, browser)).outcome).toBe('proved')
  })
})

describe('refuses', () => {
  it('a login that never was', async () => {
    const id = await robot('approve')
    const url = `${issuer}/login/${newObjectName(entropy)}`
    expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toMatchObject({
      status: 410,
      body: { error: 'login_gone' },
    })
  })

  it.each(['https://rp.example.test/callback?code=x', 'not a URL', `${issuer}/authorize?client_id=x`])(
    'an address that is no mire’s: %s',
    async (url) => {
      const id = await robot('approve')
      expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toMatchObject({
        status: 400,
        body: { error: 'invalid_url' },
      })
    },
  )

  it('a phone where only phishing-resistant means will do (EAP ACR Values 1.0 §2)', async () => {
    const id = await robot('approve')
    const { url } = await begin({ phishingResistant: true })
    expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toMatchObject({
      status: 409,
      body: { error: 'phone_not_accepted' },
    })
  })

  it('a login that was cancelled', async () => {
    const id = await robot('approve')
    const { login, browser, url } = await begin()
    await interactions.cancel(login, browser)
    expect(await post(`/sandbox/robots/${id}/sign-in`, { url })).toMatchObject({
      status: 409,
      body: { error: 'already_decided' },
    })
  })

  it('another robot of the same phone that nobody made', async () => {
    const id = await robot('approve')
    const { url } = await begin()
    const forged = `${id.split('.')[0]}.${'A'.repeat(22)}`
    expect(await post(`/sandbox/robots/${forged}/sign-in`, { url })).toMatchObject({ status: 404 })
  })
})
