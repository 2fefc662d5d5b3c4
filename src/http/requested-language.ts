import type { Context } from 'hono'
import { type Language, languageOf } from '../kernel/language.ts'
import type { Cookies } from './cookies.ts'

/** The language for this request. `?lang=` is the person's own choice and is kept for a year. */
export function requestedLanguage(context: Context, cookies: Cookies, uiLocales?: string): Language {
  const chosen = context.req.query('lang')
  if (chosen === 'fr' || chosen === 'en') {
    cookies.write(context, 'language', chosen, 31_536_000)
    return chosen
  }
  return languageOf(cookies.read(context, 'language'), uiLocales, context.req.header('accept-language'))
}
