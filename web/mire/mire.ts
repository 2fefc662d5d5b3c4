import { browserSupportsWebAuthn, browserSupportsWebAuthnAutofill } from '@simplewebauthn/browser'
import { followActivation } from './activation.ts'
import { offerCard } from './card.ts'
import { answers, follow } from './live.ts'
import { type Login, type LoginState, loginOf } from './messages.ts'
import {
  disclose,
  findPlace,
  goTo,
  keepPlace,
  loginText,
  onlyCode,
  passkeyButton,
  problem,
  say,
  trusted,
  usernameField,
} from './page.ts'
import { answer, ask, forget, freshOptions } from './passkey.ts'
import { renewIn } from './renewal.ts'
import { words } from './words.ts'

/*
 * The mire's script: passkey on this device, and a waiting page that goes on by itself. The page is complete without
 * it for the typed code and the card; the server renders every state, and this only asks for it at the right moment.
 */

function proved(state: LoginState, path: string): void {
  if (!state.disclose) goTo(state.next)
  else if (!disclose()) goTo(path)
}

function offerPasskey(login: Login, path: string): void {
  const button = passkeyButton()
  const text = words[login.language]
  let options = login.options
  if (button === undefined) return

  if (!browserSupportsWebAuthn()) {
    button.addEventListener('click', () => problem(text.problems.unsupported))
    return
  }

  async function signIn(autofill: boolean): Promise<void> {
    if (options === undefined) options = await freshOptions(path)
    if (options === undefined) return autofill ? undefined : problem(text.problems['no-answer'])
    const asked = await ask(options, autofill)
    if ('failed' in asked) {
      if (asked.failed === 'replaced' || autofill) return
      return problem(text.problems['not-done'])
    }
    problem(undefined)
    say(text.verifying)
    const { rpId } = options
    options = undefined
    const answered = await answer(path, asked.assertion, trusted())
    say('')
    if ('state' in answered) return settled(answered.state)
    problem(text.problems[answered.refused])
    if (answered.refused === 'unknown-passkey') await forget(rpId, asked.assertion.id)
    options = await freshOptions(path)
  }

  function settled(state: LoginState): void {
    if (state.status === 'proved') proved(state, path)
    else goTo(path)
  }

  /** Once by itself; after a failure only when the field is asked again, so that nothing can go round in circles. */
  async function offerAutofill(): Promise<void> {
    if (options !== undefined && (await browserSupportsWebAuthnAutofill())) await signIn(true)
    usernameField()?.addEventListener('focus', () => void offerAutofill(), { once: true })
  }

  let busy = false
  button.addEventListener('click', async () => {
    if (busy) return
    busy = true
    problem(undefined)
    await signIn(false)
    busy = false
  })
  if (usernameField() !== undefined) void offerAutofill()
}

function wait(login: Login, path: string): void {
  findPlace()
  const text = words[login.language]
  let status = login.state.status
  const stop = follow(
    path,
    (state) => {
      if (state.status === status) return
      status = state.status
      if (status === 'on-phone' && onlyCode()) return say(text.onPhone)
      stop()
      if (status !== 'proved') return goTo(path)
      say(text.proved)
      proved(state, path)
    },
    () => say(text.disconnected),
  )
  if (login.expiresAt === undefined) return
  if (status === 'waiting') {
    renew(login.expiresAt, path, () => status === 'waiting')
    return
  }
  const left = login.expiresAt * 1000 - Date.now()
  // A clock that is far off would warn at the wrong time; then nothing is said (WCAG 2.2.1 asks for 20 seconds).
  if (left > 20_000 && left < 600_000) setTimeout(() => say(text.soon), left - 20_000)
}

/** Shows the page again before its QR ends, once the server answers: a page that does not come would take all away. */
function renew(expiresAt: number, path: string, stillWaits: () => boolean): void {
  const again = async () => {
    if (!stillWaits()) return
    const seen = document.visibilityState === 'visible'
    if (!seen || !(await answers(path)) || !stillWaits()) return renew(expiresAt, path, stillWaits)
    keepPlace()
    location.reload()
  }
  setTimeout(again, renewIn(expiresAt, Date.now()))
}

/** A page that comes back from the browser's memory may show a login that has moved on since. */
function checkWhenBack(login: Login, path: string): void {
  addEventListener('pageshow', async (event) => {
    if (!event.persisted) return
    const response = await fetch(`${path}/state`).catch(() => undefined)
    const state: unknown = await response?.json().catch(() => undefined)
    if (JSON.stringify(state) !== JSON.stringify(login.state)) goTo(path)
  })
}

const login = loginOf(loginText())
if (login !== undefined) {
  const path = `/login/${login.name}`
  offerPasskey(login, path)
  offerCard(login.language, path)
  if (login.state.status === 'waiting' || login.state.status === 'on-phone') wait(login, path)
  else checkWhenBack(login, path)
} else followActivation()
