import type { Instant } from '../../kernel/instant.ts'
import {
  booleanOf,
  type Element,
  elementAt,
  elements,
  hexOf,
  inside,
  sameBytes,
  TAG,
  unsignedHex,
  wholeOctets,
} from './der.ts'
import { comparableName, type DistinguishedName, namePartsOf } from './distinguished-name.ts'
import { type Extensions, extensionsOf } from './extensions.ts'
import type { Signed } from './signature.ts'
import { certificateTime } from './time.ts'

/** Which certificates of its issuer a list speaks of (RFC 5280 §5.2.5). */
export interface ListScope {
  readonly of: 'all' | 'users' | 'authorities'
  /** Names of the distribution point, when the list is for that one only. */
  readonly points: readonly string[]
}

/** A complete list of its issuer (RFC 5280 §5.1). Its entries are walked, never held: a list may be 64 MB. */
export interface RevocationList {
  readonly issuer: DistinguishedName
  readonly thisUpdate: Instant
  readonly nextUpdate: Instant
  /** `cRLNumber`, hexadecimal (§5.2.3). */
  readonly number: string
  readonly authorityKeyId: string | undefined
  readonly scope: ListScope
  /** What stands in `revokedCertificates`. */
  readonly entries: Uint8Array
  readonly signed: Signed
}

export interface Revoked {
  /** As `Certificate.serial`. */
  readonly serial: string
  readonly at: Instant
  /** `CRLReason` (§5.3.1), when it is given. */
  readonly reason: number | undefined
}

export type ListRejection =
  | 'unreadable'
  /** Changes to another list, which we do not keep (§5.2.4). */
  | 'delta'
  /** Of certificates that others issued (§5.2.5), or of some reasons only. */
  | 'indirect'
  | 'partial'
  /** No `cRLNumber` or no `nextUpdate`, which every issuer must give (§5.2.3, §5.1.2.5). */
  | 'no-number'
  | 'no-next-update'
  | 'unknown-critical-extension'
  | 'other-issuer'
  | 'not-a-list-signer'
  | 'broken-signature'
  | 'unsupported-algorithm'
  | 'not-yet-valid'
  | 'out-of-date'

const EXTENSION = {
  cRLNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  holdInstructionCode: '2.5.29.23',
  invalidityDate: '2.5.29.24',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  authorityKeyIdentifier: '2.5.29.35',
} as const
const UNDERSTOOD: readonly string[] = Object.values(EXTENSION)

/** Nothing of a list but its entries is longer; checked before anything is taken apart. */
const LONGEST_FIELD = 16 * 1024
/** Serial numbers have at most 20 octets (§4.1.2.2), and one more for their sign. */
const LONGEST_SERIAL = 21
const NO_ENTRIES = new Uint8Array()

/** Reads what a list says of itself. Linear, and takes no memory for the entries. Never throws. */
export function readRevocationList(der: Uint8Array): RevocationList | { readonly rejected: ListRejection } {
  const unreadable = { rejected: 'unreadable' } as const
  const whole = elementAt(der, 0)
  if (whole?.tag !== TAG.sequence || whole.whole.length !== der.length) return unreadable
  const [tbs, algorithm, signatureValue, more] = fields(whole.content, 3) ?? []
  const signature = short(signatureValue) ? wholeOctets(signatureValue) : undefined
  if (tbs?.tag !== TAG.sequence || !short(algorithm) || signature === undefined || more) return unreadable

  // RFC 5280 §5.1.2: nextUpdate and revokedCertificates may be left out; the rest of version 2 may not.
  const [version, inner, name, start, ...optional] = fields(tbs.content, 7) ?? []
  if (unsignedHex(version) !== '01' || !short(name)) return unreadable
  // §5.1.1.2: "This field MUST contain the same algorithm identifier as the signature field".
  if (inner === undefined || algorithm === undefined || !sameBytes(inner.whole, algorithm.whole))
    return unreadable
  const parts = namePartsOf(name)
  const thisUpdate = certificateTime(start)
  const isTime = optional[0]?.tag === TAG.utcTime || optional[0]?.tag === TAG.generalizedTime
  const nextUpdate = isTime ? certificateTime(optional[0]) : undefined
  const dated = isTime ? optional.slice(1) : optional
  const listed = dated[0]?.tag === TAG.sequence ? dated[0] : undefined
  const [last, unexpected] = listed === undefined ? dated : dated.slice(1)
  if (parts === undefined || thisUpdate === undefined || unexpected !== undefined) return unreadable
  if (last !== undefined && !(short(last) && last.tag === 0xa0)) return unreadable
  if (isTime && nextUpdate === undefined) return unreadable

  const [list, trailing] = last === undefined ? [] : (inside(last, 0xa0) ?? [])
  const extensions = last === undefined ? new Map() : extensionsOf(list)
  if (extensions === undefined || trailing !== undefined) return unreadable
  const said = listExtensions(extensions)
  if ('rejected' in said) return said
  // §5.1.2.5: "Conforming CRL issuers MUST include the nextUpdate field in all CRLs."
  if (nextUpdate === undefined) return { rejected: 'no-next-update' }
  const signed = { bytes: tbs.whole, algorithm: algorithm.whole, signature }
  return {
    issuer: comparableName(parts),
    thisUpdate,
    nextUpdate,
    ...said,
    entries: listed?.content ?? NO_ENTRIES,
    signed,
  }
}

/** RFC 5280 §5.2, in the order in which a reader is best told what is wrong. */
function listExtensions(
  extensions: Extensions,
): Pick<RevocationList, 'number' | 'authorityKeyId' | 'scope'> | { readonly rejected: ListRejection } {
  if (extensions.has(EXTENSION.deltaCRLIndicator)) return { rejected: 'delta' }
  // §5.2: "if a CRL contains a critical extension that the application cannot process, then the application MUST NOT
  // use that CRL to determine the status of certificates".
  if (hasUnknownCritical(extensions)) return { rejected: 'unknown-critical-extension' }
  const point = extensions.get(EXTENSION.issuingDistributionPoint)
  const scope: ListScope | ListRejection =
    point === undefined ? { of: 'all', points: [] } : scopeOf(only(point.value))
  if (typeof scope === 'string') return { rejected: scope }
  const numbered = extensions.get(EXTENSION.cRLNumber)
  if (numbered === undefined) return { rejected: 'no-number' }
  const number = unsignedHex(only(numbered.value))
  const key = extensions.get(EXTENSION.authorityKeyIdentifier)
  const keyFields = key === undefined ? [] : inside(only(key.value), TAG.sequence)
  // §5.2.3: "CRLNumber values MUST NOT be longer than 20 octets".
  if (number === undefined || number.length > 40 || keyFields === undefined) return { rejected: 'unreadable' }
  const id = keyFields.find(({ tag }) => tag === 0x80)
  return { number, scope, authorityKeyId: id && hexOf(id.content) }
}

/** RFC 5280 §5.2.5. A list of some reasons, of attribute certificates or of other issuers' is not ours to read. */
function scopeOf(element: Element | undefined): ListScope | ListRejection {
  const parts = inside(element, TAG.sequence)
  if (parts === undefined) return 'unreadable'
  const flag = (tag: number): boolean | undefined => {
    const found = parts.find((part) => part.tag === tag)
    return found === undefined ? false : booleanOf({ ...found, tag: TAG.boolean })
  }
  const [users, authorities, indirect, attributes] = [0x81, 0x82, 0x84, 0x85].map(flag)
  if ([users, authorities, indirect, attributes].includes(undefined)) return 'unreadable'
  if (indirect) return 'indirect'
  if (attributes || (users && authorities) || parts.some(({ tag }) => tag === 0xa3 || tag === 0x83))
    return 'partial'
  const of = users ? 'users' : authorities ? 'authorities' : 'all'
  const point = parts.find(({ tag }) => tag === 0xa0)
  if (point === undefined) return { of, points: [] }
  const names = inside(inside(point, 0xa0)?.[0], 0xa0)
  const points = names?.flatMap(({ tag, content }) =>
    tag === 0x86 ? [Array.from(content, (octet) => String.fromCharCode(octet)).join('')] : [],
  )
  // A point named otherwise than by an address cannot be compared with what certificates name.
  return points === undefined || points.length === 0 ? 'partial' : { of, points }
}

/**
 * The entries, one after the other, in bounded memory. The last thing that it gives may be why the list is not to be
 * used: then nothing of what came before counts either.
 */
export function* revokedIn({
  entries,
}: RevocationList): Generator<Revoked | { readonly rejected: ListRejection }> {
  let at = 0
  while (at < entries.length) {
    const entry = elementAt(entries, at)
    const read = entry === undefined ? undefined : revokedOf(entry)
    yield read ?? { rejected: 'unreadable' }
    if (entry === undefined || read === undefined || 'rejected' in read) return
    at += entry.whole.length
  }
}

function revokedOf(entry: Element): Revoked | { readonly rejected: ListRejection } | undefined {
  if (entry.tag !== TAG.sequence || !short(entry)) return undefined
  const [serialNumber, date, list, more] = fields(entry.content, 3) ?? []
  if (serialNumber === undefined || serialNumber.content.length > LONGEST_SERIAL) return undefined
  const serial = unsignedHex(serialNumber)
  const at = certificateTime(date)
  if (serial === undefined || at === undefined || more !== undefined) return undefined
  if (list === undefined) return { serial, at, reason: undefined }
  const extensions = extensionsOf(list)
  if (extensions === undefined) return undefined
  // §5.3.3: an entry of another issuer's certificate makes all that follow theirs too.
  if (extensions.has(EXTENSION.certificateIssuer)) return { rejected: 'indirect' }
  // §5.3: as for the list, one unknown critical extension spoils it whole.
  if (hasUnknownCritical(extensions)) return { rejected: 'unknown-critical-extension' }
  const coded = extensions.get(EXTENSION.reasonCode)
  if (coded === undefined) return { serial, at, reason: undefined }
  const code = only(coded.value)
  const [reason, other] = code?.tag === TAG.enumerated ? code.content : []
  return reason === undefined || other !== undefined ? undefined : { serial, at, reason }
}

/** Up to this many elements, `undefined` when there are more or it is not DER: bounded, whoever wrote it. */
function fields(bytes: Uint8Array, most: number): readonly Element[] | undefined {
  const found: Element[] = []
  let at = 0
  while (at < bytes.length) {
    const next = elementAt(bytes, at)
    if (next === undefined || found.length === most) return undefined
    found.push(next)
    at += next.whole.length
  }
  return found
}

/** The one element of an extension's value. */
function only(value: Uint8Array): Element | undefined {
  const [element, more] = elements(value) ?? []
  return more === undefined ? element : undefined
}

const short = (element: Element | undefined): boolean =>
  element !== undefined && element.whole.length <= LONGEST_FIELD

const hasUnknownCritical = (extensions: Extensions): boolean =>
  [...extensions].some(([oid, { critical }]) => critical && !UNDERSTOOD.includes(oid))
