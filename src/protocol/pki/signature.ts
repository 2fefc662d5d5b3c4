import {
  type Element,
  elements,
  inside,
  objectIdentifier,
  sameBytes,
  smallInteger,
  TAG,
  unsignedHex,
} from './der.ts'

/** What somebody signed: a certificate, a list of revocations, an OCSP answer (RFC 5280 §4.1.1). */
export interface Signed {
  /** The DER that the signature is over. */
  readonly bytes: Uint8Array
  /** The `AlgorithmIdentifier` as it is encoded. */
  readonly algorithm: Uint8Array
  readonly signature: Uint8Array
}

/** A `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7). */
export interface PublicKey {
  readonly der: Uint8Array
  /** The contents of `subjectPublicKey`, without its octet of unused bits: what OCSP hashes (RFC 6960 §4.1.1). */
  readonly bits: Uint8Array
}

export type SignatureFinding = 'good' | 'broken' | 'unsupported'

type Hash = keyof typeof DIGEST_OCTETS
type Scheme =
  | { readonly name: 'RSASSA-PKCS1-v1_5' | 'ECDSA'; readonly hash: Hash }
  | { readonly name: 'RSA-PSS'; readonly hash: Hash; readonly saltLength: number }

/**
 * The algorithms that count. SHA-1 and MD5 are not here: their collisions forge certificates (RFC 6194 §3, RFC 6151
 * §2). Neither are DSA, Ed25519 and the brainpool curves: no card has them, and the runtime verifies only some.
 */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  // RFC 4055 §5.
  '1.2.840.113549.1.1.11': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
  '1.2.840.113549.1.1.12': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-384' },
  '1.2.840.113549.1.1.13': { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-512' },
  // RFC 5758 §3.2.
  '1.2.840.10045.4.3.2': { name: 'ECDSA', hash: 'SHA-256' },
  '1.2.840.10045.4.3.3': { name: 'ECDSA', hash: 'SHA-384' },
  '1.2.840.10045.4.3.4': { name: 'ECDSA', hash: 'SHA-512' },
}
/** RFC 4055 §3.1: its parameters say the rest. */
const RSASSA_PSS = '1.2.840.113549.1.1.10'
const MGF1 = '1.2.840.113549.1.1.8'

/** RFC 4055 §2.1. */
const HASHES: Readonly<Record<string, Hash>> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}
const DIGEST_OCTETS = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64 } as const

const RSA = '1.2.840.113549.1.1.1'
/** SP 800-57 part 1 §5.6.1: 112 bits of strength at least; and at most what is still verified in a moment. */
const RSA_BITS = { least: 2048, most: 8192 }
const EC = '1.2.840.10045.2.1'
/** RFC 5480 §2.1.1.1. */
const CURVES: Readonly<Record<string, { readonly namedCurve: string; readonly octets: number }>> = {
  '1.2.840.10045.3.1.7': { namedCurve: 'P-256', octets: 32 },
  '1.3.132.0.34': { namedCurve: 'P-384', octets: 48 },
  '1.3.132.0.35': { namedCurve: 'P-521', octets: 66 },
}

type KeyKind =
  | { readonly family: 'RSA' }
  | { readonly family: 'EC'; readonly namedCurve: string; readonly octets: number }

/** Whether this key made this signature. `unsupported` when the algorithm or the key is not in our table. Never throws. */
export async function verifySigned(
  { bytes, algorithm, signature }: Signed,
  by: PublicKey,
): Promise<SignatureFinding> {
  const scheme = schemeOf(algorithm)
  const kind = kindOf(by)
  if (scheme === undefined || kind === undefined) return 'unsupported'
  if ((scheme.name === 'ECDSA') !== (kind.family === 'EC')) return 'unsupported'
  const raw = kind.family === 'EC' ? rawSignature(signature, kind.octets) : signature
  if (raw === undefined) return 'broken'
  const { name, hash } = scheme
  try {
    const parameters = kind.family === 'EC' ? { name, namedCurve: kind.namedCurve } : { name, hash }
    const key = await crypto.subtle.importKey('spki', new Uint8Array(by.der), parameters, false, ['verify'])
    const good = await crypto.subtle.verify(
      scheme.name === 'RSA-PSS' ? { name, saltLength: scheme.saltLength } : { name, hash },
      key,
      new Uint8Array(raw),
      // Not a copy: a list of revocations may be half of what an isolate has.
      bytes as BufferSource,
    )
    return good ? 'good' : 'broken'
  } catch {
    // The runtime has no such key: a point that is not on its curve, an exponent that it does not take.
    return 'unsupported'
  }
}

/** Whether a key is of a kind and a strength that count, its holder's or an authority's. */
export const isStrong = (key: PublicKey): boolean => kindOf(key) !== undefined

function schemeOf(algorithm: Uint8Array): Scheme | undefined {
  const [identifier] = elements(algorithm) ?? []
  const [oid, parameters, more] = inside(identifier, TAG.sequence) ?? []
  const name = objectIdentifier(oid)
  if (name === undefined || more !== undefined) return undefined
  if (name === RSASSA_PSS) return pssOf(parameters)
  const scheme = SCHEMES[name]
  // RFC 4055 §5: NULL, and absent is to be taken as well. RFC 5758 §3.2: "MUST omit the parameters field".
  const fine = scheme?.name === 'ECDSA' ? parameters === undefined : nothing(parameters)
  return fine ? scheme : undefined
}

/** RFC 4055 §3.1. What is left out means SHA-1, so everything has to be there but the trailer. */
function pssOf(parameters: Element | undefined): Scheme | undefined {
  const [hashField, maskField, saltField, ...rest] = inside(parameters, TAG.sequence) ?? []
  const hash = hashOf(only(hashField, 0xa0))
  const [mask, maskHash, more] = inside(only(maskField, 0xa1), TAG.sequence) ?? []
  const saltLength = smallInteger(only(saltField, 0xa2))
  const [trailer, beyond] = rest
  const trailed = trailer === undefined || smallInteger(only(trailer, 0xa3)) === 1
  if (hash === undefined || objectIdentifier(mask) !== MGF1 || more !== undefined) return undefined
  // RFC 8017 §9.1: the mask's hash should be the same, and the salt as long as the hash: none other is in use.
  if (hashOf(maskHash) !== hash || saltLength !== DIGEST_OCTETS[hash]) return undefined
  return trailed && beyond === undefined ? { name: 'RSA-PSS', hash, saltLength } : undefined
}

function hashOf(element: Element | undefined): Hash | undefined {
  const [oid, parameters, more] = inside(element, TAG.sequence) ?? []
  const name = objectIdentifier(oid)
  return name === undefined || !nothing(parameters) || more !== undefined ? undefined : HASHES[name]
}

/** `NULL` or not there. */
const nothing = (element: Element | undefined): boolean =>
  element === undefined || (element.tag === TAG.null && element.content.length === 0)

/** What a tag stands around. */
function only(element: Element | undefined, tag: number): Element | undefined {
  const [inner, more] = inside(element, tag) ?? []
  return more === undefined ? inner : undefined
}

function kindOf({ der, bits }: PublicKey): KeyKind | undefined {
  const [info] = elements(der) ?? []
  const [identifier] = inside(info, TAG.sequence) ?? []
  const [oid, parameters, more] = inside(identifier, TAG.sequence) ?? []
  const name = objectIdentifier(oid)
  if (more !== undefined) return undefined
  if (name === RSA) return parameters?.tag === TAG.null && rsaCounts(bits) ? { family: 'RSA' } : undefined
  // RFC 5480 §2.1.1: a curve by its name and nothing else.
  const curve = name === EC ? CURVES[objectIdentifier(parameters) ?? ''] : undefined
  // RFC 5480 §2.2: uncompressed, which is the form that must be supported.
  const whole = curve !== undefined && bits[0] === 0x04 && bits.length === 1 + 2 * curve.octets
  return whole ? { family: 'EC', ...curve } : undefined
}

/** RFC 8017 §A.1.1. FIPS 186-5 §5.1: a modulus of 2048 bits at least, an odd exponent above 2^16. */
function rsaCounts(bits: Uint8Array): boolean {
  const [sequence, trailing] = elements(bits) ?? []
  const [modulus, exponent, more] = inside(sequence, TAG.sequence) ?? []
  const n = unsignedHex(modulus)
  const e = smallInteger(exponent)
  if (n === undefined || e === undefined || more !== undefined || trailing !== undefined) return false
  const length = (n.length - 2) * 4 + Number.parseInt(n.slice(0, 2), 16).toString(2).length
  return length >= RSA_BITS.least && length <= RSA_BITS.most && e > 0x10000 && e % 2 === 1
}

/** `ECDSA-Sig-Value` (RFC 3279 §2.2.3) as the two numbers side by side that WebCrypto takes. */
function rawSignature(signature: Uint8Array, octets: number): Uint8Array | undefined {
  const [sequence, trailing] = elements(signature) ?? []
  const [r, s, more] = inside(sequence, TAG.sequence) ?? []
  const raw = new Uint8Array(2 * octets)
  if (trailing !== undefined || more !== undefined) return undefined
  for (const [at, element] of [r, s].entries()) {
    // Positive, and as short as can be (X.690 §8.3.2): one signature has one form.
    if (element === undefined || unsignedHex(element) === undefined) return undefined
    const number = element.content[0] === 0 ? element.content.subarray(1) : element.content
    if (number.length > octets) return undefined
    raw.set(number, (at + 1) * octets - number.length)
  }
  return raw
}

/** RFC 5280 §4.1.1.2, §5.1.1.2: the algorithm that was signed is the one that is said outside of it. */
export const sameAlgorithm = ({ algorithm, inner }: { algorithm: Uint8Array; inner: Uint8Array }): boolean =>
  sameBytes(algorithm, inner)
