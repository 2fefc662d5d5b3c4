import { raw } from 'hono/html'
import type { Child } from 'hono/jsx'
import type { Language } from '../kernel/language.ts'

export interface PageProps {
  readonly title: string
  readonly language: Language
  readonly product: string
  /** CSP nonce of this response (`c.get('secureHeadersNonce')`). */
  readonly nonce: string | undefined
  /** Path of a script of web/ to load, e.g. `/mire.js`. */
  readonly script?: string
  /** Path of this page, for the language switch; left out where a page cannot be asked for again (after a POST). */
  readonly path?: string
  readonly children?: Child
}

const OTHER: Record<Language, { tag: Language; label: string; name: string }> = {
  fr: { tag: 'en', label: 'EN', name: 'English' },
  en: { tag: 'fr', label: 'FR', name: 'Français' },
}

/** The shell of every rendered page: one column, one thing to do. */
export function Page({ title, language, product, nonce, script, path, children }: PageProps) {
  const other = OTHER[language]
  return (
    <>
      {raw('<!doctype html>')}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <meta name="robots" content="noindex" />
          <title>{`${title} · ${product}`}</title>
          <link rel="icon" href="/icons/mark.svg" type="image/svg+xml" />
          <link rel="stylesheet" href="/styles.css" />
          {script === undefined ? null : <script type="module" src={script} nonce={nonce} />}
        </head>
        <body>
          <header class="masthead">
            <span class="brand">
              <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <path
                  d="M21.2 6.2A11 11 0 1 0 25.8 10.8"
                  fill="none"
                  stroke="currentColor"
                  stroke-width="3.2"
                  stroke-linecap="round"
                />
              </svg>
              {product}
            </span>
            {path === undefined ? null : (
              <a
                class="language"
                href={`${path}${path.includes('?') ? '&' : '?'}lang=${other.tag}`}
                lang={other.tag}
                hreflang={other.tag}
              >
                <span aria-hidden="true">{other.label}</span>
                <span class="visually-hidden">{other.name}</span>
              </a>
            )}
          </header>
          <main class="page">{children}</main>
        </body>
      </html>
    </>
  )
}
