/** One element of DER (X.690 §8.1, §10.1): its identifier octet and its contents. */
export interface Element {
  /** Class, constructed bit and number, as they are written. Numbers above 30 are not read. */
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and contents. */
  readonly whole: Uint8Array
}

export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const

/** The elements that these bytes are made of, `undefined` when they are not DER to the last one. Linear. */
export function elements(bytes: Uint8Array): readonly Element[] | undefined {
  const found: Element[] = []
  let at = 0
  while (at < bytes.length) {
    const next = elementAt(bytes, at)
    if (next === undefined) return undefined
    found.push(next)
    at += next.whole.length
  }
  return found
}

/** The elements inside one of this tag, `undefined` when it is another or not well formed. */
export const inside = (element: Element | undefined, tag: number): readonly Element[] | undefined =>
  element?.tag === tag ? elements(element.content) : undefined

/** The element that begins here. What is too long to be taken apart at once is walked with it. */
export function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  let start = at + 2
  let length = first
  if (first >= 0x80) {
    // X.690 §8.1.3.5, §10.1: definite, and as short as can be. Four octets are 4 GB: enough.
    const octets = first & 0x7f
    if (octets === 0 || octets > 4) return undefined
    length = 0
    for (let i = 0; i < octets; i++) {
      const octet = bytes[start + i]
      if (octet === undefined || (i === 0 && octet === 0)) return undefined
      length = length * 256 + octet
    }
    if (length < 0x80) return undefined
    start += octets
  }
  const end = start + length
  if (end > bytes.length) return undefined
  return { tag, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}

/** An object identifier in dotted form (X.690 §8.19), `undefined` when it is none. */
export function objectIdentifier(element: Element | undefined): string | undefined {
  if (element?.tag !== TAG.objectIdentifier || element.content.length === 0 || element.content.length > 64)
    return undefined
  const arcs: number[] = []
  let arc = 0
  let open = false
  for (const octet of element.content) {
    if (!open && octet === 0x80) return undefined
    arc = arc * 128 + (octet & 0x7f)
    if (arc > Number.MAX_SAFE_INTEGER / 128) return undefined
    open = octet >= 0x80
    if (!open) {
      arcs.push(arc)
      arc = 0
    }
  }
  const [first, ...rest] = arcs
  if (open || first === undefined) return undefined
  const root = Math.min(Math.floor(first / 40), 2)
  return [root, first - root * 40, ...rest].join('.')
}

/** `TRUE` or `FALSE` (X.690 §11.1: all ones or none), `undefined` for anything else. */
export function booleanOf(element: Element | undefined): boolean | undefined {
  if (element?.tag !== TAG.boolean || element.content.length !== 1) return undefined
  return element.content[0] === 0xff ? true : element.content[0] === 0 ? false : undefined
}

/**
 * The octets of an integer that is not negative, without the one that only keeps it positive, in lower-case
 * hexadecimal; `undefined` for a negative one and for one that is not as short as can be (X.690 §8.3.2).
 */
export function unsignedHex(element: Element | undefined): string | undefined {
  if (element?.tag !== TAG.integer) return undefined
  const [first, second, ...more] = element.content
  if (first === undefined || first >= 0x80) return undefined
  if (first !== 0 || second === undefined) return hexOf(element.content)
  return second < 0x80 ? undefined : hexOf(new Uint8Array([second, ...more]))
}

/** A small integer, not negative. */
export function smallInteger(element: Element | undefined): number | undefined {
  const hex = unsignedHex(element)
  return hex === undefined || hex.length > 8 ? undefined : Number.parseInt(hex, 16)
}

/** The octets of a bit string of whole octets (X.690 §8.6), as keys and signatures are. */
export const wholeOctets = (element: Element | undefined): Uint8Array | undefined =>
  element?.tag === TAG.bitString && element.content[0] === 0 ? element.content.subarray(1) : undefined

/** Which bits of a list of named ones are set, numbered as X.690 §8.6.2 does. At most 16 of them. */
export function namedBits(element: Element | undefined): readonly number[] | undefined {
  if (element?.tag !== TAG.bitString) return undefined
  const [unused, ...octets] = element.content.length > 3 ? [] : element.content
  if (unused === undefined || unused > 7 || (octets.length === 0 && unused > 0)) return undefined
  const bits = octets.flatMap((octet, at) =>
    [0, 1, 2, 3, 4, 5, 6, 7].filter((bit) => (octet & (0x80 >> bit)) !== 0).map((bit) => at * 8 + bit),
  )
  // X.690 §11.2.1: unused bits are zero. §11.2.2 would have no zero bit at the end either; many have, and it says the same.
  return bits.some((bit) => bit >= octets.length * 8 - unused) ? undefined : bits
}

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (octet) => octet.toString(16).padStart(2, '0')).join('')

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((octet, at) => octet === b[at])

/** Text of the string types that names are written in (RFC 5280 §4.1.2.4, Appendix B), `undefined` for others. */
export function textOf({ tag, content }: Element): string | undefined {
  switch (tag) {
    case 0x0c:
      return decoded('utf-8', content)
    case 0x12:
    case 0x13:
    case 0x16:
    case 0x1a:
      return content.some((octet) => octet > 0x7f) ? undefined : decoded('utf-8', content)
    case 0x14:
      // TeletexString: what certificates hold there is Latin-1, whatever the standard says.
      return Array.from(content, (octet) => String.fromCharCode(octet)).join('')
    case 0x1e:
      return content.length % 2 === 0 ? decoded('utf-16be', content) : undefined
    default:
      return undefined
  }
}

function decoded(encoding: 'utf-8' | 'utf-16be', content: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content)
  } catch {
    return undefined
  }
}
