import { isRecord, isString } from '../shape.ts'
import { cardForm, goTo, say } from './page.ts'
import { words } from './words.ts'

const asJson = { headers: { accept: 'application/json' } }

/** The form works by itself; with a script, a card that does not answer leaves the person on a page of ours. */
export function offerCard(language: 'fr' | 'en', path: string): void {
  const form = cardForm()
  let busy = false
  form?.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (busy) return
    busy = true
    say(words[language].card)
    await showCard(form.action, path)
    say('')
    busy = false
  })
}

/**
 * Shows the card to its host without leaving the page: `fetch` with credentials makes the browser ask for the
 * certificate and the PIN (Fetch §4.6, "TLS client certificates are credentials"). A navigation would end on the
 * browser's own error page when the PIN is cancelled or the card taken out; this ends on ours.
 */
async function showCard(action: string, path: string): Promise<void> {
  const host = await textAt(fetch(action, { ...asJson, method: 'POST' }), 'url')
  if (host === undefined) return goTo(path)
  try {
    const next = await textAt(fetch(host, { ...asJson, credentials: 'include' }), 'next', true)
    if (next === undefined) location.assign(host)
    else location.replace(next)
  } catch {
    goTo(`${path}/card?silent`)
  }
}

/** One text of a JSON answer; `undefined` when it is not there, or not reached unless `throws`. */
async function textAt(asked: Promise<Response>, name: string, throws = false): Promise<string | undefined> {
  try {
    const body: unknown = await (await asked).json()
    const text = isRecord(body) ? body[name] : undefined
    return isString(text) ? text : undefined
  } catch (problem) {
    if (throws) throw problem
    return undefined
  }
}
