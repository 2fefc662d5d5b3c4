import type { Context, ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import { faultOf } from '../kernel/fault.ts'
import type { Language } from '../kernel/language.ts'
import type { Cookies } from './cookies.ts'
import { type Problem, problemPage } from './oauth-errors.tsx'
import { requestedLanguage } from './requested-language.ts'
import { pageHeaders } from './security-headers.ts'

const NOT_FOUND: Record<Language, Problem> = {
  fr: {
    title: 'Cette page n’existe pas',
    happened: 'L’adresse ne mène à rien ici. Elle est peut-être ancienne, ou incomplète.',
    todo: 'Retournez au service que vous vouliez ouvrir et connectez-vous de nouveau.',
  },
  en: {
    title: 'This page does not exist',
    happened: 'The address leads nowhere here. It may be old, or incomplete.',
    todo: 'Go back to the service that you wanted to open and sign in again.',
  },
}

const FAILED: Record<Language, Problem> = {
  fr: {
    title: 'Quelque chose n’a pas fonctionné de notre côté',
    happened: 'Ce n’est pas votre faute, et rien n’a été ouvert en votre nom.',
    todo: 'Attendez quelques secondes, retournez au service et connectez-vous de nouveau.',
  },
  en: {
    title: 'Something failed on our side',
    happened: 'It is not your fault, and nothing was opened in your name.',
    todo: 'Wait a few seconds, go back to the service and sign in again.',
  },
}

/** What a laptop says before its first `npm start`. */
const NO_TABLES = /no such table/
const MIGRATE = 'the database has no tables: npx wrangler d1 migrations apply DB'

/** A person's browser going somewhere: a script's `fetch` is no navigation, whatever it accepts (Fetch Metadata §2.2). */
const wantsPage = ({ req }: Context): boolean =>
  (req.header('sec-fetch-mode') ?? 'navigate') === 'navigate' &&
  (req.header('accept') ?? '').includes('text/html')

/** What answers when nothing else does: programs read JSON, people read a page. */
export function fallbackRoutes({
  productName,
  secure,
  cookies,
}: {
  productName: string
  secure: boolean
  cookies: Cookies
}): { notFound: NotFoundHandler; failed: ErrorHandler } {
  const page = async (
    context: Context,
    status: 404 | 500,
    words: Record<Language, Problem>,
    technical?: string,
  ) => {
    // The route that would have set them is not there, or threw before it could.
    await pageHeaders(secure)(context, async () => {
      const language = requestedLanguage(context, cookies)
      const problem = { ...words[language], ...(technical === undefined ? {} : { technical }) }
      context.res = await problemPage(context, { problem, language, product: productName, status })
    })
    return context.res
  }
  return {
    notFound: (context) =>
      wantsPage(context) ? page(context, 404, NOT_FOUND) : context.json({ error: 'not_found' }, 404),
    failed: (error, context) => {
      if (error instanceof HTTPException) return error.getResponse()
      // Query strings are never part of it, nor what a person sent: the message is ours or the platform's.
      console.error(faultOf(error))
      if (!wantsPage(context)) {
        context.header('Cache-Control', 'no-store')
        return context.json({ error: 'server_error' }, 500)
      }
      const noTables = NO_TABLES.test(faultOf(error))
      return page(context, 500, FAILED, noTables ? MIGRATE : undefined)
    },
  }
}
