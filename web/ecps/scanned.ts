/** What every QR code of a mire begins with. */
export const QR_PREFIX = 'SERMENT1:'

/** What the QR code of an activation by card begins with. */
const OPENING_PREFIX = 'SERMENT1A:'

/** The text of a QR code if it is one of ours; a camera sees many others (a bus ticket, a vaccine). */
export const ourQr = (text: string): string | undefined =>
  text.startsWith(QR_PREFIX) && text.length <= 2000 ? text : undefined

/** The same for the QR code of an activation by card. */
export const openingQr = (text: string): string | undefined =>
  text.startsWith(OPENING_PREFIX) && text.length <= 2000 ? text : undefined

/** The eight characters of a typed code, or `undefined`. Case, spaces and any kind of dash do not matter. */
export const typedCode = (text: string): string | undefined => typed(text, 8)

/** The twelve of an activation by card. */
export const typedOpening = (text: string): string | undefined => typed(text, 12)

/** The code of 4 to 8 digits that services have to give (CIBA Core 1.0 §7.1 `user_code`), or `undefined`. */
export const typedUserCode = (text: string): string | undefined => /^\d{4,8}$/.exec(bare(text))?.[0]

const bare = (text: string): string => text.replace(/[\s\p{Pd}.]/gu, '')

function typed(text: string, length: number): string | undefined {
  const characters = bare(text.toUpperCase())
  return characters.length === length && /^[A-Z0-9]*$/.test(characters) ? characters : undefined
}

/**
 * The national identifier behind what a person types: a bare RPPS number (11 digits) gets its `8`, a bare ADELI number
 * (9) its `0`; spaces do not matter. Other kinds (`3…/…`, `5…/…`) are passed on as typed. `undefined` if it is none.
 */
export function typedNationalId(text: string): string | undefined {
  const compact = text.replace(/[\s.]/g, '')
  if (/^\d{11}$/.test(compact)) return `8${compact}`
  if (/^\d{9}$/.test(compact)) return `0${compact}`
  return /^\d[\w/-]{7,62}$/.test(compact) ? compact : undefined
}

/** A code received by mail or SMS, without what people copy around it. */
export const receivedCode = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').slice(0, 12)
