import { type Instant, instant } from '../../kernel/instant.ts'
import { type Element, TAG } from './der.ts'

/**
 * A time of a certificate or of a list (RFC 5280 §4.1.2.5, §5.1.2.4): UTCTime through 2049, GeneralizedTime from 2050
 * on, both in seconds and in Zulu. `undefined` for any other, and for a day or an hour that there is not.
 */
export function certificateTime(element: Element | undefined): Instant | undefined {
  const text = written(element)
  if (element?.tag === TAG.utcTime) return at(`${text < '5' ? '20' : '19'}${text}`)
  return element?.tag === TAG.generalizedTime && text >= '2050' ? at(text) : undefined
}

/** A GeneralizedTime of any year (RFC 6960 §4.2.2.1). */
export const generalizedTime = (element: Element | undefined): Instant | undefined =>
  element?.tag === TAG.generalizedTime ? at(written(element)) : undefined

const written = (element: Element | undefined): string =>
  element === undefined || element.content.length > 15
    ? ''
    : Array.from(element.content, (octet) => String.fromCharCode(octet)).join('')

function at(text: string): Instant | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  const time = Date.parse(`${iso}Z`)
  // The 30th of February would be read as a day of March.
  return Number.isNaN(time) || !new Date(time).toISOString().startsWith(iso)
    ? undefined
    : instant(time / 1000)
}
