import type { NationalId } from '../kernel/identifiers.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'
import { readNationalId } from '../rpps/national-id.ts'
import { type GipFields, gipFieldsOf } from './gip-extensions.ts'
import { ATTRIBUTE, holderOf, oneOf, refusedPrincipal, structuresOf } from './holder-name.ts'

/** The kinds of CPx card (PSC §6). */
export const CARD_TYPES = ['CPS', 'CPF', 'CPE', 'CDE', 'CPA'] as const
export type CardType = (typeof CARD_TYPES)[number]

/** Who a card is, as its authentication certificate says. */
export interface Card {
  readonly nationalId: NationalId
  readonly type: CardType
  /** Issuer and number of the card, `8025000001/2600301752`. */
  readonly cardId: string
  readonly familyName: string
  readonly givenName: string
  /** The profession or the function in words, `''` when the card has none. */
  readonly title: string
  /** Code of the profession (TRE_G15), of the one in training for a CPF. */
  readonly profession: string | undefined
  readonly structure: CardStructure | undefined
  /** Which certificate it was: what a revocation names. */
  readonly certificateSerial: string
  readonly issuerKeyId: string
}

export interface CardStructure {
  readonly finess?: string
  readonly siret?: string
  readonly name: string
}

export type CardReadingRefusal = 'not-a-card' | 'not-a-persons-card' | 'names-nobody' | 'contradicts-itself'

/** `detail` is for the trail; nothing personal in it. */
export interface UnreadCard {
  readonly refused: CardReadingRefusal
  readonly detail: string
}

/**
 * Which kinds of national id (PSC §1.6) a card of this type may name: people of the registers have a CPS, people in
 * training a CPF, and staff are named by who employs them.
 */
const EMPLOYED = ['1', '3', '4', '5', '6'] as const
const NAMED: Readonly<Record<CardType, readonly string[]>> = {
  CPS: ['0', '8'],
  CPF: ['8', '9'],
  CPE: EMPLOYED,
  CDE: EMPLOYED,
  CPA: EMPLOYED,
}

/** Who this certificate is of (PSC §6). That it is to be believed was decided before. Pure; never throws. */
export function cardOf(certificate: Certificate): { readonly card: Card } | UnreadCard {
  const { extensions, subjectParts, serial, authorityKeyId } = certificate
  const structures = structuresOf(subjectParts)
  const fields = gipFieldsOf(extensions)
  if ('malformed' in fields) return no('not-a-card', `${fields.malformed} cannot be read`)
  const { offer, cardType, cardId } = fields
  if (offer === 'software' || (cardType === undefined && structures.length > 0))
    return no('not-a-persons-card', 'the certificate of a software or of an organisation')
  // The chip is what `sc` and `hwk` vouch for, so a card has to say that it is one.
  if (cardType === undefined || cardId === undefined || offer !== 'card')
    return no('not-a-card', 'without the extensions of a card')
  if (authorityKeyId === undefined) return no('not-a-card', 'does not say which key issued it')

  const title = oneOf(subjectParts, ATTRIBUTE.title)
  const organisation = oneOf(subjectParts, ATTRIBUTE.organization)
  if (title === undefined || organisation === undefined || structures.length > 1)
    return no('contradicts-itself', 'two titles, or two structures')
  const holder = holderOf(subjectParts)
  if ('refused' in holder) return holder
  const id = readNationalId(holder.commonName)
  if (id === undefined) return no('names-nobody', 'the common name is no national id')

  const type = typeOf(cardType, title)
  if (!NAMED[type].includes(id.type))
    return no('contradicts-itself', `a ${type} does not name identities of type "${id.type}"`)
  const principal = refusedPrincipal(certificate.upn, holder.commonName)
  if (principal !== undefined) return no('contradicts-itself', principal)
  const profession = professionOf(type, fields)
  if (typeof profession === 'object') return profession
  const [structure] = structures
  // PSC §1.6, §6: `30B0057881/CPET0002` works at `10B0057881`.
  const employer = id.type === '3' ? id.identifiant.split('/')[0] : undefined
  if (employer !== undefined && structure?.finess !== undefined && structure.finess !== employer)
    return no('contradicts-itself', 'the holder’s id is of another structure')
  return {
    card: {
      nationalId: id.id,
      type,
      cardId,
      familyName: holder.familyName,
      givenName: holder.givenName,
      title,
      profession,
      structure: structure === undefined ? undefined : { ...structure, name: organisation },
      certificateSerial: serial,
      issuerKeyId: authorityKeyId,
    },
  }
}

/** gipCardType 2 is staff's and their director's alike; only the title tells them apart, and nothing hangs on it. */
function typeOf(cardType: NonNullable<GipFields['cardType']>, title: string): CardType {
  if (cardType === 2) return /^direct(?:eur|rice)\b/i.test(title) ? 'CDE' : 'CPE'
  return cardType === 0 ? 'CPS' : cardType === 1 ? 'CPF' : 'CPA'
}

function professionOf(type: CardType, { profession, training }: GipFields): string | undefined | UnreadCard {
  if (type === 'CPF') return training ?? profession
  return training === undefined
    ? profession
    : no('contradicts-itself', 'somebody in training with the card of somebody who is not')
}

const no = (refused: CardReadingRefusal, detail: string): UnreadCard => ({ refused, detail })
