import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as z from 'zod'
import type { Cookies } from '../http/cookies.ts'
import { requestedLanguage } from '../http/requested-language.ts'
import { pageHeaders } from '../http/security-headers.ts'
import { NationalId } from '../kernel/identifiers.ts'
import { PROFESSIONS } from '../rpps/code-systems.ts'
import { OutboxPage } from './outbox.page.tsx'
import type { Outbox } from './outbox.ts'
import { PeoplePage } from './people.page.tsx'
import { BEHAVIOURS, makeRobot, type RobotNeeds, type RobotRefusal, signIn } from './robot.ts'
import { approve } from './robot-approval.ts'
import type { Roster, Specials } from './roster.ts'
import { type Demo, StartPage } from './start.page.tsx'

export interface SandboxNeeds {
  readonly issuer: string
  readonly secure: boolean
  readonly product: string
  readonly cookies: Cookies
  readonly demos: readonly Demo[]
  /** The national id of a person whom the start page's examples can use. */
  readonly example: string
  readonly roster: Roster
  readonly specials: Specials
  readonly outbox: Outbox
  readonly robots: RobotNeeds
}

const MakeRobot = z.strictObject({
  nationalId: NationalId,
  behaviour: z.enum(BEHAVIOURS).default('approve'),
})
const SignIn = z.strictObject({ url: z.string().max(2000) })
const Approve = z.strictObject({ code: z.string().max(8).optional() })

/** The sandbox's own pages and its robots. Never part of production: only sandbox/compose.ts mounts it. */
export const sandboxRoutes = (needs: SandboxNeeds) => {
  const { issuer, secure, product, cookies } = needs
  const page = (c: Context) => ({
    language: requestedLanguage(c, cookies),
    product,
    nonce: c.get('secureHeadersNonce'),
  })
  const start = (c: Context) =>
    c.html(<StartPage {...page(c)} issuer={issuer} demos={needs.demos} example={needs.example} />)

  return new Hono()
    .use('/', pageHeaders(secure))
    .use('/sandbox', pageHeaders(secure))
    .use('/sandbox/*', pageHeaders(secure), bodyLimit({ maxSize: 10_000 }))
    .get('/', start)
    .get('/sandbox', start)

    .get('/sandbox/people', async (c) => {
      const search = (c.req.query('q') ?? '').slice(0, 80)
      const people = await needs.roster.list(search)
      if (!wantsJson(c))
        return c.html(<PeoplePage {...page(c)} specials={needs.specials} people={people} search={search} />)
      return c.json({
        people: people.map((person) => ({
          nationalId: person.nationalId,
          name: `${person.givenName} ${person.familyName}`,
          familyName: person.familyName,
          givenName: person.givenName,
          professions: person.professions.map((code) => ({
            code,
            label: PROFESSIONS[code] ?? { fr: code, en: code },
          })),
          special: needs.specials(person.nationalId) ?? null,
          status: person.status,
          contactable: person.contactable,
          ecps: person.ecps,
        })),
      })
    })

    .get('/sandbox/outbox', async (c) => {
      const entries = await needs.outbox.list()
      if (wantsJson(c))
        return c.json({ messages: entries.map(({ id, at, message }) => ({ id, at, ...message })) })
      c.header('refresh', '4')
      return c.html(<OutboxPage {...page(c)} entries={entries} />)
    })

    .post('/sandbox/robots', async (c) => {
      const asked = MakeRobot.safeParse(await bodyOf(c))
      if (!asked.success) return invalid(c, asked.error)
      const made = await makeRobot(needs.robots, asked.data.nationalId, asked.data.behaviour)
      return 'refused' in made ? refused(c, made) : c.json(made, 201)
    })

    .post('/sandbox/robots/:id/sign-in', async (c) => {
      const asked = SignIn.safeParse(await bodyOf(c))
      if (!asked.success) return invalid(c, asked.error)
      const done = await signIn(needs.robots, c.req.param('id'), asked.data.url)
      return 'refused' in done ? refused(c, done) : c.json(done)
    })

    .post('/sandbox/robots/:id/approve', async (c) => {
      const asked = Approve.safeParse(await bodyOf(c))
      if (!asked.success) return invalid(c, asked.error)
      const done = await approve(needs.robots, c.req.param('id'), asked.data.code)
      return 'refused' in done ? refused(c, done) : c.json(done)
    })
}

/** Browsers name text/html; curl, fetch and test clients do not, and get JSON. */
const wantsJson = (c: Context): boolean =>
  c.req.query('format') === 'json' || !(c.req.header('accept') ?? '').includes('text/html')

const bodyOf = (c: Context): Promise<unknown> => c.req.json().catch(() => undefined)

const invalid = (c: Context, error: z.ZodError) =>
  c.json(
    { error: 'invalid_request', error_description: `Not the JSON expected here. ${z.prettifyError(error)}` },
    400,
  )

/** What each refusal means for the developer whose test meets it. */
const REFUSALS = {
  unknown_person: [404, 'No professional has this national id. GET /sandbox/people lists them.'],
  suspended_person: [
    409,
    'This professional is suspended: no e-CPS can be activated. Choose another in /sandbox/people.',
  ],
  no_contact_details: [
    409,
    'The directory has no e-mail or no phone for this professional, so codes cannot be sent.',
  ],
  unknown_robot: [404, 'No robot has this id. POST /sandbox/robots makes one.'],
  phone_busy: [
    503,
    'Too many robots of this professional are at work. Give parallel tests people of their own.',
  ],
  no_request: [
    404,
    'No request with this code reached the phone in five seconds. Was it for this professional, with this binding_message? Two live requests of one person end each other, and three that nobody approved silence a service for a quarter of an hour.',
  ],
  invalid_url: [400, 'Give the URL that /authorize redirected to: <issuer>/login/<name>.'],
  login_gone: [410, 'This login has ended or never was. Begin again at /authorize.'],
  already_decided: [
    409,
    'This login was decided already. Open its continueUrl, or begin again at /authorize.',
  ],
  phone_not_accepted: [
    409,
    'This login takes no phone: the service asked for phishing-resistant means (acr_values phr, phrh), or the phone was asked five times already.',
  ],
  ecps_refused: [409, 'The e-CPS refused, as it would a phone; `reason` is its own word.'],
} as const satisfies Record<RobotRefusal['refused'], readonly [number, string]>

function refused(c: Context, refusal: RobotRefusal) {
  const [status, description] = REFUSALS[refusal.refused]
  const reason = 'reason' in refusal ? { reason: refusal.reason } : {}
  return c.json({ error: refusal.refused, error_description: description, ...reason }, status)
}
