import type { Instant } from '../../kernel/instant.ts'
import type { Certificate } from './certificate.ts'
import {
  type Element,
  elements,
  inside,
  objectIdentifier,
  sameBytes,
  smallInteger,
  TAG,
  unsignedHex,
  wholeOctets,
} from './der.ts'
import { comparableName, type DistinguishedName, namePartsOf } from './distinguished-name.ts'
import { type Extensions, extensionsOf } from './extensions.ts'
import type { Signed } from './signature.ts'
import { generalizedTime } from './time.ts'

/** Which certificate is meant (RFC 6960 §4.1.1), by SHA-1: identifiers, which no security rests on. */
export interface CertificateId {
  readonly issuerNameHash: Uint8Array
  readonly issuerKeyHash: Uint8Array
  readonly serial: string
}

export type CertificateStatus = 'good' | 'revoked' | 'unknown'

/** What a responder says of one certificate (RFC 6960 §4.2.1). */
export interface SingleAnswer {
  /** `undefined` when it is by another digest than ours. */
  readonly id: CertificateId | undefined
  readonly status: CertificateStatus
  readonly thisUpdate: Instant
  readonly nextUpdate: Instant | undefined
}

/** A basic response (RFC 6960 §4.2.1), as it reads: nobody has looked at its signature. */
export interface OcspAnswer {
  /** Who says that it answers: a name, or the SHA-1 of a key. */
  readonly responder: { readonly name: DistinguishedName } | { readonly keyHash: Uint8Array }
  readonly producedAt: Instant
  readonly answers: readonly SingleAnswer[]
  readonly nonce: Uint8Array | undefined
  readonly signed: Signed
  /** Certificates that came along, DER. */
  readonly certificates: readonly Uint8Array[]
}

export type UnreadableAnswer = 'unreadable' | 'no-answer' | 'unknown-critical-extension'

const NONCE = '1.3.6.1.5.5.7.48.1.2'
const BASIC = '1.3.6.1.5.5.7.48.1.1'
const SHA_1 = '1.3.14.3.2.26'
/** `AlgorithmIdentifier` of SHA-1, with its NULL. */
const SHA_1_DER = Uint8Array.of(0x30, 9, 0x06, 5, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0)
const NONCE_DER = Uint8Array.of(0x06, 9, 0x2b, 6, 1, 5, 5, 7, 0x30, 1, 2)
/** An answer is about one certificate; the rest of it is the responder's own. */
const LONGEST = 64 * 1024

/** What a responder is asked for this certificate under. */
export async function certificateId(certificate: Certificate, issuer: Certificate): Promise<CertificateId> {
  const [issuerNameHash, issuerKeyHash] = await Promise.all([
    sha1(certificate.issuerDer),
    sha1(issuer.publicKey.bits),
  ])
  return { issuerNameHash, issuerKeyHash, serial: certificate.serial }
}

/** A request about one certificate (RFC 6960 §4.1), not signed, with a nonce (§4.4.1, RFC 9654). */
export function ocspRequest(id: CertificateId, nonce: Uint8Array): Uint8Array {
  const serial = Uint8Array.from(id.serial.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))
  const positive = (serial[0] ?? 0) < 0x80 ? serial : Uint8Array.of(0, ...serial)
  const certId = der(
    TAG.sequence,
    SHA_1_DER,
    der(TAG.octetString, id.issuerNameHash),
    der(TAG.octetString, id.issuerKeyHash),
    der(TAG.integer, positive),
  )
  const extension = der(TAG.sequence, NONCE_DER, der(TAG.octetString, der(TAG.octetString, nonce)))
  const list = der(TAG.sequence, der(TAG.sequence, certId))
  return der(TAG.sequence, der(TAG.sequence, list, der(0xa2, der(TAG.sequence, extension))))
}

/** Reads an answer (RFC 6960 §4.2). Linear. Never throws. */
export function readOcspAnswer(
  bytes: Uint8Array,
): OcspAnswer | { readonly rejected: UnreadableAnswer; readonly detail: string } {
  const unreadable = { rejected: 'unreadable', detail: 'no answer that we read' } as const
  if (bytes.length > LONGEST) return { rejected: 'unreadable', detail: `${bytes.length} bytes` }
  const [response, trailing] = elements(bytes) ?? []
  const [status, body, more] = inside(response, TAG.sequence) ?? []
  if (trailing !== undefined || more !== undefined || status?.tag !== TAG.enumerated) return unreadable
  // §4.2.1: only `successful` (0) has an answer; the others (tryLater, unauthorized…) are not signed.
  if (status.content.length !== 1 || status.content[0] !== 0)
    return { rejected: 'no-answer', detail: `status ${status.content[0]}` }
  const [type, octets] = inside(inside(body, 0xa0)?.[0], TAG.sequence) ?? []
  if (objectIdentifier(type) !== BASIC || octets?.tag !== TAG.octetString) return unreadable

  const [basic, behind] = elements(octets.content) ?? []
  const [data, algorithm, signatureValue, certs, extra] = inside(basic, TAG.sequence) ?? []
  const signature = wholeOctets(signatureValue)
  const said = responseData(data)
  const certificates = certs === undefined ? [] : inside(inside(certs, 0xa0)?.[0], TAG.sequence)
  if (behind !== undefined || extra !== undefined || data === undefined || said === undefined)
    return unreadable
  if (algorithm?.tag !== TAG.sequence || signature === undefined || certificates === undefined)
    return unreadable
  // §4.4: extensions are optional to support, but a critical one that is not understood spoils the answer.
  if (said.critical)
    return { rejected: 'unknown-critical-extension', detail: 'a critical extension of the answer' }
  return {
    ...said.read,
    signed: { bytes: data.whole, algorithm: algorithm.whole, signature },
    certificates: certificates.map(({ whole }) => whole),
  }
}

/** A `ResponseData` (RFC 6960 §4.2.1). */
function responseData(
  data: Element | undefined,
): { critical: boolean; read: Omit<OcspAnswer, 'signed' | 'certificates'> } | undefined {
  const all = inside(data, TAG.sequence) ?? []
  const versioned = all[0]?.tag === 0xa0
  if (versioned && smallInteger(inside(all[0], 0xa0)?.[0]) !== 0) return undefined
  const [id, produced, list, extra, more] = versioned ? all.slice(1) : all
  const responder = responderId(id)
  const producedAt = generalizedTime(produced)
  const answers = inside(list, TAG.sequence)?.map(singleAnswer)
  const extensions = extra === undefined ? NONE : extra.tag === 0xa1 ? extensionsIn(extra) : undefined
  if (responder === undefined || producedAt === undefined || answers === undefined || more !== undefined)
    return undefined
  if (extensions === undefined) return undefined
  const read = answers.filter((answer) => answer !== undefined)
  if (read.length !== answers.length) return undefined
  const nonceValue = extensions.get(NONCE)?.value
  const [nonce, after] = nonceValue === undefined ? [] : (elements(nonceValue) ?? [])
  if (nonceValue !== undefined && (nonce?.tag !== TAG.octetString || after !== undefined)) return undefined
  const critical =
    read.some((answer) => answer.critical) ||
    [...extensions].some(([oid, extension]) => extension.critical && oid !== NONCE)
  return {
    critical,
    read: { responder, producedAt, answers: read.map(({ answer }) => answer), nonce: nonce?.content },
  }
}

function responderId(id: Element | undefined): OcspAnswer['responder'] | undefined {
  const [value, more] = id?.tag === 0xa1 || id?.tag === 0xa2 ? (elements(id.content) ?? []) : []
  if (value === undefined || more !== undefined) return undefined
  if (id?.tag === 0xa2) return value.tag === TAG.octetString ? { keyHash: value.content } : undefined
  const parts = namePartsOf(value)
  return parts && { name: comparableName(parts) }
}

function singleAnswer(element: Element): { critical: boolean; answer: SingleAnswer } | undefined {
  const [certId, said, start, ...optional] = inside(element, TAG.sequence) ?? []
  const status = statusOf(said)
  const thisUpdate = generalizedTime(start)
  const dated = optional[0]?.tag === 0xa0 ? optional[0] : undefined
  const [time, moreTime] = dated === undefined ? [] : (inside(dated, 0xa0) ?? [])
  const nextUpdate = generalizedTime(time)
  const [extra, more] = dated === undefined ? optional : optional.slice(1)
  const extensions = extra === undefined ? NONE : extra.tag === 0xa1 ? extensionsIn(extra) : undefined
  if (certId === undefined || status === undefined || thisUpdate === undefined || extensions === undefined)
    return undefined
  if ((dated !== undefined && nextUpdate === undefined) || moreTime !== undefined || more !== undefined)
    return undefined
  const id = certificateIdOf(certId)
  if (id === 'malformed') return undefined
  return {
    critical: [...extensions.values()].some(({ critical }) => critical),
    answer: { id, status, thisUpdate, nextUpdate },
  }
}

function certificateIdOf(element: Element): CertificateId | undefined | 'malformed' {
  const [algorithm, name, key, serialNumber, more] = inside(element, TAG.sequence) ?? []
  const oid = objectIdentifier(inside(algorithm, TAG.sequence)?.[0])
  const serial = unsignedHex(serialNumber)
  if (oid === undefined || serial === undefined || more !== undefined) return 'malformed'
  if (name?.tag !== TAG.octetString || key?.tag !== TAG.octetString) return 'malformed'
  return oid === SHA_1 ? { issuerNameHash: name.content, issuerKeyHash: key.content, serial } : undefined
}

/** RFC 6960 §4.2.1: `good [0]`, `revoked [1]`, `unknown [2]`. When and why it was revoked changes nothing here. */
function statusOf(element: Element | undefined): CertificateStatus | undefined {
  if (element?.tag === 0x80 && element.content.length === 0) return 'good'
  if (element?.tag === 0xa1) return 'revoked'
  return element?.tag === 0x82 && element.content.length === 0 ? 'unknown' : undefined
}

const NONE: Extensions = new Map()
function extensionsIn(explicit: Element): Extensions | undefined {
  const [list, more] = elements(explicit.content) ?? []
  return more === undefined ? extensionsOf(list) : undefined
}

/** Whether both mean the same certificate. */
export const sameCertificate = (a: CertificateId, b: CertificateId): boolean =>
  a.serial === b.serial &&
  sameBytes(a.issuerNameHash, b.issuerNameHash) &&
  sameBytes(a.issuerKeyHash, b.issuerKeyHash)

/** SHA-1, as OCSP identifies issuers and responders. */
export const sha1 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-1', bytes.slice()))

/** An element with this tag and contents (X.690 §8.1, §10.1). */
function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const length = contents.reduce((sum, { length }) => sum + length, 0)
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Uint8Array.from([tag, ...size, ...contents.flatMap((content) => [...content])])
}
