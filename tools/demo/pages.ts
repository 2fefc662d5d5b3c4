import { html } from 'hono/html'
import { claimRows, decodedParts } from './claims.ts'
import type { SignInFailed } from './federator.ts'
import type { DemoService } from './services.ts'
import type { SignedIn } from './sessions.ts'
import { type Language, words } from './words.ts'

type Html = ReturnType<typeof html>

/** What every page of a demonstration service knows. */
export interface PageContext {
  readonly language: Language
  readonly service: DemoService
  /** The federator's name, a setting of its deployment. */
  readonly product: string
  readonly other: { readonly name: Readonly<Record<Language, string>>; readonly origin: string }
  /** Path of this page for the language switch; `/` where it cannot be asked for again. */
  readonly path: string
}

export function homePage(context: PageContext, signedOut: boolean): Html {
  const { language, service, product } = context
  const t = words[language]
  return page(
    context,
    service.name[language],
    html`
    <h1>${service.name[language]}</h1>
    <p>${service.purpose[language]}</p>
    ${signedOut ? html`<p class="note" role="status">${t.signedOut}</p>` : ''}
    <p class="row"><a class="button" href="/login">${t.signIn(product)}</a></p>
    <p class="quiet">${t.signInWhy}</p>`,
  )
}

export function signedInPage(context: PageContext, signedIn: SignedIn): Html {
  const { language, service } = context
  const t = words[language]
  const { idClaims, userinfo, idToken, refreshToken, refreshedAt } = signedIn
  const parts = decodedParts(idToken)
  return page(
    context,
    service.name[language],
    html`
    <h1>${t.hello(displayName(signedIn))}</h1>
    <p>${t.signedInBy(text(userinfo.authMode ?? idClaims.authMode ?? idClaims.acr))}</p>
    ${refreshedAt === undefined ? '' : html`<p class="note" role="status">${t.refreshed(new Date(refreshedAt).toLocaleTimeString(language))}</p>`}
    <div class="row">
      <a class="button" href="${context.other.origin}/login">${t.other(context.other.name[language])}</a>
      ${refreshToken === undefined ? '' : html`<form method="post" action="/refresh"><button class="button second">${t.refresh}</button></form>`}
      <form method="post" action="/logout"><button class="button second">${t.signOut}</button></form>
    </div>
    <h2>${t.claims}</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="${t.claimsCaption}">
      <table>
        <caption>${t.claimsCaption}</caption>
        <thead><tr><th scope="col">${t.claim}</th><th scope="col">${t.value}</th><th scope="col">${t.source}</th></tr></thead>
        <tbody>
          ${claimRows(userinfo).map((row) => claimRow(row.name, row.value, 'UserInfo', t.empty))}
          ${claimRows(idClaims).map((row) => claimRow(row.name, row.value, t.idToken, t.empty))}
        </tbody>
      </table>
    </div>
    <h2>${t.idToken}</h2>
    <h3>${t.header}</h3>
    <div class="scroll"><pre id="id-token-header">${parts.header}</pre></div>
    <h3>${t.payload}</h3>
    <div class="scroll"><pre id="id-token-payload">${parts.payload}</pre></div>
    <details><summary>${t.raw}</summary><div class="scroll"><pre id="id-token">${idToken}</pre></div></details>`,
  )
}

export function errorPage(context: PageContext, failed: SignInFailed): Html {
  const t = words[context.language]
  return page(
    context,
    t.errorTitle,
    html`
    <h1>${t.errorTitle}</h1>
    <div class="note refusal" role="alert">
      <p><strong>${t.advice[failed.trouble]}</strong></p>
      <dl>
        <dt>${t.errorCode}</dt><dd id="error"><code>${failed.code}</code></dd>
        ${failed.description === '' ? '' : html`<dt>${t.errorDetail}</dt><dd id="error-description">${failed.description}</dd>`}
      </dl>
    </div>
    <p class="row"><a class="button" href="/login">${t.retry}</a> <a class="button second" href="/">${t.home}</a></p>`,
  )
}

export function missingPage(context: PageContext): Html {
  const t = words[context.language]
  return page(
    context,
    t.notFound,
    html`<h1>${t.notFound}</h1><p class="row"><a class="button" href="/">${t.home}</a></p>`,
  )
}

function claimRow(name: string, value: string, source: string, empty: string): Html {
  return html`<tr><th scope="row">${name}</th><td>${value === '' ? html`<span class="quiet">${empty}</span>` : value}</td><td>${source}</td></tr>`
}

function page(context: PageContext, title: string, content: Html): Html {
  const { language, service } = context
  const t = words[language]
  const other: Language = language === 'fr' ? 'en' : 'fr'
  return html`<!doctype html>
<html lang="${language}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="robots" content="noindex">
  <title>${title === service.name[language] ? title : `${title} · ${service.name[language]}`}</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/styles.css">
</head>
<body>
  <header>
    <a class="name" href="/"><span class="badge" aria-hidden="true">${service.name[language].slice(0, 1)}</span>${service.name[language]}</a>
    <a class="language" href="${context.path}?lang=${other}" lang="${other}" hreflang="${other}" aria-label="${other === 'fr' ? 'FR · Français' : 'EN · English'}">${other.toUpperCase()}</a>
  </header>
  <main>${content}</main>
  <footer>${t.demonstration}</footer>
</body>
</html>`
}

function displayName({ idClaims, userinfo }: SignedIn): string {
  const names = [userinfo.given_name, userinfo.family_name].filter(
    (name) => name !== undefined && name !== '',
  )
  return names.length > 0 ? names.join(' ') : text(userinfo.preferred_username ?? idClaims.sub)
}

const text = (value: unknown): string => (typeof value === 'string' && value !== '' ? value : '–')
