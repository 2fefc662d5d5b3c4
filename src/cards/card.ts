import type { NationalId } from '../kernel/identifiers.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'

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

export type CardRefusal = 'not-a-card' | 'not-a-persons-card' | 'names-nobody' | 'contradicts-itself'

/** Who this certificate is of. That it is trusted was decided before. Pure; never throws. */
export function cardOf(_certificate: Certificate): { card: Card } | { refused: CardRefusal; detail: string } {
  return { refused: 'not-a-card', detail: 'cards are not read yet' }
}
