import type { Context } from 'hono'
import type { Cookies } from '../../http/cookies.ts'
import { pathWithoutLanguage, problemPage } from '../../http/oauth-errors.tsx'
import { requestedLanguage } from '../../http/requested-language.ts'
import { type ProblemName, words } from './words.ts'

/** How pages of the provider look: whose they are and under which name. */
export interface PageNeeds {
  readonly issuer: string
  readonly productName: string
  readonly cookies: Cookies
}

const STATUS = {
  malformed: 400,
  'request-gone': 400,
  'client-unknown': 400,
  'client-suspended': 403,
  'address-missing': 400,
  'address-unknown': 400,
  'cookie-missing': 400,
  'wrong-host': 400,
  'other-browser': 403,
  'old-page': 410,
} as const satisfies Record<ProblemName, number>

/** A page that says, in the person's language, what went wrong and what to do. `technical` is for the developer. */
export function problem(
  context: Context,
  { issuer, productName, cookies }: PageNeeds,
  name: ProblemName,
  technical?: string,
) {
  const asked = context.req.query('ui_locales')?.slice(0, 256)
  const language = requestedLanguage(context, cookies, asked)
  const { title, happened, todo } = words[language][name]
  const named = (text: string) => text.replaceAll('{host}', new URL(issuer).host)
  return problemPage(context, {
    problem: {
      title,
      happened: named(happened),
      todo: named(todo),
      ...(technical === undefined ? {} : { technical }),
    },
    language,
    product: productName,
    status: STATUS[name],
    ...(context.req.method === 'GET' ? { path: pathWithoutLanguage(context) } : {}),
  })
}
