import {
  bits,
  boolean,
  bytesOfHex,
  type Der,
  explicit,
  implicit,
  integer,
  NULL,
  octets,
  oid,
  sequence,
  text,
} from './der-writer.ts'
import type { IssuedExtension } from './issue.ts'

const ascii = (value: string): Uint8Array => new TextEncoder().encode(value)
const uri = (value: string): Der => implicit(6, ascii(value))

/** RFC 5280 §4.2.1.9. */
export const basicConstraints = (authority: boolean, pathLength?: number): IssuedExtension => ({
  oid: '2.5.29.19',
  critical: authority,
  value: sequence(
    ...(authority ? [boolean(true)] : []),
    ...(pathLength === undefined ? [] : [integer(pathLength)]),
  ),
})

/** RFC 5280 §4.2.1.3, the bits in their order. */
const USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const
export type Usage = (typeof USAGES)[number]

export function keyUsage(...usages: readonly Usage[]): IssuedExtension {
  const octet = usages.reduce((sum, usage) => sum | (0x80 >> USAGES.indexOf(usage)), 0)
  // X.690 §11.2.2: a list of named bits ends with its last bit that is set.
  let unused = 0
  while (unused < 7 && ((octet >> unused) & 1) === 0) unused++
  return { oid: '2.5.29.15', critical: true, value: bits(Uint8Array.of(octet), unused) }
}

/** Purposes, by OID (RFC 5280 §4.2.1.12). */
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
export const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4'
export const OCSP_SIGNING = '1.3.6.1.5.5.7.3.9'
export const SMART_CARD_LOGON = '1.3.6.1.4.1.311.20.2.2'

export const extendedKeyUsage = (...purposes: readonly string[]): IssuedExtension => ({
  oid: '2.5.29.37',
  critical: false,
  value: sequence(...purposes.map(oid)),
})

/** RFC 5280 §4.2.1.4. */
export const certificatePolicies = (...policies: readonly string[]): IssuedExtension => ({
  oid: '2.5.29.32',
  critical: false,
  value: sequence(...policies.map((policy) => sequence(oid(policy)))),
})

/** RFC 5280 §4.2.1.2 and §4.2.1.1; the key's id in hexadecimal. */
export const subjectKeyId = (keyId: string): IssuedExtension => ({
  oid: '2.5.29.14',
  critical: false,
  value: octets(bytesOfHex(keyId)),
})
export const authorityKeyId = (keyId: string): IssuedExtension => ({
  oid: '2.5.29.35',
  critical: false,
  value: sequence(implicit(0, bytesOfHex(keyId))),
})

/** RFC 5280 §4.2.1.13: one distribution point with these addresses. */
export const crlDistributionPoints = (...urls: readonly string[]): IssuedExtension => ({
  oid: '2.5.29.31',
  critical: false,
  value: sequence(sequence(explicit(0, explicit(0, ...urls.map(uri))))),
})

/** RFC 5280 §4.2.2.1. */
export const authorityInfoAccess = (where: {
  readonly ocsp?: string
  readonly caIssuers?: string
}): IssuedExtension => ({
  oid: '1.3.6.1.5.5.7.1.1',
  critical: false,
  value: sequence(
    ...(where.ocsp === undefined ? [] : [sequence(oid('1.3.6.1.5.5.7.48.1'), uri(where.ocsp))]),
    ...(where.caIssuers === undefined ? [] : [sequence(oid('1.3.6.1.5.5.7.48.2'), uri(where.caIssuers))]),
  ),
})

/** RFC 5280 §4.2.1.6: a user principal name, in the form that smart card logon reads. */
export const userPrincipalName = (name: string): IssuedExtension => ({
  oid: '2.5.29.17',
  critical: false,
  value: sequence(explicit(0, oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, text(name)))),
})
export const dnsNames = (...names: readonly string[]): IssuedExtension => ({
  oid: '2.5.29.17',
  critical: false,
  value: sequence(...names.map((name) => implicit(2, ascii(name)))),
})

/** RFC 6960 §4.2.2.2.1: the responder's own certificate is not to be looked up. */
export const OCSP_NO_CHECK: IssuedExtension = {
  oid: '1.3.6.1.5.5.7.48.1.5',
  critical: false,
  value: NULL,
}

/** The private extensions of the cards of IGC-Santé. */
export const gipCardType = (type: 0 | 1 | 2 | 3): IssuedExtension => ({
  oid: '1.2.250.1.71.1.2.2',
  critical: false,
  value: integer(type),
})
/** `<issuer of the card>/<number of the card>`. */
export const gipCardId = (cardId: string): IssuedExtension => ({
  oid: '1.2.250.1.71.1.2.3',
  critical: false,
  value: text(cardId, 'printable'),
})
/** What carries the key: a chip, or a file. */
export const gipOffer = (offer: 'card' | 'software'): IssuedExtension => ({
  oid: '1.2.250.1.71.1.2.5',
  critical: false,
  value: octets(Uint8Array.of(offer === 'card' ? 0x80 : 0x83)),
})
export const gipProfession = (code: number): IssuedExtension => ({
  oid: '1.2.250.1.71.1.2.7',
  critical: false,
  value: integer(code),
})
/** The profession of someone in training for it. */
export const gipFutureProfession = (code: number): IssuedExtension => ({
  oid: '1.2.250.1.71.1.2.8',
  critical: false,
  value: integer(code),
})
