import { isNumber, isRecord, isString, parse } from '../shape.ts'
import { offerCard } from './card.ts'
import { activationText, findPlace, goTo, keepPlace } from './page.ts'
import { renewIn } from './renewal.ts'

const POLL_EVERY = 2_000
/** A page left open does not ask for ever: twice an activation's ten minutes. */
const GIVE_UP_AFTER = 20 * 60_000

/** What the page says of itself, in `data-activation` of `#activation`. */
interface Shown {
  readonly path: string
  readonly status: string
  readonly language: 'fr' | 'en'
  /** When the QR ends, in seconds since 1970. */
  readonly until: number | undefined
}

function shownOn(text: string): Shown | undefined {
  const data = parse(text, isRecord)
  if (data === undefined || !isString(data.path) || !isString(data.status)) return undefined
  const { path, status, until } = data
  return {
    path,
    status,
    language: data.language === 'en' ? 'en' : 'fr',
    until: isNumber(until) ? until : undefined,
  }
}

/** An activation by card: the card without leaving the page, then the page that goes on when the phone does. */
export function followActivation(): void {
  const shown = shownOn(activationText())
  if (shown === undefined) return
  const { path, status, language } = shown
  if (status === 'card') offerCard(language, path)
  else if (status !== 'done') wait(shown)
}

function wait({ path, status, until }: Shown): void {
  findPlace()
  const started = Date.now()
  const renewAt = until === undefined ? undefined : started + renewIn(until, started)

  async function statusNow(): Promise<string | undefined> {
    try {
      const said: unknown = await (await fetch(`${path}/state`)).json()
      return isRecord(said) && isString(said.status) ? said.status : undefined
    } catch {
      return undefined
    }
  }

  // While the page is seen: telephones and browsers freeze what is not.
  const ask = async () => {
    if (document.visibilityState === 'visible') {
      const now = await statusNow()
      if (now !== undefined && now !== status) return goTo(path)
      if (now !== undefined && renewAt !== undefined && Date.now() >= renewAt) {
        keepPlace()
        return location.reload()
      }
    }
    if (Date.now() - started < GIVE_UP_AFTER) setTimeout(ask, POLL_EVERY)
  }
  setTimeout(ask, POLL_EVERY)
}
