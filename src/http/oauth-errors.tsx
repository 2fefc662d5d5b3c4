import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Language } from '../kernel/language.ts'
import type { OAuthError } from '../protocol/oauth/errors.ts'
import { Page } from './page.tsx'

/**
 * A refusal as JSON (RFC 6749 §5.2, RFC 7591 §3.2.2), never stored. With 401 goes the scheme that would do
 * (RFC 6749 §5.2, RFC 9110 §11.6.1).
 */
export function refusalAsJson(context: Context, refusal: OAuthError, challenge?: string): Response {
  context.header('Cache-Control', 'no-store')
  if (refusal.status === 401)
    context.header('WWW-Authenticate', challenge ?? 'Basic realm="token", charset="UTF-8"')
  return context.json(refusal.body(), refusal.status)
}

/** What a person is told when something went wrong: what happened, what to do, and a line for whoever repairs it. */
export interface Problem {
  readonly title: string
  readonly happened: string
  readonly todo: string
  /** A link that does it, where there is one. */
  readonly action?: { readonly label: string; readonly href: string }
  /** For the developer of the service; shown small. */
  readonly technical?: string
}

export interface ProblemPage {
  readonly problem: Problem
  readonly language: Language
  readonly product: string
  readonly status: ContentfulStatusCode
  /** Path of this page for the language switch, where it can be asked for again. */
  readonly path?: string
}

const FOR_DEVELOPER: Record<Language, string> = {
  fr: 'Pour le développeur du service :',
  en: 'For the service’s developer:',
}

/** A page that says what went wrong. It has no script and leads nowhere by itself. */
export function problemPage(context: Context, { problem, language, product, status, path }: ProblemPage) {
  context.header('Cache-Control', 'no-store')
  return context.html(
    <Page
      title={problem.title}
      language={language}
      product={product}
      nonce={undefined}
      {...(path === undefined ? {} : { path })}
    >
      <h1>{problem.title}</h1>
      <p>{problem.happened}</p>
      <p class="notice">{problem.todo}</p>
      {problem.action === undefined ? null : (
        <p class="actions">
          <a class="button" href={problem.action.href}>
            {problem.action.label}
          </a>
        </p>
      )}
      {problem.technical === undefined ? null : (
        <p class="quiet">
          {FOR_DEVELOPER[language]} <code>{problem.technical}</code>
        </p>
      )}
    </Page>,
    status,
  )
}

/** The path of this request without `lang`, so that the language switch does not add it twice. */
export function pathWithoutLanguage(context: Context): string {
  const url = new URL(context.req.url)
  url.searchParams.delete('lang')
  return url.pathname + url.search
}
