import { address, type Entropy } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'
import { below } from './dynamic-code.ts'

/** Letters and digits that are not taken for one another in print or on the telephone: no 0 O, no 1 I L, no U. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 8

/** A fresh code to type, 8 characters without its dash: 39 bits, one person's to use, 90 seconds. */
export const newPairingCode = (entropy: Entropy, length = LENGTH): string =>
  Array.from({ length }, () => ALPHABET[below(ALPHABET.length, entropy)]).join('')

/** `XXXX-XXXX`, as it is shown: in fours. */
export const shownPairingCode = (code: string): string => code.replace(/.{4}(?=.)/g, '$&-')

/** What someone typed as a code: case, spaces and dashes do not matter. `undefined` when it cannot be one. */
export function readPairingCode(typed: string, length = LENGTH): string | undefined {
  if (typed.length > 32) return undefined
  const code = typed.toUpperCase().replace(/[\s\p{Pd}._]/gu, '')
  return code.length === length && [...code].every((letter) => ALPHABET.includes(letter)) ? code : undefined
}

const SCHEME = 'SERMENT1:'

/** The text of the QR: read by the e-CPS only, so no URL that a camera would open somewhere else. */
export const pairingText = (login: ObjectName, secret: string): string => `${SCHEME}${login}.${secret}`

/** The two halves of a scanned text, or `undefined` for any other QR in the world. Never throws. */
export function readPairingText(scanned: string): { login: ObjectName; secret: string } | undefined {
  if (!scanned.startsWith(SCHEME)) return undefined
  const found = address(scanned.slice(SCHEME.length))
  return found === undefined ? undefined : { login: found.object, secret: found.secret }
}
