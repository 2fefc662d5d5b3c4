import type { Instant } from '../../kernel/instant.ts'
import {
  bits,
  boolean,
  bytesOfHex,
  type Der,
  explicit,
  hexOf,
  integer,
  NULL,
  octets,
  oid,
  type StringType,
  sequence,
  set,
  text,
  time,
} from './der-writer.ts'

/** One attribute of a name, by the dotted OID of its type. */
export interface NamePart {
  readonly type: string
  readonly value: string
  /** UTF8String when not said. */
  readonly as?: StringType
}

/** Relative names in the order of the certificate; each has one part, or several. */
export type Name = readonly (readonly NamePart[])[]

export interface IssuedExtension {
  readonly oid: string
  readonly critical: boolean
  /** The DER that the extension's OCTET STRING wraps. */
  readonly value: Uint8Array
}

/** What a certificate is to say (RFC 5280 §4.1.2). Nothing is checked: a test's bad certificate is made here too. */
export interface Profile {
  /** Hexadecimal, big-endian. */
  readonly serial: string
  readonly issuer: Name
  readonly subject: Name
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** `SubjectPublicKeyInfo`. */
  readonly publicKey: Uint8Array
  readonly extensions: readonly IssuedExtension[]
}

/** Whoever signs: an RSA (PKCS #1 v1.5) or ECDSA private key. */
export type SigningKey = CryptoKey

/** A certificate (RFC 5280 §4.1), signed. */
export const issueCertificate = (profile: Profile, key: SigningKey): Promise<Der> =>
  signed(
    sequence(
      explicit(0, integer(2)),
      integer(profile.serial),
      algorithmOf(key),
      nameDer(profile.issuer),
      sequence(time(profile.notBefore), time(profile.notAfter)),
      nameDer(profile.subject),
      profile.publicKey,
      explicit(3, extensionsDer(profile.extensions)),
    ),
    key,
  )

/** `SEQUENCE { tbs, algorithm, signature }`: the shape of certificates and of revocation lists. */
export const signed = async (tbs: Der, key: SigningKey): Promise<Der> =>
  sequence(tbs, algorithmOf(key), bits(await signatureOf(tbs, key)))

export const extensionsDer = (extensions: readonly IssuedExtension[]): Der =>
  sequence(
    ...extensions.map(({ oid: type, critical, value }) =>
      // X.690 §11.5: a component equal to its default is left out.
      sequence(oid(type), ...(critical ? [boolean(true)] : []), octets(value)),
    ),
  )

export const nameDer = (name: Name): Der =>
  sequence(
    ...name.map((parts) => set(...parts.map(({ type, value, as }) => sequence(oid(type), text(value, as))))),
  )

const RSA: Readonly<Record<string, string>> = {
  'SHA-1': '1.2.840.113549.1.1.5',
  'SHA-256': '1.2.840.113549.1.1.11',
  'SHA-384': '1.2.840.113549.1.1.12',
  'SHA-512': '1.2.840.113549.1.1.13',
}
/** The digest that goes with a curve, and the two together (RFC 5758 §3.2). */
const ECDSA: Readonly<Record<string, { readonly hash: string; readonly oid: string }>> = {
  'P-256': { hash: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
  'P-384': { hash: 'SHA-384', oid: '1.2.840.10045.4.3.3' },
}

/** The `AlgorithmIdentifier` of what this key signs (RFC 4055 §5: NULL parameters for RSA, none for ECDSA). */
export function algorithmOf({ algorithm }: SigningKey): Der {
  if ('namedCurve' in algorithm) return sequence(oid(ECDSA[String(algorithm.namedCurve)]?.oid ?? ''))
  return sequence(oid(RSA[hashName(algorithm)] ?? ''), NULL)
}

export async function signatureOf(bytes: Der, key: SigningKey): Promise<Uint8Array> {
  const { algorithm } = key
  if ('namedCurve' in algorithm) {
    const hash = ECDSA[String(algorithm.namedCurve)]?.hash ?? ''
    const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash }, key, bytes))
    const half = raw.length / 2
    return sequence(integer(hexOf(raw.subarray(0, half))), integer(hexOf(raw.subarray(half))))
  }
  return new Uint8Array(await crypto.subtle.sign(algorithm.name, key, bytes))
}

function hashName(algorithm: object): string {
  const hash: unknown = 'hash' in algorithm ? algorithm.hash : undefined
  return typeof hash === 'object' && hash !== null && 'name' in hash ? String(hash.name) : ''
}

/** RFC 5280 §4.2.1.2, first method: the SHA-1 of the key's bits, hexadecimal. It is a name, not a protection. */
export async function keyIdOf(publicKey: Uint8Array): Promise<string> {
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-1', keyBits(publicKey))))
}

/** The contents of `subjectPublicKey` without the octet of unused bits: the last element of the SPKI. */
export function keyBits(publicKey: Uint8Array): Der {
  const algorithm = publicKey.subarray(headerOf(publicKey))
  const bitString = algorithm.subarray(headerOf(algorithm) + lengthOf(algorithm))
  return new Uint8Array(bitString.subarray(headerOf(bitString) + 1))
}

const headerOf = (der: Uint8Array): number => ((der[1] ?? 0) < 0x80 ? 2 : 2 + ((der[1] ?? 0) & 0x7f))
const lengthOf = (der: Uint8Array): number =>
  (der[1] ?? 0) < 0x80 ? (der[1] ?? 0) : Number.parseInt(hexOf(der.subarray(2, headerOf(der))), 16)

/** A serial number of 16 octets from as many random ones: positive and not zero (RFC 5280 §4.1.2.2). */
export const serialFrom = (random: Uint8Array): string => {
  const bytes = bytesOfHex(hexOf(random.subarray(0, 16)))
  bytes[0] = 0x40 | ((bytes[0] ?? 0) & 0x3f)
  return hexOf(bytes)
}
