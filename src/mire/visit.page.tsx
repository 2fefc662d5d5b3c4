import type { Context } from 'hono'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Cookies } from '../http/cookies.ts'
import { pathWithoutLanguage, problemPage } from '../http/oauth-errors.tsx'
import { requestedLanguage } from '../http/requested-language.ts'
import { withPageHeaders } from '../http/security-headers.ts'
import { type Digest, digest } from '../kernel/digest.ts'
import { ObjectName } from '../kernel/identifiers.ts'
import type { Absent, Interactions, LoginView } from './interactions.ts'
import type { MireProps } from './mire.page.tsx'
import { comesFromHere } from './same-origin.ts'
import { type MireProblem, words } from './words.ts'

/** How the mire's pages look, and where their forms may end. */
export interface VisitNeeds {
  readonly issuer: string
  readonly productName: string
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly cookies: Cookies
  /** The host that asks for a card, and a second name of it for another card; none where cards are not accepted. */
  readonly cardOrigins: readonly string[]
  readonly interactions: Interactions
}

/** A browser at a login: the name in the path, and the digest of what its cookie says. */
export interface Visit {
  readonly name: ObjectName
  readonly browser: Digest
}

/** Who is at the door. The object decides whether that browser is the one that began. */
export async function visit(
  context: Context,
  { issuer, cookies }: VisitNeeds,
): Promise<Visit | { readonly problem: MireProblem }> {
  const name = ObjectName.safeParse(context.req.param('login'))
  if (!name.success) return { problem: 'unknown' }
  // Said before the cookie: under another name there is none, and that is why.
  if (new URL(context.req.url).host !== new URL(issuer).host) return { problem: 'wrong-host' }
  const secret = cookies.read(context, `login-${name.data.slice(0, 8)}`)
  if (secret === undefined) return { problem: 'cookie-missing' }
  return { name: name.data, browser: await digest(secret) }
}

/** What answers at a login, for the browser that began it. */
export type Handler<Needs> = (context: Context, needs: Needs, visit: Visit) => Promise<Response>

/** For pages and forms: whoever is not at home is told why, on a page. */
export const atLogin =
  <Needs extends VisitNeeds>(needs: Needs, handler: Handler<Needs>) =>
  async (context: Context) => {
    if (context.req.method === 'POST' && !comesFromHere(context.req.raw.headers, needs.issuer))
      return showProblem(context, needs, 'elsewhere')
    const here = await visit(context, needs)
    if (!('problem' in here)) return handler(context, needs, here)
    return showProblem(context, needs, await named(context, needs, here.problem))
  }

/** A cookie lives as long as its login: where the login is over too, it is the page that is old, and that is said. */
export async function named(context: Context, { interactions }: VisitNeeds, problem: MireProblem) {
  const name = ObjectName.safeParse(context.req.param('login'))
  if (problem !== 'cookie-missing' || !name.success) return problem
  const seen = await interactions.look(name.data, await digest('no cookie'))
  return 'absent' in seen && seen.absent === 'gone' ? 'unknown' : problem
}

export const problemOf = (absent: Absent): MireProblem => (absent === 'gone' ? 'unknown' : absent)

export const PROBLEM_STATUS = {
  unknown: 410,
  finished: 410,
  'cookie-missing': 400,
  'other-browser': 403,
  'wrong-host': 400,
  elsewhere: 403,
} as const satisfies Record<MireProblem, number>

/** A page that names what is wrong and says what to do. */
export async function showProblem(
  context: Context,
  { issuer, productName, secure, cookies }: VisitNeeds,
  problem: MireProblem,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  const { title, happened, todo } = words[language].problems[problem]
  const named = (text: string) => text.replaceAll('{host}', new URL(issuer).host)
  return withPageHeaders(context, secure, {}, () =>
    problemPage(context, {
      problem: { title, happened: named(happened), todo: named(todo) },
      language,
      product: productName,
      status: PROBLEM_STATUS[problem],
      ...(context.req.method === 'GET' ? { path: pathWithoutLanguage(context) } : {}),
    }),
  )
}

/** One of the login's own pages. */
export async function show(
  context: Context,
  { productName, secure, cookies, cardOrigins }: VisitNeeds,
  name: ObjectName,
  view: LoginView,
  page: (props: MireProps) => JSX.Element,
): Promise<Response> {
  const language = requestedLanguage(context, cookies, view.uiLocales)
  context.header('Cache-Control', 'no-store')
  return withPageHeaders(context, secure, { formEnds: cardOrigins, connects: cardOrigins }, () => {
    const nonce = context.get('secureHeadersNonce')
    const path = pathWithoutLanguage(context)
    return context.html(page({ name, view, language, product: productName, nonce, path }))
  })
}
