import type { ErrorHandler, NotFoundHandler } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Language } from '../kernel/language.ts'
import type { Cookies } from './cookies.ts'
import { type Problem, problemPage } from './oauth-errors.tsx'
import { requestedLanguage } from './requested-language.ts'

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

/** What answers when nothing else does: programs read JSON, people read a page. */
export function fallbackRoutes({ productName, cookies }: { productName: string; cookies: Cookies }): {
  notFound: NotFoundHandler
  failed: ErrorHandler
} {
  return {
    notFound: (context) => {
      if (!(context.req.header('accept') ?? '').includes('text/html'))
        return context.json({ error: 'not_found' }, 404)
      const language = requestedLanguage(context, cookies)
      return problemPage(context, {
        problem: NOT_FOUND[language],
        language,
        product: productName,
        status: 404,
      })
    },
    failed: (error, context) => {
      if (error instanceof HTTPException) return error.getResponse()
      // Query strings are never part of it, nor what a person sent: the message is ours or the platform's.
      console.error(error instanceof Error ? `${error.name}: ${error.message}` : 'unknown failure')
      if (!(context.req.header('accept') ?? '').includes('text/html'))
        return context.json({ error: 'server_error' }, 500)
      const language = requestedLanguage(context, cookies)
      const problem: Problem = NO_TABLES.test(String(error))
        ? {
            ...FAILED[language],
            technical: 'the database has no tables: npx wrangler d1 migrations apply DB',
          }
        : FAILED[language]
      return problemPage(context, { problem, language, product: productName, status: 500 })
    },
  }
}
