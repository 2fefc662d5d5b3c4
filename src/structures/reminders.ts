import type { Instant } from '../kernel/instant.ts'
import type { Message } from '../notifications/message.ts'
import { words } from './words.ts'

/** Days before the end of a certificate at which those who run its software are told. */
export const REMINDERS = [60, 30, 7] as const
const DAY = 86_400

/** A certificate that ends soon, and whom to tell. */
export interface EndingCertificate {
  readonly id: string
  readonly structure: string
  readonly structureName: string
  readonly software: string
  readonly notAfter: Instant
  /** Days of the last reminder of this end. */
  readonly reminded: number | undefined
  readonly parties: readonly {
    readonly clientId: string
    readonly name: string
    /** RFC 7591 §2: e-mail addresses as a rule, and whatever else somebody wrote there. */
    readonly contacts: readonly string[]
  }[]
}

/**
 * Which reminder is due now: the nearest to the end of those whose day has come, unless it or a later one was sent. One
 * that was missed is not made up for, or two would come at once.
 */
export function reminderDue(
  { notAfter, reminded }: Pick<EndingCertificate, 'notAfter' | 'reminded'>,
  now: Instant,
): (typeof REMINDERS)[number] | undefined {
  if (notAfter <= now) return undefined
  const due = REMINDERS.filter((days) => notAfter - now <= days * DAY).at(-1)
  return due === undefined || (reminded !== undefined && reminded <= due) ? undefined : due
}

const ADDRESS = /^[^\s@,;<>"]{1,64}@[A-Za-z0-9.-]{1,190}$/

/** What is sent to the contacts of each relying party that the certificate speaks for. */
export function reminderMessages(
  ending: EndingCertificate,
  product: string,
  now: Instant,
): readonly { readonly clientId: string; readonly messages: readonly Message[] }[] {
  const days = Math.ceil((ending.notAfter - now) / DAY)
  return ending.parties.map(({ clientId, name, contacts }) => ({
    clientId,
    messages: [...new Set(contacts)]
      .filter((contact) => ADDRESS.test(contact))
      .map((to) => ({
        channel: 'email',
        to,
        language: 'fr',
        ...written(ending, oneLine(name), product, days),
      })),
  }))
}

/** Which language a service's contact reads is not known: both, French first. */
function written(
  { structureName, software, notAfter }: EndingCertificate,
  service: string,
  product: string,
  days: number,
): Pick<Message, 'subject' | 'body'> {
  const told = { service, product, days, software: oneLine(software), structure: oneLine(structureName) }
  const bodies = [words.fr, words.en].map((say) => say.body({ ...told, end: day(notAfter, say.locale) }))
  return { subject: words.fr.subject(told), body: bodies.join('\n\n—\n\n') }
}

const day = (at: Instant, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' }).format(new Date(at * 1000))

/** Names come from certificates and registrations: a line break in one would let it write paragraphs of its own. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
