import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Cookies } from '../http/cookies.ts'
import { formFields } from '../http/form.ts'
import { pathWithoutLanguage, problemPage } from '../http/oauth-errors.tsx'
import { requestedLanguage } from '../http/requested-language.ts'
import { withPageHeaders } from '../http/security-headers.ts'
import { type Digest, digest } from '../kernel/digest.ts'
import { addressed, type Entropy, newHandle } from '../kernel/handle.ts'
import { ObjectName } from '../kernel/identifiers.ts'
import { comesFromHere } from '../mire/same-origin.ts'
import { type AnswerNeeds, answer, waitingRequests } from './answer.ts'
import { ClosedPage, EndPage, type RequestsProps, StartPage, WaitingPage } from './requests.page.tsx'
import { OPEN_LIFETIME, VISIT_LIFETIME } from './visit.ts'
import type { Absent } from './visits.ts'
import { type VisitProblem, words } from './words.ts'

export interface RequestsNeeds extends AnswerNeeds {
  readonly issuer: string
  readonly productName: string
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly cookies: Cookies
  /** The host that asks for a card, and a second name of it; none where cards are not accepted. */
  readonly cardOrigins: readonly string[]
  readonly entropy: Entropy
}

/** A browser at a visit: the name in the path, and the digest of what its cookie says. */
interface At {
  readonly name: ObjectName
  readonly browser: Digest
}

/** "A service waits for my card": out to the host that asks for it, back, and the answer. */
export const requestsRoutes = (needs: RequestsNeeds) =>
  new Hono()
    .use('/requests/*', bodyLimit({ maxSize: 4096 }))
    .get('/requests', (context) => start(context, needs))
    .post('/requests', (context) => begin(context, needs))
    .get('/requests/:visit', there(needs, list))
    .post('/requests/:visit', there(needs, decide))
    .get('/requests/:visit/card/:back', async (context) => {
      await strays(context, needs)
      return there(needs, comeBack)(context)
    })

const start = (context: Context, needs: RequestsNeeds): Promise<Response> =>
  show(context, needs, (props) =>
    needs.cardOrigins.length === 0 ? (
      <ClosedPage {...props} />
    ) : (
      <StartPage {...props} isSpent={context.req.query('spent') !== undefined} />
    ),
  )

async function begin(context: Context, needs: RequestsNeeds): Promise<Response> {
  const { visits, cookies, entropy, trail, clock, issuer } = needs
  if (!comesFromHere(context.req.raw.headers, issuer)) return showProblem(context, needs, 'elsewhere')
  if (isElsewhere(context, needs)) return showProblem(context, needs, 'wrong-host')
  const [origin] = needs.cardOrigins
  if (origin === undefined) return context.redirect('/requests', 303)
  const [browser, handle] = [newHandle(entropy), newHandle(entropy)]
  const name = await visits.begin(await digest(browser), await digest(handle))
  cookies.write(context, cookieOf(name), browser, VISIT_LIFETIME + OPEN_LIFETIME)
  trail.record({ at: clock(), kind: 'card.asked', detail: 'to answer a service' })
  context.header('Cache-Control', 'no-store')
  // That host has no cookie to know the language by.
  const language = requestedLanguage(context, cookies)
  return context.redirect(`${origin}/card/requests/${addressed(name, handle)}?lang=${language}`, 303)
}

type Handler = (context: Context, needs: RequestsNeeds, at: At) => Promise<Response>

/** A browser without a cookie of this visit: the object learns of it too, for this way back has gone astray. */
async function strays(context: Context, needs: RequestsNeeds): Promise<void> {
  const here = await visitOf(context, needs)
  const name = ObjectName.safeParse(context.req.param('visit'))
  if (!('problem' in here) || here.problem !== 'other-browser' || !name.success) return
  const back = await digest(context.req.param('back') ?? '')
  await needs.visits.comeBack(name.data, await digest('no cookie'), back)
}

/**
 * Back from the card host. This GET changes something: it is a redirect's end, with a secret good once, in the browser
 * that holds the visit's cookie; whoever is sent this link by somebody else has no such cookie (RFC 9700 §4.7).
 */
const comeBack: Handler = async (context, needs, { name, browser }) => {
  const came = await needs.visits.comeBack(name, browser, await digest(context.req.param('back') ?? ''))
  if ('absent' in came) return showProblem(context, needs, PROBLEM_OF[came.absent])
  context.header('Cache-Control', 'no-store')
  if (came.outcome === 'opened') return context.redirect(`/requests/${name}`, 303)
  needs.trail.record({ at: needs.clock(), kind: 'card.refused', detail: 'requests: way back spent' })
  return context.redirect('/requests?spent', 303)
}

const list: Handler = async (context, needs, { name, browser }) => {
  const here = await needs.visits.look(name, browser)
  if ('absent' in here) return showProblem(context, needs, PROBLEM_OF[here.absent])
  const requests = await waitingRequests(needs, here.holder)
  const { displayName } = here.holder
  return show(context, needs, (props) => (
    <WaitingPage {...props} displayName={displayName} requests={requests} at={`/requests/${name}`} />
  ))
}

const decide: Handler = async (context, needs, at) => {
  const form = await formFields(context)
  const picked = { id: form.get('approval') ?? '', choice: form.get('choice') ?? '' }
  const answered = await answer(needs, at, picked)
  if ('absent' in answered) return showProblem(context, needs, PROBLEM_OF[answered.absent])
  if (answered.outcome === 'not-asked') return context.redirect(`/requests/${at.name}`, 303)
  const { outcome } = answered
  const service = 'service' in answered ? answered.service : ''
  return show(context, needs, (props) => <EndPage {...props} end={outcome} service={service} />)
}

const cookieOf = (name: ObjectName): string => `requests-${name.slice(0, 8)}`

const isElsewhere = (context: Context, { issuer }: RequestsNeeds): boolean =>
  new URL(context.req.url).host !== new URL(issuer).host

/** Who is there. The object decides whether that browser is the one that began. */
async function visitOf(
  context: Context,
  needs: RequestsNeeds,
): Promise<At | { readonly problem: VisitProblem }> {
  const name = ObjectName.safeParse(context.req.param('visit'))
  if (!name.success) return { problem: 'over' }
  if (isElsewhere(context, needs)) return { problem: 'wrong-host' }
  const secret = needs.cookies.read(context, cookieOf(name.data))
  return secret === undefined
    ? { problem: 'other-browser' }
    : { name: name.data, browser: await digest(secret) }
}

const there = (needs: RequestsNeeds, handler: Handler) => async (context: Context) => {
  if (context.req.method === 'POST' && !comesFromHere(context.req.raw.headers, needs.issuer))
    return showProblem(context, needs, 'elsewhere')
  const here = await visitOf(context, needs)
  return 'problem' in here ? showProblem(context, needs, here.problem) : handler(context, needs, here)
}

const PROBLEM_OF = { gone: 'over', 'other-browser': 'other-browser' } as const satisfies Record<
  Absent,
  VisitProblem
>
const STATUS = {
  over: 410,
  'other-browser': 403,
  'wrong-host': 400,
  elsewhere: 403,
} as const satisfies Record<VisitProblem, number>

/** A page that names what is wrong and says what to do. */
async function showProblem(
  context: Context,
  { issuer, productName, secure, cookies }: RequestsNeeds,
  problem: VisitProblem,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  const text = words[language]
  const { [problem]: told } = text.problems
  const named = (words: string) => words.replaceAll('{host}', new URL(issuer).host)
  return withPageHeaders(context, secure, {}, () =>
    problemPage(context, {
      problem: {
        title: told.title,
        happened: named(told.happened),
        todo: named(told.todo),
        action: { label: text.title, href: `${issuer}/requests` },
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
  { productName, secure, cookies, cardOrigins }: RequestsNeeds,
  page: (props: RequestsProps) => JSX.Element,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  context.header('Cache-Control', 'no-store')
  return withPageHeaders(context, secure, { formEnds: cardOrigins }, () => {
    const nonce = context.get('secureHeadersNonce')
    const path = context.req.method === 'GET' ? { path: pathWithoutLanguage(context) } : {}
    return context.html(page({ language, product: productName, nonce, ...path }))
  })
}
