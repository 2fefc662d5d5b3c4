import type { Context } from 'hono'
import { html } from 'hono/html'
import { Page } from '../../http/page.tsx'
import { requestedLanguage } from '../../http/requested-language.ts'
import { withPageHeaders } from '../../http/security-headers.ts'
import type { Delivery } from './deliver.ts'
import type { PageNeeds } from './problem.page.tsx'
import { formPostWords } from './words.ts'

export interface DeliveryNeeds extends PageNeeds {
  /** Whether the issuer is https. */
  readonly secure: boolean
}

/** Sends what an endpoint of the browser's decided: an answer for a service, or a page of ours. */
export async function send(
  context: Context,
  needs: DeliveryNeeds,
  outcome: Response | Delivery,
): Promise<Response> {
  if (outcome instanceof Response) return withPageHeaders(context, needs.secure, {}, () => outcome)
  if (outcome.way === 'redirect')
    return withPageHeaders(context, needs.secure, {}, () => context.redirect(outcome.location, 303))
  // Chromium holds `form-action` to redirects after the post too, and where a service goes from its callback is its own
  // business: any https site.
  const targets = [outcome.action, 'https://*']
  return withPageHeaders(context, needs.secure, { formEnds: targets }, () =>
    formPost(context, needs, outcome),
  )
}

/**
 * OAuth 2.0 Form Post Response Mode §2: a form with the answer that posts itself, and a button for browsers where it
 * does not. Nothing of it is in a URL, so nothing of it is in histories and logs.
 */
function formPost(
  context: Context,
  { productName, cookies }: DeliveryNeeds,
  { action, fields, serviceName }: Extract<Delivery, { way: 'form' }>,
) {
  const language = requestedLanguage(context, cookies)
  const { title, happened, button } = formPostWords[language]
  const nonce = context.get('secureHeadersNonce')
  return context.html(
    <Page title={title} language={language} product={productName} nonce={nonce}>
      <h1>{title}</h1>
      <p>{happened.replaceAll('{service}', serviceName)}</p>
      <form method="post" action={action}>
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <p class="actions">
          <button type="submit">{button}</button>
        </p>
      </form>
      <script nonce={nonce}>{html`document.forms[0].submit()`}</script>
    </Page>,
  )
}
