import type { Instant } from '../../kernel/instant.ts'
import {
  authorityInfoAccess,
  authorityKeyId,
  basicConstraints,
  CLIENT_AUTH,
  certificatePolicies,
  crlDistributionPoints,
  extendedKeyUsage,
  gipCardId,
  gipCardType,
  gipFutureProfession,
  gipOffer,
  gipProfession,
  keyUsage,
  OCSP_NO_CHECK,
  OCSP_SIGNING,
  SMART_CARD_LOGON,
  subjectKeyId,
  userPrincipalName,
} from './extensions.ts'
import { keyIdOf, type Name, type NamePart, type Profile } from './issue.ts'

export const ATTRIBUTE = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  country: '2.5.4.6',
  province: '2.5.4.8',
  organization: '2.5.4.10',
  unit: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
} as const

/** The policy that the test cards of IGC-Santé name. */
export const TEST_POLICY = '1.2.250.1.213.1.7.2.1.1.1.1'
/** What organisations' certificates name here. The real one is published nowhere that we know of: this is shaped like it. */
export const TEST_ORGANISATION_POLICY = '1.2.250.1.213.1.7.2.2.1.1.1'

const part = (type: string, value: string, as?: 'printable'): readonly NamePart[] => [
  as === undefined ? { type, value } : { type, value, as },
]
const FRANCE = part(ATTRIBUTE.country, 'FR', 'printable')

/** `CN=…` under the head that all authorities of IGC-Santé TEST share. */
export const authorityName = (commonName: string): Name => [
  FRANCE,
  part(ATTRIBUTE.organization, 'ASIP-SANTE'),
  part(ATTRIBUTE.unit, '0002 187512751'),
  part(ATTRIBUTE.unit, 'IGC-SANTE TEST'),
  part(ATTRIBUTE.commonName, commonName),
]

/** Where an issuing authority's list, answers and own certificate are had. */
export interface Places {
  readonly crl: string
  /** Left out where only a list is had. */
  readonly ocsp?: string
  readonly caIssuers: string
}

/** Who issues, as the certificates that it issues name it. */
export interface Issuer {
  readonly name: Name
  readonly keyId: string
  /** None for a root, whose certificates are not looked up here. */
  readonly places?: Places
}

/** What every profile needs besides. */
export interface Issued {
  readonly issuer: Issuer
  /** Hexadecimal. */
  readonly serial: string
  readonly notBefore: Instant
  readonly notAfter: Instant
  /** `SubjectPublicKeyInfo` of whom it is for. */
  readonly publicKey: Uint8Array
}

const common = async ({ issuer, publicKey }: Issued) => [
  subjectKeyId(await keyIdOf(publicKey)),
  authorityKeyId(issuer.keyId),
  ...(issuer.places === undefined
    ? []
    : [crlDistributionPoints(issuer.places.crl), authorityInfoAccess(issuer.places)]),
]

const base = ({ issuer, serial, notBefore, notAfter, publicKey }: Issued) => ({
  issuer: issuer.name,
  serial,
  notBefore,
  notAfter,
  publicKey,
})

/** A root (its own issuer) or an issuing authority, which may sign no other. */
export const authorityProfile = async (
  issued: Issued,
  subject: Name,
  kind: 'root' | 'issuing',
): Promise<Profile> => ({
  ...base(issued),
  subject,
  extensions: [
    kind === 'root' ? basicConstraints(true) : basicConstraints(true, 0),
    keyUsage('keyCertSign', 'cRLSign'),
    ...(kind === 'root' ? [] : [certificatePolicies('2.5.29.32.0')]),
    ...(await common(issued)),
  ],
})

/** Whoever answers in an authority's place (RFC 6960 §4.2.2.2). */
export const responderProfile = async (issued: Issued, subject: Name): Promise<Profile> => ({
  ...base(issued),
  subject,
  extensions: [
    keyUsage('digitalSignature'),
    extendedKeyUsage(OCSP_SIGNING),
    OCSP_NO_CHECK,
    subjectKeyId(await keyIdOf(issued.publicKey)),
    authorityKeyId(issued.issuer.keyId),
  ],
})

export type CardType = 'CPS' | 'CPF' | 'CPE' | 'CDE' | 'CPA'

/** Directors' and named staff's cards have the same number. */
const GIP_CARD_TYPE = { CPS: 0, CPF: 1, CPE: 2, CDE: 2, CPA: 3 } as const

/** What a person's card says. */
export interface PersonsCard {
  readonly type: CardType
  /** The national id; for a card that names nobody, something else. */
  readonly commonName: string
  /** Left out for a card that names nobody. */
  readonly givenName?: string
  readonly surname?: string
  readonly title: string
  /** Code of the profession (TRE_G15), on the cards of who has one or learns one. */
  readonly profession?: number
  /** Where staff are attached. */
  readonly structure?: Structure
  /** `<issuer of the card>/<number of the card>`. */
  readonly cardId: string
  /** Purposes; those of card authentication when not said. */
  readonly purposes?: readonly string[]
  /** `<CN>@carte-cps.fr` when not said. */
  readonly upn?: string
}

export interface Structure {
  readonly name: string
  /** `1` + FINESS or `3` + SIRET. */
  readonly id: string
  /** `Paris (75)`. */
  readonly department: string
}

const structureName = ({ name, id, department }: Structure): Name => [
  part(ATTRIBUTE.province, department),
  part(ATTRIBUTE.organization, name),
  part(ATTRIBUTE.unit, id),
]

/** The authentication certificate of a card (PSC §6). */
export async function cardProfile(issued: Issued, card: PersonsCard): Promise<Profile> {
  const holder: NamePart[] = [{ type: ATTRIBUTE.commonName, value: card.commonName }]
  if (card.givenName !== undefined) holder.push({ type: ATTRIBUTE.givenName, value: card.givenName })
  if (card.surname !== undefined) holder.push({ type: ATTRIBUTE.surname, value: card.surname })
  return {
    ...base(issued),
    subject: [
      FRANCE,
      ...(card.structure === undefined ? [] : structureName(card.structure)),
      part(ATTRIBUTE.title, card.title),
      holder,
    ],
    extensions: [
      ...(await common(issued)),
      keyUsage('digitalSignature'),
      extendedKeyUsage(...(card.purposes ?? [CLIENT_AUTH, SMART_CARD_LOGON])),
      certificatePolicies(TEST_POLICY),
      userPrincipalName(card.upn ?? `${card.commonName}@carte-cps.fr`),
      gipCardType(GIP_CARD_TYPE[card.type]),
      gipCardId(card.cardId),
      gipOffer('card'),
      ...(card.profession === undefined
        ? []
        : [card.type === 'CPF' ? gipFutureProfession(card.profession) : gipProfession(card.profession)]),
    ],
  }
}

/** The certificate of a structure's software, ORG AUTH_CLI (PSC §4, §6). */
export const organisationProfile = async (
  issued: Issued,
  { structure, software }: { readonly structure: Structure; readonly software: string },
): Promise<Profile> => ({
  ...base(issued),
  subject: [FRANCE, ...structureName(structure), part(ATTRIBUTE.commonName, software)],
  extensions: [
    ...(await common(issued)),
    keyUsage('digitalSignature'),
    extendedKeyUsage(CLIENT_AUTH),
    certificatePolicies(TEST_ORGANISATION_POLICY),
    gipOffer('software'),
  ],
})
