import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Trail } from '../audit/trail.ts'
import type { Cookies } from '../http/cookies.ts'
import { pathWithoutLanguage, problemPage } from '../http/oauth-errors.tsx'
import { requestedLanguage } from '../http/requested-language.ts'
import { withPageHeaders } from '../http/security-headers.ts'
import { type Digest, digest } from '../kernel/digest.ts'
import { addressed, type Entropy, newHandle } from '../kernel/handle.ts'
import { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import { comesFromHere } from '../mire/same-origin.ts'
import { ClosedPage, type DeskProps, DonePage, ShownPage, StartPage, TakenPage } from './activation.page.tsx'
import { CARD_ACTIVATION_LIFETIME } from './card-activation.ts'
import type { Absent, Desks } from './desks.ts'
import { type DeskProblem, words } from './words.ts'

export interface CardActivationNeeds {
  readonly issuer: string
  readonly productName: string
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly cookies: Cookies
  /** The host that asks for a card, and a second name of it; none where cards are not accepted. */
  readonly cardOrigins: readonly string[]
  readonly desks: Desks
  readonly trail: Trail
  readonly clock: Clock
  readonly entropy: Entropy
}

/** A browser at an activation: the name in the path, and the digest of what its cookie says. */
interface Visit {
  readonly name: ObjectName
  readonly browser: Digest
}

/** The computer's side of an activation by card: out to the host that asks for it, back, and a QR for the phone. */
export const cardActivationRoutes = (needs: CardActivationNeeds) =>
  new Hono()
    .get('/activation', (context) => start(context, needs))
    .use('/activation', bodyLimit({ maxSize: 1024 }))
    .post('/activation', (context) => begin(context, needs))
    .get('/activation/card', (context) => start(context, needs))
    .get('/activation/:activation', atDesk(needs, showDesk))
    .get('/activation/:activation/state', (context) => state(context, needs))
    .get('/activation/:activation/card/:back', async (context) => {
      await strays(context, needs)
      return atDesk(needs, comeBack)(context)
    })
    .post('/activation/:activation/another', atDesk(needs, another))

async function start(context: Context, needs: CardActivationNeeds): Promise<Response> {
  const query = context.req.query()
  const trouble = 'silent' in query ? 'silent' : 'spent' in query ? 'spent' : undefined
  return show(context, needs, (props) =>
    needs.cardOrigins.length === 0 ? <ClosedPage {...props} /> : <StartPage {...props} trouble={trouble} />,
  )
}

async function begin(context: Context, needs: CardActivationNeeds): Promise<Response> {
  const { desks, cookies, entropy, trail, clock, issuer } = needs
  if (!comesFromHere(context.req.raw.headers, issuer)) return showProblem(context, needs, 'elsewhere')
  if (isElsewhere(context, needs)) return showProblem(context, needs, 'wrong-host')
  const [origin] = needs.cardOrigins
  if (origin === undefined) return context.redirect('/activation', 303)
  const [browser, handle] = [newHandle(entropy), newHandle(entropy)]
  const name = await desks.begin(await digest(browser), await digest(handle))
  // A phone that came late has its ten minutes, and this page shows what became of it.
  cookies.write(context, cookieOf(name), browser, 2 * CARD_ACTIVATION_LIFETIME)
  trail.record({ at: clock(), kind: 'card.asked', detail: 'to activate an e-CPS' })
  // That host has no cookie to know the language by.
  const language = requestedLanguage(context, cookies)
  const url = `${origin}/card/activation/${addressed(name, handle)}?lang=${language}`
  context.header('Cache-Control', 'no-store')
  // The script shows the card without leaving the page; a browser without it follows.
  return context.req.header('accept') === 'application/json'
    ? context.json({ url })
    : context.redirect(url, 303)
}

type Handler = (context: Context, needs: CardActivationNeeds, visit: Visit) => Promise<Response>

/** A browser without a cookie of any activation: the object learns of it too, for this way back has gone astray. */
async function strays(context: Context, needs: CardActivationNeeds): Promise<void> {
  const here = await visit(context, needs)
  const name = ObjectName.safeParse(context.req.param('activation'))
  if (!('problem' in here) || here.problem !== 'other-browser' || !name.success) return
  const back = await digest(context.req.param('back') ?? '')
  await needs.desks.comeBack(name.data, await digest('no cookie'), back)
}

/**
 * Back from the card host. This GET changes something: it is a redirect's end, with a secret good once, in the browser
 * that holds the activation's cookie; whoever is sent this link by somebody else has no such cookie (RFC 9700 §4.7).
 */
const comeBack: Handler = async (context, needs, { name, browser }) => {
  const back = await digest(context.req.param('back') ?? '')
  const came = await needs.desks.comeBack(name, browser, back)
  if ('absent' in came) return showProblem(context, needs, PROBLEM_OF[came.absent])
  context.header('Cache-Control', 'no-store')
  if (came.outcome === 'spent') {
    needs.trail.record({ at: needs.clock(), kind: 'card.refused', detail: 'activation: way back spent' })
    return context.redirect('/activation/card?spent', 303)
  }
  return context.redirect(`/activation/${name}`, 303)
}

const showDesk: Handler = async (context, needs, { name, browser }) => {
  const seen = await needs.desks.view(name, browser)
  if ('absent' in seen) return showProblem(context, needs, PROBLEM_OF[seen.absent])
  const { view } = seen
  switch (view.status) {
    case 'card':
      return context.redirect('/activation', 303)
    case 'shown': {
      const app = `${new URL(needs.issuer).host}/ecps/`
      return show(context, needs, (props) => <ShownPage {...props} view={view} app={app} />)
    }
    case 'taken':
      return show(context, needs, (props) => <TakenPage {...props} view={view} />)
    case 'done':
      return show(context, needs, (props) => <DonePage {...props} view={view} />)
  }
}

const another: Handler = async (context, needs, { name, browser }) => {
  const off = await needs.desks.callOff(name, browser)
  if ('absent' in off) return showProblem(context, needs, PROBLEM_OF[off.absent])
  const { practitionerId } = off
  if (practitionerId !== undefined)
    needs.trail.record({
      at: needs.clock(),
      kind: 'enrolment.refused',
      practitionerId,
      detail: 'called off on the computer',
    })
  return context.redirect(`/activation/${name}`, 303)
}

async function state(context: Context, needs: CardActivationNeeds): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  const here = await visit(context, needs)
  if ('problem' in here) return context.json({ error: here.problem }, 403)
  const seen = await needs.desks.look(here.name, here.browser)
  if (!('absent' in seen)) return context.json({ status: seen.status })
  return seen.absent === 'gone'
    ? context.json({ status: 'gone' }, 410)
    : context.json({ error: seen.absent }, 403)
}

const cookieOf = (name: ObjectName): string => `activation-${name.slice(0, 8)}`

const isElsewhere = (context: Context, { issuer }: CardActivationNeeds): boolean =>
  new URL(context.req.url).host !== new URL(issuer).host

/** Who is at the desk. The object decides whether that browser is the one that began. */
async function visit(
  context: Context,
  needs: CardActivationNeeds,
): Promise<Visit | { readonly problem: DeskProblem }> {
  const name = ObjectName.safeParse(context.req.param('activation'))
  if (!name.success) return { problem: 'over' }
  if (isElsewhere(context, needs)) return { problem: 'wrong-host' }
  const secret = needs.cookies.read(context, cookieOf(name.data))
  return secret === undefined
    ? { problem: 'other-browser' }
    : { name: name.data, browser: await digest(secret) }
}

const atDesk = (needs: CardActivationNeeds, handler: Handler) => async (context: Context) => {
  if (context.req.method === 'POST' && !comesFromHere(context.req.raw.headers, needs.issuer))
    return showProblem(context, needs, 'elsewhere')
  const here = await visit(context, needs)
  return 'problem' in here ? showProblem(context, needs, here.problem) : handler(context, needs, here)
}

const PROBLEM_OF = { gone: 'over', 'other-browser': 'other-browser' } as const satisfies Record<
  Absent,
  DeskProblem
>
const STATUS = {
  over: 410,
  'other-browser': 403,
  'wrong-host': 400,
  elsewhere: 403,
} as const satisfies Record<DeskProblem, number>

/** A page that names what is wrong and says what to do. */
async function showProblem(
  context: Context,
  { issuer, productName, secure, cookies }: CardActivationNeeds,
  problem: DeskProblem,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  const { [problem]: told } = words[language].problems
  const named = (text: string) => text.replaceAll('{host}', new URL(issuer).host)
  return withPageHeaders(context, secure, {}, () =>
    problemPage(context, {
      problem: {
        title: told.title,
        happened: named(told.happened),
        todo: named(told.todo),
        action: { label: words[language].title, href: `${issuer}/activation` },
      },
      language,
      product: productName,
      status: STATUS[problem],
      ...(context.req.method === 'GET' ? { path: pathWithoutLanguage(context) } : {}),
    }),
  )
}

async function show(
  context: Context,
  { productName, secure, cookies, cardOrigins }: CardActivationNeeds,
  page: (props: DeskProps) => JSX.Element,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  context.header('Cache-Control', 'no-store')
  return withPageHeaders(context, secure, { formEnds: cardOrigins, connects: cardOrigins }, () => {
    const nonce = context.get('secureHeadersNonce')
    const path = pathWithoutLanguage(context)
    return context.html(page({ language, product: productName, nonce, path }))
  })
}
