import type { Instant } from '../../src/kernel/instant.ts'
import { instant } from '../../src/kernel/instant.ts'
import {
  bits,
  type Der,
  explicit,
  hexOf,
  integer,
  oid,
  sequence,
  time,
} from '../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  basicConstraints,
  CLIENT_AUTH,
  certificatePolicies,
  extendedKeyUsage,
  keyUsage,
  subjectKeyId,
} from '../../src/sandbox/authority/extensions.ts'
import {
  extensionsDer,
  type IssuedExtension,
  keyIdOf,
  type Name,
  nameDer,
} from '../../src/sandbox/authority/issue.ts'
import { curveKeys, type Keys } from '../../src/sandbox/authority/keys.ts'

/**
 * Invented authorities for the tests of paths. Unlike the sandbox's, each of their certificates may be wrong in any
 * way: `Made` says what one is to be, and what is not said is as it should be.
 */
export const NOW: Instant = instant(Date.UTC(2026, 10, 22) / 1000)
export const DAY = 86_400
export const POLICY = '1.2.250.1.213.1.7.2.1.1.1.1'
export const ANY_POLICY = '2.5.29.32.0'

export interface Party {
  readonly name: string
  readonly keys: Keys
  readonly der: Der
}

export interface Made {
  readonly name?: string
  /** The name of the issuer, when it is not that of who signs. */
  readonly issuerName?: string
  readonly keys?: Keys
  readonly notBefore?: number
  readonly notAfter?: number
  readonly extensions?: readonly IssuedExtension[]
  readonly scheme?: SignatureScheme
  /** The `AlgorithmIdentifier` inside and outside of what is signed, when it is not the scheme's. */
  readonly inner?: Uint8Array
  readonly outer?: Uint8Array
  readonly subject?: Uint8Array
  readonly serial?: Uint8Array
  readonly tail?: readonly Uint8Array[]
}

export interface SignatureScheme {
  readonly identifier: Der
  sign(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>
}

export const nameOf = (commonName: string): Name => [
  [{ type: '2.5.4.6', value: 'FR', as: 'printable' }],
  [{ type: '2.5.4.10', value: 'Autorités d’essai' }],
  [{ type: '2.5.4.3', value: commonName }],
]

const half =
  (hash: string, octets: number): SignatureScheme['sign'] =>
  async (key, bytes) => {
    const raw = new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash }, key, bytes))
    return sequence(integer(hexOf(raw.subarray(0, octets))), integer(hexOf(raw.subarray(octets))))
  }
/** ECDSA with the digest of this length (RFC 5758 §3.2) and a curve of so many octets. */
export const ecdsa = (length: 256 | 384 | 512 = 256, octets = 32): SignatureScheme => ({
  identifier: sequence(oid(`1.2.840.10045.4.3.${length / 128 === 2 ? 2 : length === 384 ? 3 : 4}`)),
  sign: half(`SHA-${length}`, octets),
})

let shared: Promise<readonly Keys[]> | undefined
/** A few pairs of keys, made once: what is tested is not how they are made. */
export const keysNumber = async (number: number): Promise<Keys> => {
  shared ??= Promise.all([1, 2, 3, 4, 5].map(() => curveKeys()))
  const keys = (await shared)[number]
  if (keys === undefined) throw new Error('there are five pairs')
  return keys
}

/** What an authority's certificate has, and what a card's. */
export const authorityExtensions = (pathLength?: number): readonly IssuedExtension[] => [
  basicConstraints(true, pathLength),
  keyUsage('keyCertSign', 'cRLSign'),
  certificatePolicies(ANY_POLICY),
]
export const leafExtensions: readonly IssuedExtension[] = [
  keyUsage('digitalSignature'),
  extendedKeyUsage(CLIENT_AUTH),
  certificatePolicies(POLICY),
]

/** `extensions` with these in the place of those of the same type. */
export const replacing = (
  extensions: readonly IssuedExtension[],
  ...others: readonly IssuedExtension[]
): readonly IssuedExtension[] => [
  ...extensions.filter((one) => !others.some((other) => other.oid === one.oid)),
  ...others,
]
export const without = (extensions: readonly IssuedExtension[], type: string): readonly IssuedExtension[] =>
  extensions.filter((one) => one.oid !== type)

/** A certificate of `made`, signed by `by`, or by itself. */
export async function certified(by: Party | undefined, made: Made): Promise<Party> {
  const name = made.name ?? 'feuille'
  const keys = made.keys ?? (await keysNumber(4))
  const issuer = by ?? { name, keys }
  const scheme = made.scheme ?? ecdsa()
  const extensions = [
    ...(made.extensions ?? leafExtensions),
    subjectKeyId(await keyIdOf(keys.publicKey)),
    authorityKeyId(await keyIdOf(issuer.keys.publicKey)),
  ].filter(
    (one, at, all) => all.findIndex((other) => other.oid === one.oid) === at || made.tail !== undefined,
  )
  const tbs = sequence(
    explicit(0, integer(2)),
    made.serial ?? integer(1000 + name.length),
    made.inner ?? scheme.identifier,
    nameDer(nameOf(made.issuerName ?? issuer.name)),
    sequence(time(made.notBefore ?? NOW - 30 * DAY), time(made.notAfter ?? NOW + 300 * DAY)),
    made.subject ?? nameDer(nameOf(name)),
    keys.publicKey,
    ...(made.tail ?? [explicit(3, extensionsDer(extensions))]),
  )
  const signature = await scheme.sign(issuer.keys.privateKey, tbs)
  return { name, keys, der: sequence(tbs, made.outer ?? scheme.identifier, bits(signature)) }
}
