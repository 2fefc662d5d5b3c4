import type { Instant } from '../../src/kernel/instant.ts'
import { instant } from '../../src/kernel/instant.ts'
import { type Certificate, readCertificate } from '../../src/protocol/pki/certificate.ts'
import type { RevocationList } from '../../src/protocol/pki/crl.ts'
import { readRevocationList } from '../../src/protocol/pki/crl.ts'
import {
  type Der,
  enumerated,
  explicit,
  integer,
  joined,
  sequence,
  time,
} from '../../src/sandbox/authority/der-writer.ts'
import {
  authorityKeyId,
  basicConstraints,
  CLIENT_AUTH,
  certificatePolicies,
  crlDistributionPoints,
  extendedKeyUsage,
  keyUsage,
  subjectKeyId,
  type Usage,
} from '../../src/sandbox/authority/extensions.ts'
import {
  algorithmOf,
  extensionsDer,
  type IssuedExtension,
  issueCertificate,
  keyIdOf,
  type Name,
  nameDer,
  signed,
} from '../../src/sandbox/authority/issue.ts'
import { curveKeys, type Keys } from '../../src/sandbox/authority/keys.ts'

/** When these tests take place. */
export const NOW: Instant = instant(Date.UTC(2026, 10, 22, 12) / 1000)
export const HOUR = 3600
export const DAY = 24 * HOUR

export const POLICY = '1.2.250.1.213.1.7.2.1.1.1.1'

/** An invented authority, with its key in hand. */
export interface Issuer {
  readonly name: Name
  readonly keys: Keys
  readonly keyId: string
  readonly der: Der
  readonly certificate: Certificate
}

export const named = (commonName: string): Name => [
  [{ type: '2.5.4.10', value: 'AUTORITE INVENTEE' }],
  [{ type: '2.5.4.3', value: commonName }],
]

export function read(der: Uint8Array): Certificate {
  const certificate = readCertificate(der)
  if (certificate === undefined) throw new Error('a certificate of these tests is not read')
  return certificate
}

/** An authority: a root when nobody issues it. */
export async function newIssuer(
  commonName: string,
  by?: Issuer,
  {
    usages = ['keyCertSign', 'cRLSign'],
    serial = '0a',
    keys: given,
  }: {
    readonly usages?: readonly Usage[]
    readonly serial?: string
    readonly keys?: Keys
  } = {},
): Promise<Issuer> {
  const keys = given ?? (await curveKeys())
  const keyId = await keyIdOf(keys.publicKey)
  const name = named(commonName)
  const der = await issueCertificate(
    {
      serial,
      issuer: by?.name ?? name,
      subject: name,
      notBefore: instant(NOW - 365 * DAY),
      notAfter: instant(NOW + 365 * DAY),
      publicKey: keys.publicKey,
      extensions: [
        basicConstraints(true),
        keyUsage(...usages),
        subjectKeyId(keyId),
        authorityKeyId(by?.keyId ?? keyId),
        ...(by === undefined ? [] : [certificatePolicies('2.5.29.32.0')]),
      ],
    },
    (by?.keys ?? keys).privateKey,
  )
  return { name, keys, keyId, der, certificate: read(der) }
}

let key: Promise<Keys> | undefined

/** A person's certificate. All have one key, for nobody here proves to have it. */
export async function newLeaf(
  by: Issuer,
  {
    serial = '0b',
    points = [],
    policies = [POLICY],
    extensions = [],
    keys,
    commonName = 'Une Personne',
  }: {
    readonly serial?: string
    readonly points?: readonly string[]
    readonly policies?: readonly string[]
    readonly extensions?: readonly IssuedExtension[]
    readonly keys?: Keys
    readonly commonName?: string
  } = {},
): Promise<Der> {
  key ??= curveKeys()
  const { publicKey } = keys ?? (await key)
  return issueCertificate(
    {
      serial,
      issuer: by.name,
      subject: named(commonName),
      notBefore: instant(NOW - DAY),
      notAfter: instant(NOW + 100 * DAY),
      publicKey,
      extensions: [
        ...(extensions.length > 0
          ? extensions
          : [keyUsage('digitalSignature'), extendedKeyUsage(CLIENT_AUTH)]),
        authorityKeyId(by.keyId),
        ...(policies.length === 0 ? [] : [certificatePolicies(...policies)]),
        ...(points.length === 0 ? [] : [crlDistributionPoints(...points)]),
      ],
    },
    by.keys.privateKey,
  )
}

/** One entry of a list, as a hostile authority might also write it. */
export interface Entry {
  readonly serial: string
  readonly at?: number
  readonly reason?: number
  readonly extensions?: readonly IssuedExtension[]
}

export const entryDer = ({ serial, at = NOW - DAY, reason, extensions = [] }: Entry): Der => {
  const all = [
    ...(reason === undefined ? [] : [{ oid: '2.5.29.21', critical: false, value: enumerated(reason) }]),
    ...extensions,
  ]
  return sequence(integer(serial), time(at), ...(all.length === 0 ? [] : [extensionsDer(all)]))
}

export interface ListParts {
  readonly version?: readonly Der[]
  readonly inner?: Der
  readonly issuer?: Name
  readonly thisUpdate?: number
  readonly nextUpdate?: number | 'none'
  readonly number?: number | string | 'none'
  readonly keyId?: string | 'none'
  readonly entries?: readonly Der[]
  readonly extensions?: readonly IssuedExtension[]
  readonly key?: CryptoKey
}

/** A list with everything that a good one has, but for what is said. */
export function listDer(by: Issuer, parts: ListParts = {}): Promise<Der> {
  const { issuer = by.name, entries = [], extensions = [], number = 1, keyId = by.keyId } = parts
  const { thisUpdate = NOW - HOUR, nextUpdate = NOW + DAY, version = [integer(1)] } = parts
  const key = parts.key ?? by.keys.privateKey
  const all = [
    ...(keyId === 'none' ? [] : [authorityKeyId(keyId)]),
    ...(number === 'none' ? [] : [{ oid: '2.5.29.20', critical: false, value: integer(number) }]),
    ...extensions,
  ]
  return signed(
    sequence(
      ...version,
      parts.inner ?? algorithmOf(key),
      nameDer(issuer),
      time(thisUpdate),
      ...(nextUpdate === 'none' ? [] : [time(nextUpdate)]),
      ...(entries.length === 0 ? [] : [sequence(joined(entries))]),
      ...(all.length === 0 ? [] : [explicit(0, extensionsDer(all))]),
    ),
    key,
  )
}

/** An `issuingDistributionPoint` (RFC 5280 §5.2.5), critical as it has to be. */
export const pointOf = (...parts: readonly Uint8Array[]): IssuedExtension => ({
  oid: '2.5.29.28',
  critical: true,
  value: sequence(...parts),
})

export function readList(der: Uint8Array): RevocationList {
  const list = readRevocationList(der)
  if ('rejected' in list) throw new Error(list.rejected)
  return list
}
