import { type Element, elements, smallInteger, TAG, textOf } from '../protocol/pki/der.ts'
import type { Extensions } from '../protocol/pki/extensions.ts'

/** What the private extensions of IGC-Santé say (PSC §6); `undefined` for one that is not there. */
export interface GipFields {
  /** gipCardType: 0 CPS, 1 CPF, 2 CDE or CPE, 3 CPA. */
  readonly cardType: 0 | 1 | 2 | 3 | undefined
  /** Issuer and number of the card, `8025000001/2600301752`. */
  readonly cardId: string | undefined
  /** What carries the key: a chip, or a file. */
  readonly offer: 'card' | 'software' | 'other' | undefined
  /** TRE_G15, two digits. */
  readonly profession: string | undefined
  /** The profession that somebody is in training for. */
  readonly training: string | undefined
}

/** Object identifiers of the private extensions (PSC §6). */
const GIP = {
  cardType: '1.2.250.1.71.1.2.2',
  cardId: '1.2.250.1.71.1.2.3',
  offer: '1.2.250.1.71.1.2.5',
  profession: '1.2.250.1.71.1.2.7',
  training: '1.2.250.1.71.1.2.8',
} as const

/** Reads them, or names the one that cannot be: a card with an odd one is not read by halves. */
export function gipFieldsOf(extensions: Extensions): GipFields | { readonly malformed: keyof typeof GIP } {
  const offer = extensions.get(GIP.offer)?.value
  const cardType = one(extensions, GIP.cardType, cardTypeOf)
  const cardId = one(extensions, GIP.cardId, cardIdOf)
  const profession = one(extensions, GIP.profession, professionOf)
  const training = one(extensions, GIP.training, professionOf)
  if (cardType === null) return { malformed: 'cardType' }
  if (cardId === null) return { malformed: 'cardId' }
  if (profession === null) return { malformed: 'profession' }
  if (training === null) return { malformed: 'training' }
  return { cardType, cardId, offer: offer === undefined ? undefined : offerOf(offer), profession, training }
}

/** `undefined` when the extension is not there, `null` when it cannot be read. */
function one<Value>(
  extensions: Extensions,
  oid: string,
  read: (element: Element) => Value | undefined,
): Value | undefined | null {
  const extension = extensions.get(oid)
  if (extension === undefined) return undefined
  const [element, more] = elements(extension.value) ?? []
  return element === undefined || more !== undefined ? null : (read(element) ?? null)
}

function cardTypeOf(element: Element): 0 | 1 | 2 | 3 | undefined {
  const number = smallInteger(element)
  return number === 0 || number === 1 || number === 2 || number === 3 ? number : undefined
}

function cardIdOf(element: Element): string | undefined {
  const text = textOf(element)
  return text !== undefined && /^[0-9]{10}\/[0-9]{10}$/.test(text) ? text : undefined
}

/** 0x80 or 0x83, in an OCTET STRING; the octet alone is no DER at all, so it can mean nothing else. */
function offerOf(value: Uint8Array): 'card' | 'software' | 'other' {
  const [element, more] = elements(value) ?? []
  const wrapped = element?.tag === TAG.octetString && more === undefined ? element.content : value
  const [octet] = wrapped.length === 1 ? wrapped : []
  return octet === 0x80 ? 'card' : octet === 0x83 ? 'software' : 'other'
}

/** Codes of the nomenclature have two digits. */
function professionOf(element: Element): string | undefined {
  const number = smallInteger(element)
  return number === undefined || number > 99 ? undefined : String(number).padStart(2, '0')
}
