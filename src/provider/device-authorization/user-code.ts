import { base64url } from 'jose'
import type { Mac } from '../../kernel/derived-key.ts'
import type { Entropy } from '../../kernel/handle.ts'
import { ObjectName } from '../../kernel/identifiers.ts'
import { below } from '../../mire/dynamic-code.ts'

/**
 * Consonants only: no words by accident, no case, nothing to take for a digit, and one keyboard on a phone
 * (RFC 8628 §6.1).
 */
const ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
const LENGTH = 8

/** A fresh code, 8 letters without its dash: 34 bits, some minutes, behind a limit of attempts (RFC 8628 §5.1). */
export const newUserCode = (entropy: Entropy): string =>
  Array.from({ length: LENGTH }, () => ALPHABET[below(ALPHABET.length, entropy)]).join('')

/** `XXXX-XXXX`, as both screens show it. */
export const shownUserCode = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`

/**
 * What someone typed as a code: case, dashes, spaces and other marks do not matter (RFC 8628 §6.1). `undefined` when
 * it cannot be one. Never throws; linear.
 */
export function readUserCode(typed: string): string | undefined {
  if (typed.length > 64) return undefined
  const code = typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
  return code.length === LENGTH && [...code].every((letter) => ALPHABET.includes(letter)) ? code : undefined
}

/** The object that a code leads to: named by a keyed digest, so that a name says nothing of the code. */
export const objectOfUserCode = async (mac: Mac, code: string): Promise<ObjectName> =>
  ObjectName.parse(base64url.encode((await mac(code)).subarray(0, 16)))
