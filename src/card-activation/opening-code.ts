import { address } from '../kernel/handle.ts'
import type { ObjectName } from '../kernel/identifiers.ts'

/**
 * Characters of a typed code: 58 bits. A login's has eight, whose guesser is a known phone; who guesses here is nobody
 * yet, and what would be won is an e-CPS. The length alone tells one from the other.
 */
export const OPENING_CODE_LENGTH = 12

/** Not what a login's QR begins with, so that neither is taken for the other. */
const SCHEME = 'SERMENT1A:'

/** The text of the QR: read by the e-CPS only. */
export const openingText = (activation: ObjectName, secret: string): string =>
  `${SCHEME}${activation}.${secret}`

/** The two halves of a scanned text, or `undefined` for any other QR in the world. Never throws. */
export function readOpeningText(scanned: string): { activation: ObjectName; secret: string } | undefined {
  if (!scanned.startsWith(SCHEME)) return undefined
  const found = address(scanned.slice(SCHEME.length))
  return found === undefined ? undefined : { activation: found.object, secret: found.secret }
}
