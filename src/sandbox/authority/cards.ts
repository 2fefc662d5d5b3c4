import { after, type Instant } from '../../kernel/instant.ts'
import { PROFESSIONS } from '../../rpps/code-systems.ts'
import { readNationalId } from '../../rpps/national-id.ts'
import type { Activity, Practitioner } from '../../rpps/practitioner.ts'
import { EMAIL_PROTECTION } from './extensions.ts'
import { type AuthorityId, issuerOf, type Range } from './hierarchy.ts'
import type { CardType, PersonsCard, Structure } from './profiles.ts'

/** A good card, and one for each way in which a card is not. */
export const CARD_KINDS = [
  'valid',
  'expired',
  'not-yet-valid',
  'revoked',
  'foreign',
  'nameless',
  'other-name',
  'wrong-usage',
  'broken-signature',
] as const
export type CardKind = (typeof CARD_KINDS)[number]

/** Kinds that a structure's certificate can be of, too. */
export const ORGANISATION_KINDS = [
  'valid',
  'expired',
  'not-yet-valid',
  'revoked',
  'foreign',
  'broken-signature',
] as const satisfies readonly CardKind[]
export type OrganisationKind = (typeof ORGANISATION_KINDS)[number]

const DAY = 86_400
/** Cards and software certificates live three years (PSC §6), in seconds. */
const LIFE = 3 * 365 * DAY
/** Clocks differ: a certificate made now is good since five minutes. */
const SLACK = 300

export function validityOf(kind: CardKind, now: Instant): { notBefore: Instant; notAfter: Instant } {
  const notBefore =
    kind === 'expired'
      ? after(now, -LIFE - 30 * DAY)
      : kind === 'not-yet-valid'
        ? after(now, 30 * DAY)
        : after(now, -SLACK)
  return { notBefore, notAfter: after(notBefore, LIFE) }
}

export const authorityOf = (kind: CardKind, purpose: 'person' | 'organisation', range: Range): AuthorityId =>
  kind === 'foreign' ? 'AC-ETRANGERE' : issuerOf(purpose, range)

/** Which card a person has (PSC §1.6, §6), `undefined` for the identities of test tools, which have none. */
export function cardTypeOf(nationalId: string): CardType | undefined {
  switch (readNationalId(nationalId)?.type) {
    case '0':
    case '8':
      return 'CPS'
    case '9':
      return 'CPF'
    case '1':
    case '3':
    case '6':
      return 'CPE'
    case '4':
    case '5':
      return 'CPA'
    default:
      return undefined
  }
}

/** `<issuer of the card>/<number of the card>`, the number from four random octets. */
export const cardIdFrom = (random: Uint8Array): string =>
  `8025000001/26${String(new DataView(random.slice(0, 4).buffer).getUint32(0) % 100_000_000).padStart(8, '0')}`

/** What a person's card of this kind says. A director's card is a member of staff's with another title. */
export function cardOf(
  { nationalId, familyName, givenName, exercices }: Practitioner,
  {
    kind,
    cardId,
    director = false,
  }: { readonly kind: CardKind; readonly cardId: string; readonly director?: boolean },
): PersonsCard | undefined {
  const type = cardTypeOf(nationalId)
  const [practice] = exercices
  if (type === undefined) return undefined
  const structure = practice?.activities.map(structureOf).find((found) => found !== undefined)
  if (kind === 'nameless') {
    // Only staff have cards without a name: they are the establishment's, and pass from hand to hand.
    const place = structure ?? NAMELESS_STRUCTURE
    return {
      type: 'CPE',
      commonName: `${place.id}-CPE${cardId.slice(-4)}`,
      title: STAFF,
      structure: place,
      cardId,
    }
  }
  const staff = type === 'CPE' || type === 'CPA'
  const profession = Number(practice?.codeProfession ?? '')
  const label = PROFESSIONS[practice?.codeProfession ?? '']?.fr
  return {
    type: staff && director ? 'CDE' : type,
    commonName: nationalId,
    // RPPS numbers have a dot behind the type digit in principal names.
    upn: `${type === 'CPS' ? `${nationalId.slice(0, 1)}.${nationalId.slice(1)}` : nationalId}@carte-cps.fr`,
    givenName: kind === 'other-name' ? 'ALEX' : givenName,
    surname: kind === 'other-name' ? 'AUTREPERSONNE' : familyName,
    title: staff ? (director ? 'Directeur' : STAFF) : (label ?? 'Professionnel de santé'),
    ...(profession > 0 ? { profession } : {}),
    ...(staff && structure !== undefined ? { structure } : {}),
    cardId,
    ...(kind === 'wrong-usage' ? { purposes: [EMAIL_PROTECTION] } : {}),
  }
}

const STAFF = 'Personnel santé ou social'

/** Departments of the invented people; of any other only the number is known here. */
const DEPARTMENTS: Readonly<Record<string, string>> = {
  '2A': 'Corse-du-Sud',
  '33': 'Gironde',
  '75': 'Paris',
  '971': 'Guadeloupe',
}
const department = (code: string): string => `${DEPARTMENTS[code] ?? 'Département'} (${code})`

/** What the card of staff says of where they work: FINESS before SIRET, else the number of the practice. */
function structureOf(activity: Activity): Structure | undefined {
  const { numeroFinessSite, numeroSiretSite, ancienIdentifiantDeLaStructure, raisonSocialeSite } = activity
  const id =
    numeroFinessSite !== ''
      ? `1${numeroFinessSite}`
      : numeroSiretSite !== ''
        ? `3${numeroSiretSite}`
        : ancienIdentifiantDeLaStructure.replace(/\/.*/, '')
  if (id === '') return undefined
  const code = activity.codeDepartement === '' ? '75' : activity.codeDepartement
  return { id, name: raisonSocialeSite, department: department(code) }
}

/** Invented structures whose software may have a certificate; the sandbox's people work in them. */
export const STRUCTURES: readonly [Structure, ...Structure[]] = [
  { id: '10B0000001', name: 'CENTRE HOSPITALIER DES TROIS TILLEULS', department: department('75') },
  { id: '10B0000017', name: 'EHPAD LA MAISON DES GLYCINES', department: department('33') },
  { id: '10B0000033', name: 'PHARMACIE DU GRAND CEDRE', department: department('75') },
  { id: '300000001000018', name: 'AMBULANCES DE LA COLLINE VERTE', department: department('33') },
  { id: '300000002400018', name: 'CAISSE DE SECURITE SOCIALE DE BRUMEVAL', department: department('33') },
]
const NAMELESS_STRUCTURE: Structure = STRUCTURES[0]
