import { type Element, elements, hexOf, inside, objectIdentifier, TAG, textOf } from './der.ts'

/**
 * A distinguished name in one form for equal names (RFC 5280 §7.1): relative names in the order of the certificate,
 * the parts of each sorted, values without regard to case and to how many blanks stand where one does.
 */
export type DistinguishedName = readonly (readonly string[])[]

/** Short names of attribute types: those of RFC 4514 §3, and those that tools print besides. Compared in lower case. */
const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cn: '2.5.4.3',
    sn: '2.5.4.4',
    serialnumber: '2.5.4.5',
    c: '2.5.4.6',
    l: '2.5.4.7',
    st: '2.5.4.8',
    street: '2.5.4.9',
    o: '2.5.4.10',
    ou: '2.5.4.11',
    t: '2.5.4.12',
    title: '2.5.4.12',
    gn: '2.5.4.42',
    givenname: '2.5.4.42',
    dnqualifier: '2.5.4.46',
    pseudonym: '2.5.4.65',
    organizationidentifier: '2.5.4.97',
    uid: '0.9.2342.19200300.100.1.1',
    dc: '0.9.2342.19200300.100.1.25',
    emailaddress: '1.2.840.113549.1.9.1',
    e: '1.2.840.113549.1.9.1',
  }),
)

/** Whether two names are the same name. An empty name names nobody, so it equals none. */
export const sameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.length > 0 && nameKey(a) === nameKey(b)

/** One text for equal names. */
export const nameKey = (name: DistinguishedName): string => JSON.stringify(name)

/** One part of a name, as it is written. */
export interface NameAttribute {
  /** Dotted. */
  readonly type: string
  /** `undefined` when the value is not of a type that names are written in. */
  readonly text: string | undefined
  readonly value: Element
}

/** The parts of a `Name` (RFC 5280 §4.1.2.4), relative name by relative name, in the order of the certificate. */
export function namePartsOf(element: Element | undefined): readonly (readonly NameAttribute[])[] | undefined {
  return all(inside(element, TAG.sequence), (relative) => {
    // X.501 §9.3: a relative name has a part at least.
    const attributes = inside(relative, TAG.set)
    return attributes?.length === 0
      ? undefined
      : all(attributes, (attribute) => {
          const [type, value, more] = inside(attribute, TAG.sequence) ?? []
          const oid = objectIdentifier(type)
          return oid === undefined || value === undefined || more !== undefined
            ? undefined
            : { type: oid, text: textOf(value), value }
        })
  })
}

/** A `Name` in the form that compares. */
export const comparableName = (parts: readonly (readonly NameAttribute[])[]): DistinguishedName =>
  parts.map((relative) => relative.map(({ type, value }) => part(type, value)).toSorted())

/**
 * A name written as RFC 4514 has it, most specific part first, `undefined` when it is not such a text or names an
 * attribute type that we do not know. Blanks around the separators are passed over, as RFC 2253 §4 did.
 */
export function parseName(text: string): DistinguishedName | undefined {
  if (text.length > 1024) return undefined
  const relatives = split(text, ',')
  const read = all(relatives, (relative) => sorted(all(split(relative, '+'), attribute)))
  // RFC 4514 §2.1: "starting with the last element of the sequence and moving backwards toward the first".
  return read?.toReversed()
}

function attribute(text: string): string | undefined {
  const equals = text.indexOf('=')
  const type = text.slice(0, Math.max(equals, 0)).trim()
  const oid = /^[0-2](?:\.(?:0|[1-9][0-9]{0,14})){1,20}$/.test(type) ? type : TYPES.get(type.toLowerCase())
  if (oid === undefined) return undefined
  const value = text.slice(equals + 1)
  const hex = /^\s*#((?:[0-9a-f]{2})+)\s*$/i.exec(value)?.[1]
  if (hex !== undefined) {
    const [element, more] = elements(bytesOf(hex)) ?? []
    return element === undefined || more !== undefined ? undefined : part(oid, element)
  }
  const read = unescaped(value)
  return read === undefined ? undefined : `${oid}=${prepared(read)}`
}

/** Cuts where the separator stands unescaped. */
function split(text: string, separator: ',' | '+'): readonly string[] {
  const parts: string[] = []
  let from = 0
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++
    else if (text[i] === separator || (separator === ',' && text[i] === ';')) {
      parts.push(text.slice(from, i))
      from = i + 1
    }
  }
  parts.push(text.slice(from))
  return parts
}

/** RFC 4514 §2.4, §3: `\` before a special character, or before two hexadecimal digits that are an octet of UTF-8. */
function unescaped(value: string): string | undefined {
  const octets: number[] = []
  for (let i = 0; i < value.length; i++) {
    const character = value[i] ?? ''
    if (character !== '\\') {
      if ('"<>\0'.includes(character)) return undefined
      const point = value.codePointAt(i) ?? 0
      octets.push(...new TextEncoder().encode(String.fromCodePoint(point)))
      if (point > 0xffff) i++
      continue
    }
    const hex = value.slice(i + 1, i + 3)
    if (/^[0-9a-f]{2}$/i.test(hex)) {
      octets.push(Number.parseInt(hex, 16))
      i += 2
    } else if (/^[ "#+,;<=>\\]/.test(hex)) {
      octets.push(hex.charCodeAt(0))
      i += 1
    } else return undefined
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(new Uint8Array(octets))
  } catch {
    return undefined
  }
}

/** Values that are not text are compared by their DER (RFC 4517 §4.2: no other rule is known for them here). */
function part(oid: string, value: Element): string {
  const text = textOf(value)
  return text === undefined ? `${oid}#${hexOf(value.whole)}` : `${oid}=${prepared(text)}`
}

/** RFC 4518 §2, for what names are made of. */
const prepared = (text: string): string => text.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))

const sorted = (parts: readonly string[] | undefined) => parts?.toSorted()

/** Each read, or `undefined` as soon as one cannot be, or when there is none. */
function all<From, To>(
  items: readonly From[] | undefined,
  read: (item: From) => To | undefined,
): readonly To[] | undefined {
  if (items === undefined) return undefined
  const done: To[] = []
  for (const item of items) {
    const one = read(item)
    if (one === undefined) return undefined
    done.push(one)
  }
  return done
}
