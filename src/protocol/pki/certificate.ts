import { type Instant, instant } from '../../kernel/instant.ts'
import { type Element, elements, inside, objectIdentifier, TAG } from './der.ts'
import { type DistinguishedName, nameOf } from './distinguished-name.ts'

/** What of a certificate says whose it is and when it holds (RFC 5280 §4.1). Its signature is not looked at here. */
export interface Certificate {
  readonly notBefore: Instant
  readonly notAfter: Instant
  readonly subject: DistinguishedName
  /** Subject alternative names (RFC 5280 §4.2.1.6), as they are written but for `ip`, which is its octets. */
  readonly dns: readonly string[]
  readonly uri: readonly string[]
  readonly email: readonly string[]
  readonly ip: readonly Uint8Array[]
}

/** The platform does not hand on more than 10 kB of a certificate. */
const LONGEST = 16 * 1024
const SUBJECT_ALT_NAME = '2.5.29.17'

/** Reads a certificate (RFC 5280 §4.1), `undefined` when it is none. Never throws; linear. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > LONGEST) return undefined
  const [whole, more] = elements(der) ?? []
  const [tbs] = inside(whole, TAG.sequence) ?? []
  const fields = inside(tbs, TAG.sequence)
  if (fields === undefined || more !== undefined) return undefined
  // RFC 5280 §4.1: version is `[0]` and left out of version 1.
  const from = fields[0]?.tag === 0xa0 ? 1 : 0
  const [serial, , , validity, name] = fields.slice(from)
  const [start, end] = inside(validity, TAG.sequence) ?? []
  const notBefore = time(start)
  const notAfter = time(end)
  const subject = nameOf(name)
  const alternatives = alternativeNames(fields.find(({ tag }) => tag === 0xa3))
  if (
    serial?.tag !== TAG.integer ||
    notBefore === undefined ||
    notAfter === undefined ||
    subject === undefined ||
    alternatives === undefined
  ) {
    return undefined
  }
  return {
    notBefore,
    notAfter,
    subject,
    dns: ascii(alternatives, 0x82),
    uri: ascii(alternatives, 0x86),
    email: ascii(alternatives, 0x81),
    ip: alternatives.filter(({ tag }) => tag === 0x87).map(({ content }) => content),
  }
}

/** The `GeneralName`s of the extensions, none when there are none. */
function alternativeNames(extensions: Element | undefined): readonly Element[] | undefined {
  if (extensions === undefined) return []
  const list = inside(inside(extensions, 0xa3)?.[0], TAG.sequence)
  if (list === undefined) return undefined
  // RFC 5280 §4.2: "A certificate MUST NOT include more than one instance of a particular extension."
  const found = list.filter(
    (extension) => objectIdentifier(inside(extension, TAG.sequence)?.[0]) === SUBJECT_ALT_NAME,
  )
  if (found.length > 1) return undefined
  if (found[0] === undefined) return []
  const value = inside(found[0], TAG.sequence)?.at(-1)
  return inside(inside(value, TAG.octetString)?.[0], TAG.sequence)
}

const ascii = (names: readonly Element[], wanted: number): string[] =>
  names.flatMap(({ tag, content }) =>
    tag === wanted && content.every((octet) => octet > 0x20 && octet < 0x7f)
      ? [Array.from(content, (octet) => String.fromCharCode(octet)).join('')]
      : [],
  )

/** RFC 5280 §4.1.2.5: UTCTime until 2049, GeneralizedTime after, both in seconds and in Zulu. */
function time(element: Element | undefined): Instant | undefined {
  if (element === undefined || element.content.length > 15) return undefined
  const text = Array.from(element.content, (octet) => String.fromCharCode(octet)).join('')
  const digits = element.tag === TAG.utcTime ? `${text < '5' ? '20' : '19'}${text}` : text
  if (element.tag !== TAG.utcTime && element.tag !== TAG.generalizedTime) return undefined
  const match = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(digits)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second] = match
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  return Number.isNaN(at) ? undefined : instant(at / 1000)
}
