/**
 * DER written by hand (X.690 §10). pkijs writes whole certificates, but neither a relative name of several parts nor
 * the private extensions of IGC-Santé, and a test's hostile certificate is written of the same pieces as a good one.
 */
export type Der = Uint8Array<ArrayBuffer>

/** One after the other. Takes a list, because a revocation list has more entries than a call may have arguments. */
export function joined(parts: readonly Uint8Array[]): Der {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Identifier, length in its shortest form, contents. */
export function element(tag: number, ...contents: readonly Uint8Array[]): Der {
  const content = joined(contents)
  if (content.length < 0x80) return joined([Uint8Array.of(tag, content.length), content])
  const length = bytesOfHex(content.length.toString(16))
  return joined([Uint8Array.of(tag, 0x80 | length.length), length, content])
}

export const sequence = (...parts: readonly Uint8Array[]): Der => element(0x30, ...parts)

/** `SET OF`: its members in ascending order of their encodings (X.690 §11.6). */
export const set = (...parts: readonly Uint8Array[]): Der =>
  element(0x31, ...parts.toSorted((a, b) => (hexOf(a) < hexOf(b) ? -1 : 1)))

/** `[number]` around a whole element, and `[number]` in place of an element's own tag (X.690 §8.14). */
export const explicit = (number: number, ...parts: readonly Uint8Array[]): Der =>
  element(0xa0 | number, ...parts)
export const implicit = (number: number, content: Uint8Array): Der => element(0x80 | number, content)

export const boolean = (value: boolean): Der => element(0x01, Uint8Array.of(value ? 0xff : 0))
export const NULL: Der = element(0x05)
export const octets = (content: Uint8Array): Der => element(0x04, content)
export const bits = (content: Uint8Array, unused = 0): Der => element(0x03, Uint8Array.of(unused), content)

/** A non-negative integer, given as a number or as big-endian hexadecimal. */
export function integer(value: number | string): Der {
  const bytes = bytesOfHex(typeof value === 'number' ? value.toString(16) : value)
  const from = Math.min(
    bytes.findIndex((octet) => octet !== 0),
    bytes.length - 1,
  )
  const shortest = from < 0 ? Uint8Array.of(0) : bytes.subarray(from)
  return element(0x02, (shortest[0] ?? 0) >= 0x80 ? joined([Uint8Array.of(0), shortest]) : shortest)
}
export const enumerated = (value: number): Der => element(0x0a, Uint8Array.of(value))

export function oid(dotted: string): Der {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return element(0x06, Uint8Array.from([first * 40 + second, ...rest].flatMap(arc)))
}

/** Base 128, most significant first, every octet but the last with its high bit set (X.690 §8.19.2). */
function arc(value: number): number[] {
  const digits = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128))
    digits.unshift(0x80 | (left % 128))
  return digits
}

/** A string type of names (RFC 5280 §4.1.2.4). */
export type StringType = 'utf8' | 'printable' | 'ia5' | 'bmp'

export function text(value: string, as: StringType = 'utf8'): Der {
  switch (as) {
    case 'utf8':
      return element(0x0c, new TextEncoder().encode(value))
    case 'printable':
      return element(0x13, new TextEncoder().encode(value))
    case 'ia5':
      return element(0x16, new TextEncoder().encode(value))
    case 'bmp':
      return element(
        0x1e,
        Uint8Array.from(
          value.split('').flatMap((unit) => [unit.charCodeAt(0) >> 8, unit.charCodeAt(0) & 255]),
        ),
      )
  }
}

/** RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050. `at` in seconds. */
export function time(at: number): Der {
  const digits = generalized(at)
  return digits < '2050'
    ? element(0x17, new TextEncoder().encode(digits.slice(2)))
    : element(0x18, new TextEncoder().encode(digits))
}
export const generalizedTime = (at: number): Der => element(0x18, new TextEncoder().encode(generalized(at)))

const generalized = (at: number): string =>
  `${new Date(at * 1000).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')

/** Hexadecimal of any length; an odd one is filled in front. */
export const bytesOfHex = (hex: string): Der =>
  Uint8Array.from((hex.length % 2 === 0 ? hex : `0${hex}`).match(/../g) ?? [], (octet) =>
    Number.parseInt(octet, 16),
  )

export const pemOf = (der: Uint8Array, label: string): string => {
  const base64 = btoa(Array.from(der, (octet) => String.fromCharCode(octet)).join(''))
  return `-----BEGIN ${label}-----\n${base64.replace(/.{1,64}/g, '$&\n')}-----END ${label}-----\n`
}
