import {
  booleanOf,
  type Element,
  elements,
  hexOf,
  inside,
  namedBits,
  objectIdentifier,
  smallInteger,
  TAG,
  textOf,
} from './der.ts'

export interface Extension {
  readonly critical: boolean
  /** The contents of `extnValue`. */
  readonly value: Uint8Array
}
export type Extensions = ReadonlyMap<string, Extension>

/** Object identifiers of the extensions that are read here (RFC 5280 §4.2.1, §4.2.2). */
export const EXTENSION = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
} as const

/** RFC 5280 §4.2.1.3, in the order of the bits. */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const
export type KeyUsage = (typeof KEY_USAGES)[number]

/** What of the extensions is understood. */
export interface Understood {
  readonly dns: readonly string[]
  readonly uri: readonly string[]
  readonly email: readonly string[]
  readonly ip: readonly Uint8Array[]
  readonly upn: string | undefined
  readonly subjectKeyId: string | undefined
  readonly authorityKeyId: string | undefined
  readonly isAuthority: boolean
  readonly pathLength: number | undefined
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly policies: readonly string[]
  readonly crlDistributionPoints: readonly string[]
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
}

const UPN = '1.3.6.1.4.1.311.20.2.3'
const OCSP = '1.3.6.1.5.5.7.48.1'
const CA_ISSUERS = '1.3.6.1.5.5.7.48.2'

/** An `Extensions` (RFC 5280 §4.1, §4.2); each is there once, or none is read. */
export function extensionsOf(list: Element | undefined): Extensions | undefined {
  const found = new Map<string, Extension>()
  const items = inside(list, TAG.sequence)
  if (items === undefined || items.length === 0) return undefined
  for (const item of items) {
    const fields = inside(item, TAG.sequence) ?? []
    const oid = objectIdentifier(fields[0])
    // `FALSE` is the default and should be left out (X.690 §11.5); written out, it says the same.
    const critical = fields.length === 3 ? booleanOf(fields[1]) : false
    const value = fields[fields.length - 1]
    if (oid === undefined || critical === undefined || fields.length < 2 || fields.length > 3)
      return undefined
    // RFC 5280 §4.2: "A certificate MUST NOT include more than one instance of a particular extension."
    if (value?.tag !== TAG.octetString || found.has(oid)) return undefined
    found.set(oid, { critical, value: value.content })
  }
  return found
}

/** Reads those that are known; `undefined` as soon as one of them is malformed. */
export function understood(extensions: Extensions): Understood | undefined {
  const read = <Value>(oid: string, reader: (element: Element) => Value | undefined, absent: Value) => {
    const extension = extensions.get(oid)
    if (extension === undefined) return { value: absent }
    const [element, more] = elements(extension.value) ?? []
    const value = element === undefined || more !== undefined ? undefined : reader(element)
    return value === undefined ? undefined : { value }
  }
  const names = read(EXTENSION.subjectAltName, alternativeNames, NO_NAMES)
  const subjectKeyId = read<string | undefined>(EXTENSION.subjectKeyIdentifier, keyId, undefined)
  const authorityKey = read<{ id: string | undefined }>(
    EXTENSION.authorityKeyIdentifier,
    authorityKeyIdentifier,
    {
      id: undefined,
    },
  )
  const constraints = read(EXTENSION.basicConstraints, basicConstraints, NO_AUTHORITY)
  const keyUsage = read<ReadonlySet<KeyUsage> | undefined>(EXTENSION.keyUsage, usages, undefined)
  const extended = read<readonly string[] | undefined>(EXTENSION.extKeyUsage, identifiers, undefined)
  const policies = read<readonly string[]>(EXTENSION.certificatePolicies, policyIdentifiers, [])
  const points = read<readonly string[]>(EXTENSION.cRLDistributionPoints, distributionPoints, [])
  const access = read(EXTENSION.authorityInfoAccess, accessDescriptions, NO_ACCESS)
  if (
    names === undefined ||
    subjectKeyId === undefined ||
    authorityKey === undefined ||
    constraints === undefined ||
    keyUsage === undefined ||
    extended === undefined ||
    policies === undefined ||
    points === undefined ||
    access === undefined
  ) {
    return undefined
  }
  return {
    ...names.value,
    subjectKeyId: subjectKeyId.value,
    authorityKeyId: authorityKey.value.id,
    ...constraints.value,
    keyUsage: keyUsage.value,
    extendedKeyUsage: extended.value,
    policies: policies.value,
    crlDistributionPoints: points.value,
    ...access.value,
  }
}

type Names = Pick<Understood, 'dns' | 'uri' | 'email' | 'ip' | 'upn'>
const NO_NAMES: Names = { dns: [], uri: [], email: [], ip: [], upn: undefined }

/** RFC 5280 §4.2.1.6. Names that are not visible ASCII are none; a zero octet has deceived others. */
function alternativeNames(element: Element): Names | undefined {
  const names = inside(element, TAG.sequence)
  if (names === undefined || names.length === 0) return undefined
  const upns = names.filter(({ tag }) => tag === 0xa0).map(principalName)
  const known = upns.filter((upn) => typeof upn === 'string')
  // Of two principals, neither.
  if (upns.includes(undefined) || known.length > 1) return undefined
  return {
    dns: ascii(names, 0x82),
    uri: ascii(names, 0x86),
    email: ascii(names, 0x81),
    ip: names.filter(({ tag }) => tag === 0x87).map(({ content }) => content),
    upn: known[0],
  }
}

/** The text of an `otherName` that is a UPN, `null` for one that is something else, `undefined` when malformed. */
function principalName({ content }: Element): string | null | undefined {
  const [type, value, more] = elements(content) ?? []
  const oid = objectIdentifier(type)
  if (oid === undefined || value?.tag !== 0xa0 || more !== undefined) return undefined
  if (oid !== UPN) return null
  const [text, rest] = elements(value.content) ?? []
  return text === undefined || rest !== undefined ? undefined : textOf(text)
}

const ascii = (names: readonly Element[], wanted: number): string[] =>
  names.flatMap(({ tag, content }) => (tag === wanted ? visible(content) : []))

const visible = (content: Uint8Array): string[] =>
  content.every((octet) => octet > 0x20 && octet < 0x7f)
    ? [Array.from(content, (octet) => String.fromCharCode(octet)).join('')]
    : []

/** RFC 5280 §4.2.1.2. */
const keyId = ({ tag, content }: Element): string | undefined =>
  tag === TAG.octetString && content.length > 0 ? hexOf(content) : undefined

/** RFC 5280 §4.2.1.1: `[0] keyIdentifier`, `[1]` and `[2]` the issuer's own issuer and serial number, which we pass over. */
function authorityKeyIdentifier(element: Element): { id: string | undefined } | undefined {
  const fields = inside(element, TAG.sequence)
  if (fields === undefined || fields.length > 3) return undefined
  const tags = fields.map(({ tag }) => tag)
  if (!/^(?:128)?,?(?:161)?,?(?:130)?$/.test(tags.join(','))) return undefined
  const id = fields.find(({ tag }) => tag === 0x80)
  return id?.content.length === 0 ? undefined : { id: id === undefined ? undefined : hexOf(id.content) }
}

const NO_AUTHORITY: Pick<Understood, 'isAuthority' | 'pathLength'> = {
  isAuthority: false,
  pathLength: undefined,
}

/** RFC 5280 §4.2.1.9: `cA` is `FALSE` when it is left out; a path length is only for an authority. */
function basicConstraints(element: Element): Pick<Understood, 'isAuthority' | 'pathLength'> | undefined {
  const fields = inside(element, TAG.sequence)
  if (fields === undefined) return undefined
  const [first] = fields
  const isAuthority = first?.tag === TAG.boolean ? booleanOf(first) : false
  const [length, more] = fields.slice(first?.tag === TAG.boolean ? 1 : 0)
  const pathLength = smallInteger(length)
  if (isAuthority === undefined || more !== undefined) return undefined
  if (length !== undefined && (pathLength === undefined || !isAuthority)) return undefined
  return { isAuthority, pathLength }
}

/** RFC 5280 §4.2.1.3: "at least one of the bits MUST be set". */
function usages(element: Element): ReadonlySet<KeyUsage> | undefined {
  const bits = namedBits(element)
  const set = new Set(bits?.flatMap((bit) => KEY_USAGES[bit] ?? []))
  return set.size === 0 ? undefined : set
}

/** A sequence of object identifiers, one at least. */
function identifiers(element: Element): readonly string[] | undefined {
  const oids = inside(element, TAG.sequence)?.map(objectIdentifier)
  return complete(oids)
}

/** RFC 5280 §4.2.1.4: each policy once. Qualifiers are for people to read. */
function policyIdentifiers(element: Element): readonly string[] | undefined {
  const oids = complete(
    inside(element, TAG.sequence)?.map((policy) => objectIdentifier(inside(policy, TAG.sequence)?.[0])),
  )
  return oids === undefined || new Set(oids).size !== oids.length ? undefined : oids
}

/**
 * RFC 5280 §4.2.1.13: `[0] { [0] fullName { [6] uri } }`. A point with `reasons` is a part of a list, one with
 * `cRLIssuer` is somebody else's list: neither is a complete list of this issuer, so neither is told.
 */
function distributionPoints(element: Element): readonly string[] | undefined {
  const uris: string[] = []
  const points = inside(element, TAG.sequence)
  if (points === undefined || points.length === 0) return undefined
  for (const point of points) {
    const fields = inside(point, TAG.sequence)
    if (fields === undefined) return undefined
    const [name] = inside(fields[0], 0xa0) ?? []
    const names = inside(name, 0xa0)
    if (fields.length === 1 && names !== undefined) uris.push(...ascii(names, 0x86))
  }
  return uris
}

const NO_ACCESS: Pick<Understood, 'ocsp' | 'caIssuers'> = { ocsp: [], caIssuers: [] }

/** RFC 5280 §4.2.2.1. */
function accessDescriptions(element: Element): Pick<Understood, 'ocsp' | 'caIssuers'> | undefined {
  const descriptions = inside(element, TAG.sequence)
  if (descriptions === undefined || descriptions.length === 0) return undefined
  const ocsp: string[] = []
  const caIssuers: string[] = []
  for (const description of descriptions) {
    const [method, location, more] = inside(description, TAG.sequence) ?? []
    const oid = objectIdentifier(method)
    if (oid === undefined || location === undefined || more !== undefined) return undefined
    if (oid === OCSP) ocsp.push(...ascii([location], 0x86))
    if (oid === CA_ISSUERS) caIssuers.push(...ascii([location], 0x86))
  }
  return { ocsp, caIssuers }
}

/** All of them, and one at least; `undefined` as soon as one is not there. */
function complete(items: readonly (string | undefined)[] | undefined): readonly string[] | undefined {
  const there = items?.filter((item) => item !== undefined)
  return there === undefined || there.length === 0 || there.length !== items?.length ? undefined : there
}
