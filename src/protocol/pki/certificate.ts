import type { Instant } from '../../kernel/instant.ts'
import {
  type Element,
  elements,
  inside,
  objectIdentifier,
  smallInteger,
  TAG,
  unsignedHex,
  wholeOctets,
} from './der.ts'
import {
  comparableName,
  type DistinguishedName,
  type NameAttribute,
  namePartsOf,
} from './distinguished-name.ts'
import { type Extensions, extensionsOf, type Understood, understood } from './extensions.ts'
import type { PublicKey, Signed } from './signature.ts'
import { certificateTime } from './time.ts'

/** What a certificate says (RFC 5280 §4.1, §4.2). Whether it is true is for `validatePath`. */
export interface Certificate extends Understood {
  readonly der: Uint8Array
  /** Octets of the serial number in lower-case hexadecimal, without the one that only keeps it positive. */
  readonly serial: string
  readonly notBefore: Instant
  readonly notAfter: Instant
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** The `Name`s as they are encoded: what OCSP hashes (RFC 6960 §4.1.1). */
  readonly issuerDer: Uint8Array
  readonly subjectDer: Uint8Array
  /** The subject as it is written, relative name by relative name. */
  readonly subjectParts: readonly (readonly NameAttribute[])[]
  readonly extensions: Extensions
  /** What the issuer signed, and the algorithm that it names inside of it (RFC 5280 §4.1.1.2). */
  readonly signed: Signed & { readonly inner: Uint8Array }
  readonly publicKey: PublicKey
}

/** The platform does not hand on more than 10 kB of a certificate. */
const LONGEST = 16 * 1024
/** RFC 5280 §4.1.2.2: "Conforming CAs MUST NOT use serialNumber values longer than 20 octets." */
const LONGEST_SERIAL = 20 * 2

/** Reads a certificate (RFC 5280 §4.1), `undefined` when it is none. Never throws; linear. */
export function readCertificate(der: Uint8Array): Certificate | undefined {
  if (der.length > LONGEST) return undefined
  const [whole, trailing] = elements(der) ?? []
  const [tbs, algorithm, signatureValue, more] = inside(whole, TAG.sequence) ?? []
  const fields = tbsFields(tbs)
  const signature = wholeOctets(signatureValue)
  if (fields === undefined || tbs === undefined || algorithm?.tag !== TAG.sequence) return undefined
  if (signature === undefined || more !== undefined || trailing !== undefined) return undefined
  const { inner, issuerDer, subjectDer, ...rest } = fields
  return {
    der,
    ...rest,
    issuerDer,
    subjectDer,
    signed: { bytes: tbs.whole, algorithm: algorithm.whole, signature, inner },
  }
}

/** RFC 5280 §4.1.2, field by field. */
function tbsFields(tbs: Element | undefined) {
  const all = inside(tbs, TAG.sequence)
  const version = all?.[0]?.tag === 0xa0 ? smallInteger(inside(all[0], 0xa0)?.[0]) : 0
  // §4.1.2.1: version 1 is 0 and left out, 3 is 2.
  if (all === undefined || version === undefined || version > 2) return undefined
  if (all[0]?.tag === 0xa0 && version === 0) return undefined
  const [serialNumber, inner, issuerName, validity, subjectName, spki, ...optional] =
    all[0]?.tag === 0xa0 ? all.slice(1) : all
  const serial = unsignedHex(serialNumber)
  const issuerParts = namePartsOf(issuerName)
  const subjectParts = namePartsOf(subjectName)
  const [start, end, moreTime] = inside(validity, TAG.sequence) ?? []
  const notBefore = certificateTime(start)
  const notAfter = certificateTime(end)
  const publicKey = publicKeyOf(spki)
  const extensions = optionalFields(optional, version)
  const known = extensions === undefined ? undefined : understood(extensions)
  if (
    serial === undefined ||
    serial.length > LONGEST_SERIAL ||
    inner?.tag !== TAG.sequence ||
    issuerName === undefined ||
    issuerParts === undefined ||
    subjectName === undefined ||
    subjectParts === undefined ||
    notBefore === undefined ||
    notAfter === undefined ||
    moreTime !== undefined ||
    publicKey === undefined ||
    extensions === undefined ||
    known === undefined
  ) {
    return undefined
  }
  return {
    ...known,
    serial,
    notBefore,
    notAfter,
    issuer: comparableName(issuerParts),
    subject: comparableName(subjectParts),
    issuerDer: issuerName.whole,
    subjectDer: subjectName.whole,
    subjectParts,
    extensions,
    publicKey,
    inner: inner.whole,
  }
}

const NO_EXTENSIONS: Extensions = new Map()

/** §4.1.2.8: unique identifiers `[1]` and `[2]`, from version 2 on; §4.1.2.9: extensions `[3]`, of version 3 only. */
function optionalFields(fields: readonly Element[], version: number): Extensions | undefined {
  const tags = fields.map(({ tag }) => tag)
  const inOrder = tags.every((tag, at) => at === 0 || tag > (tags[at - 1] ?? 0))
  const allowed = version === 2 ? [0x81, 0x82, 0xa3] : version === 1 ? [0x81, 0x82] : []
  if (!inOrder || tags.some((tag) => !allowed.includes(tag))) return undefined
  const last = fields.at(-1)
  if (last?.tag !== 0xa3) return NO_EXTENSIONS
  const [list, more] = inside(last, 0xa3) ?? []
  return more === undefined ? extensionsOf(list) : undefined
}

/** A `SubjectPublicKeyInfo` (§4.1.2.7). */
function publicKeyOf(element: Element | undefined): PublicKey | undefined {
  const [algorithm, key, more] = inside(element, TAG.sequence) ?? []
  const bits = wholeOctets(key)
  const oid = objectIdentifier(inside(algorithm, TAG.sequence)?.[0])
  return element === undefined || bits === undefined || oid === undefined || more !== undefined
    ? undefined
    : { der: element.whole, bits }
}
