/** The places of the page that the script touches. The server renders every one; each may be missing. */
const by = (id: string) => document.getElementById(id)

/** Says something politely (`#status` is a live region), once: the same words again are not repeated. */
export function say(text: string): void {
  const status = by('status')
  if (status !== null && status.textContent !== text) status.textContent = text
}

/** Shows what went wrong with the passkey, above ways that still work. */
export function problem(text: string | undefined): void {
  const place = by('passkey-problem')
  if (place === null) return
  place.textContent = text ?? ''
  place.hidden = text === undefined
}

/** Replaces the ways to sign in by what the service will get. `false` if this page does not carry it. */
export function disclose(): boolean {
  const disclosure = by('disclosure')
  if (disclosure === null) return false
  for (const ways of document.querySelectorAll<HTMLElement>('#ways, .ways')) ways.hidden = true
  problem(undefined)
  disclosure.hidden = false
  const heading = disclosure.querySelector<HTMLElement>('h1, h2')
  heading?.setAttribute('tabindex', '-1')
  heading?.focus()
  return true
}

/** Goes on to a path of this host, leaving no entry behind: a login that is over is not a place to come back to. */
export function goTo(path: string): void {
  if (/^\/(?![/\\])/.test(path)) location.replace(path)
}

export const passkeyButton = (): HTMLButtonElement | undefined => {
  const button = by('passkey-button')
  return button instanceof HTMLButtonElement ? button : undefined
}

export const cardForm = (): HTMLFormElement | undefined => {
  const form = by('card')
  return form instanceof HTMLFormElement ? form : undefined
}

export const usernameField = (): HTMLInputElement | undefined => {
  const field = by('username')
  return field instanceof HTMLInputElement ? field : undefined
}

export function trusted(): boolean {
  const box = by('trust')
  return box instanceof HTMLInputElement && box.checked
}

export const activationText = (): string => by('activation')?.dataset.activation ?? ''

export const loginText = (): string => by('login')?.dataset.login ?? ''

/**
 * Once the phone has the request, only the value to choose matters: the steps before it go. In place, because a page
 * that must be fetched again may not come. `false` if the value is not on this page.
 */
export function onlyCode(): boolean {
  if (document.querySelector('.code') === null) return false
  document.querySelector('.steps')?.classList.add('last-only')
  return true
}

/** Before this page is fetched anew: where its reader is, told by the path that the form under the focus posts to. */
export function keepPlace(): void {
  const form = document.activeElement?.closest('form')
  history.replaceState(form?.getAttribute('action') ?? null, '')
}

/** Back to where the reader was, if the page still has that place. */
export function findPlace(): void {
  const action: unknown = history.state
  if (typeof action !== 'string') return
  history.replaceState(null, '')
  for (const form of document.forms)
    if (form.getAttribute('action') === action) form.querySelector('button')?.focus()
}
