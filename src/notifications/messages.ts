import type { Instant } from '../kernel/instant.ts'
import type { Language } from '../kernel/language.ts'
import type { Message } from './message.ts'
import { words } from './words.ts'

/** What a message says of where it comes from. */
export interface Sender {
  readonly product: string
  /** Host of the identity origin: phones fill a code in only on that host. */
  readonly host: string
}

/** The directory's contact points and the language to write in. */
export interface Recipient {
  readonly email: string
  readonly phone: string
  readonly language: Language
}

/** The code that goes by e-mail. */
export const emailCodeMessage = (sender: Sender, to: Recipient, code: string): Message => {
  const say = words[to.language]
  return email(to, say.codeSubject(sender.product), say.codeBody(sender.product, code))
}

/**
 * The code that goes by SMS, in one segment (160 characters), its last line the domain-bound one: a phone offers to
 * fill it in on our host and nowhere else.
 * @see https://wicg.github.io/sms-one-time-codes/
 */
export const smsCodeMessage = (sender: Sender, to: Recipient, code: string): Message => ({
  channel: 'sms',
  to: to.phone,
  language: to.language,
  subject: '',
  body: `${words[to.language].codeSms(sender.product, code)}\n\n@${sender.host} #${code}`,
})

/** Tells the person that a phone was activated in their name, and which ones had to make room for it. */
export const activatedMessage = (
  sender: Sender,
  to: Recipient,
  activated: { readonly device: string; readonly at: Instant; readonly retired: readonly string[] },
): Message => {
  const say = words[to.language]
  const body = say.activatedBody(sender.product, oneLine(activated.device), moment(activated.at, say.locale))
  const retired = activated.retired.map((device) => say.retiredLine(oneLine(device)))
  return email(to, say.activatedSubject(sender.product), [body, ...retired].join('\n\n'))
}

/** Tells the person that a phone was revoked. */
export const revokedMessage = (
  sender: Sender,
  to: Recipient,
  revoked: { readonly device: string; readonly at: Instant },
): Message => {
  const say = words[to.language]
  return email(
    to,
    say.revokedSubject(sender.product),
    say.revokedBody(sender.product, oneLine(revoked.device), moment(revoked.at, say.locale)),
  )
}

const email = (to: Recipient, subject: string, body: string): Message => ({
  channel: 'email',
  to: to.email,
  language: to.language,
  subject,
  body,
})

/** A device names itself: a line break in the name would let it write paragraphs of its own. */
const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()

const moment = (at: Instant, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(
    new Date(at * 1000),
  )
