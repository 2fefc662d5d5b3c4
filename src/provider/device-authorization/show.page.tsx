import type { Context } from 'hono'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Cookies } from '../../http/cookies.ts'
import { problemPage } from '../../http/oauth-errors.tsx'
import { requestedLanguage } from '../../http/requested-language.ts'
import type { Language } from '../../kernel/language.ts'
import { EndPage } from './verification.page.tsx'
import { type PageProblem, words } from './words.ts'

export interface ShowNeeds {
  readonly productName: string
  readonly cookies: Cookies
}

const STATUS = {
  elsewhere: 403,
  'too-many': 429,
  over: 410,
  'client-suspended': 403,
  'cookie-missing': 400,
  'other-browser': 403,
  'old-page': 410,
} as const satisfies Record<PageProblem, number>

/** One of the pages around a device's request, never kept. */
export function show(
  context: Context,
  { productName, cookies }: ShowNeeds,
  page: (props: { language: Language; product: string }) => JSX.Element,
  status: 200 | 400 = 200,
) {
  context.header('Cache-Control', 'no-store')
  return context.html(page({ language: requestedLanguage(context, cookies), product: productName }), status)
}

/** What is wrong, by name. */
export function showProblem(context: Context, { productName, cookies }: ShowNeeds, name: PageProblem) {
  const language = requestedLanguage(context, cookies)
  const { again, problems } = words[language]
  const problem = { ...problems[name], action: { label: again, href: '/device' } }
  return problemPage(context, { problem, language, product: productName, status: STATUS[name] })
}

export const showEnd = (context: Context, needs: ShowNeeds, service: string, outcome: 'done' | 'refused') =>
  show(context, needs, (props) => <EndPage {...props} service={service} outcome={outcome} />)
