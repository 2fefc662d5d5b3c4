import type { Context } from 'hono'
import { Page } from '../http/page.tsx'
import { requestedLanguage } from '../http/requested-language.ts'
import { withPageHeaders } from '../http/security-headers.ts'
import type { VisitNeeds } from './visit.page.tsx'
import { words } from './words.ts'

/**
 * Leaves the mire by a page that leads on by itself. Chromium holds a form's `form-action` to every redirect after it
 * (CSP3 §6.4.2.1), to wherever a service goes on from its callback, which nobody can list here: so a form of ours ends
 * on this page, and what follows is a navigation of its own, due at once and without a script (HTML §4.2.5.3).
 * @param to a path of ours.
 */
export function sendOn(
  context: Context,
  { productName, secure, cookies }: Pick<VisitNeeds, 'productName' | 'secure' | 'cookies'>,
  to: string,
): Promise<Response> {
  const language = requestedLanguage(context, cookies)
  const { onwardTitle, onwardLead, goOn } = words[language]
  return withPageHeaders(context, secure, {}, () => {
    context.header('Cache-Control', 'no-store')
    context.header('Refresh', `0; url=${to}`)
    return context.html(
      <Page title={onwardTitle} language={language} product={productName} nonce={undefined}>
        <h1>{onwardTitle}</h1>
        <p class="lead">{onwardLead}</p>
        <p class="actions">
          <a class="button" href={to}>
            {goOn}
          </a>
        </p>
      </Page>,
    )
  })
}
