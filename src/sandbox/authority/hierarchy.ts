import { after, type Instant } from '../../kernel/instant.ts'
import type { Purpose } from '../../trust/authority.ts'
import type { Der } from './der-writer.ts'
import { issueCertificate, keyIdOf, type Name, serialFrom } from './issue.ts'
import { type Keys, pkcs8Of, rsaKeys } from './keys.ts'
import {
  ATTRIBUTE,
  authorityName,
  authorityProfile,
  type Issuer,
  responderProfile,
  TEST_ORGANISATION_POLICY,
  TEST_POLICY,
} from './profiles.ts'

export const RANGES = ['STANDARD', 'ELEMENTAIRE'] as const
export type Range = (typeof RANGES)[number]

/** The name of an authority in its addresses, as IGC-Santé abbreviates. */
export const AUTHORITY_IDS = [
  'ACR-ST-TEST',
  'ACR-EL-TEST',
  'ACI-ST-PP-TEST',
  'ACI-EL-PP-TEST',
  'ACI-ST-ORG-TEST',
  'ACI-EL-ORG-TEST',
  'AC-ETRANGERE',
] as const
export type AuthorityId = (typeof AUTHORITY_IDS)[number]

export interface AuthorityKind {
  readonly name: Name
  /** Itself for a root. */
  readonly issuer: AuthorityId
  readonly range: Range
  /** Whose certificates it issues. */
  readonly purpose: Purpose | undefined
  /** What those name. */
  readonly policy?: string
  /** Whether the registry of this sandbox is told of it. */
  readonly registered: boolean
}

const root = (id: AuthorityId, range: Range): AuthorityKind => ({
  name: authorityName(`TEST AC RACINE IGC-SANTE ${range}`),
  issuer: id,
  range,
  purpose: undefined,
  registered: true,
})
const issuing = (issuer: AuthorityId, range: Range, purpose: Purpose): AuthorityKind => ({
  name: authorityName(`TEST AC IGC-SANTE ${range} ${purpose === 'person' ? 'PERSONNES' : 'ORGANISATIONS'}`),
  issuer,
  range,
  purpose,
  policy: purpose === 'person' ? TEST_POLICY : TEST_ORGANISATION_POLICY,
  registered: true,
})

export const AUTHORITY_KINDS: Readonly<Record<AuthorityId, AuthorityKind>> = {
  'ACR-ST-TEST': root('ACR-ST-TEST', 'STANDARD'),
  'ACR-EL-TEST': root('ACR-EL-TEST', 'ELEMENTAIRE'),
  'ACI-ST-PP-TEST': issuing('ACR-ST-TEST', 'STANDARD', 'person'),
  'ACI-EL-PP-TEST': issuing('ACR-EL-TEST', 'ELEMENTAIRE', 'person'),
  'ACI-ST-ORG-TEST': issuing('ACR-ST-TEST', 'STANDARD', 'organisation'),
  'ACI-EL-ORG-TEST': issuing('ACR-EL-TEST', 'ELEMENTAIRE', 'organisation'),
  'AC-ETRANGERE': {
    name: [
      [{ type: ATTRIBUTE.country, value: 'FR', as: 'printable' }],
      [{ type: ATTRIBUTE.organization, value: 'AUTORITE INVENTEE' }],
      [{ type: ATTRIBUTE.commonName, value: 'AC ETRANGERE' }],
    ],
    issuer: 'AC-ETRANGERE',
    range: 'STANDARD',
    purpose: 'person',
    registered: false,
  },
}

/** Who issues this kind of certificate in this range. */
export const issuerOf = (purpose: Purpose, range: Range): AuthorityId =>
  purpose === 'person'
    ? range === 'STANDARD'
      ? 'ACI-ST-PP-TEST'
      : 'ACI-EL-PP-TEST'
    : range === 'STANDARD'
      ? 'ACI-ST-ORG-TEST'
      : 'ACI-EL-ORG-TEST'

/** An authority as it is kept. The private keys lie in clear: what they sign is trusted in sandboxes only. */
export interface KeptAuthority {
  readonly certificate: Der
  /** `SubjectPublicKeyInfo`. */
  readonly publicKey: Der
  readonly keyId: string
  readonly serial: string
  /** PKCS #8. */
  readonly privateKey: Der
  /** Issued by it to the one responder of all (RFC 6960 §4.2.2.2). */
  readonly responder: Der
}

export interface Hierarchy {
  readonly authorities: Readonly<Record<AuthorityId, KeptAuthority>>
  /** PKCS #8 of whoever answers questions on certificates. */
  readonly responderKey: Der
  readonly responderKeyId: string
}

const YEAR = 365 * 86_400
/** What authorities' certificates are good for, in seconds. */
export const AUTHORITY_LIFE = 10 * YEAR

export const crlUrl = (origin: string, id: AuthorityId): string => `${origin}/sandbox/authority/${id}.crl`
export const certificateUrl = (origin: string, id: AuthorityId): string =>
  `${origin}/sandbox/authority/${id}.cer`
export const ocspUrl = (origin: string): string => `${origin}/sandbox/authority/ocsp`

/** How the certificates that it issues name this authority. */
export const asIssuer = (origin: string, id: AuthorityId, keyId: string): Issuer => ({
  name: AUTHORITY_KINDS[id].name,
  keyId,
  places: { crl: crlUrl(origin, id), ocsp: ocspUrl(origin), caIssuers: certificateUrl(origin, id) },
})

/** All authorities, new. Eight RSA keys: a second or two. */
export async function newHierarchy(needs: {
  readonly origin: string
  readonly now: Instant
  readonly entropy: (bytes: number) => Uint8Array
}): Promise<Hierarchy> {
  const { origin, now, entropy } = needs
  const responder = await rsaKeys()
  const responderKeyId = await keyIdOf(responder.publicKey)
  const signers: Partial<Record<AuthorityId, Keys & { keyId: string }>> = {}
  const made: Partial<Record<AuthorityId, KeptAuthority>> = {}
  // Roots stand before those whom they sign in AUTHORITY_IDS.
  for (const id of AUTHORITY_IDS) {
    const keys = await rsaKeys()
    const own = { ...keys, keyId: await keyIdOf(keys.publicKey) }
    signers[id] = own
    const { name, issuer: issuerId } = AUTHORITY_KINDS[id]
    const signer = signers[issuerId] ?? own
    const isRoot = issuerId === id
    const life = {
      notBefore: after(now, -86_400),
      notAfter: after(now, AUTHORITY_LIFE),
      serial: serialFrom(entropy(16)),
    }
    const issuer = isRoot ? { name, keyId: own.keyId } : asIssuer(origin, issuerId, signer.keyId)
    const certificate = await issueCertificate(
      await authorityProfile(
        { ...life, issuer, publicKey: keys.publicKey },
        name,
        isRoot ? 'root' : 'issuing',
      ),
      signer.privateKey,
    )
    const responderName = [
      ...name.slice(0, -1),
      [{ type: ATTRIBUTE.commonName, value: `TEST REPONDEUR OCSP ${id}` }],
    ]
    const responderProfiled = await responderProfile(
      {
        ...life,
        serial: serialFrom(entropy(16)),
        issuer: asIssuer(origin, id, own.keyId),
        publicKey: responder.publicKey,
      },
      responderName,
    )
    made[id] = {
      certificate,
      publicKey: keys.publicKey,
      keyId: own.keyId,
      serial: life.serial,
      privateKey: await pkcs8Of(keys.privateKey),
      responder: await issueCertificate(responderProfiled, keys.privateKey),
    }
  }
  return { authorities: allOf(made), responderKey: await pkcs8Of(responder.privateKey), responderKeyId }
}

function allOf(
  made: Partial<Record<AuthorityId, KeptAuthority>>,
): Readonly<Record<AuthorityId, KeptAuthority>> {
  const of = (id: AuthorityId): KeptAuthority => {
    const one = made[id]
    if (one === undefined) throw new Error(`${id} was not made`)
    return one
  }
  return {
    'ACR-ST-TEST': of('ACR-ST-TEST'),
    'ACR-EL-TEST': of('ACR-EL-TEST'),
    'ACI-ST-PP-TEST': of('ACI-ST-PP-TEST'),
    'ACI-EL-PP-TEST': of('ACI-EL-PP-TEST'),
    'ACI-ST-ORG-TEST': of('ACI-ST-ORG-TEST'),
    'ACI-EL-ORG-TEST': of('ACI-EL-ORG-TEST'),
    'AC-ETRANGERE': of('AC-ETRANGERE'),
  }
}
