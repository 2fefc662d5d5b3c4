import type { NationalId } from '../../kernel/identifiers.ts'
import type { Directory } from '../../rpps/directory.ts'
import type { Holder, Maker, TestAuthority } from './authority.ts'
import { labelOf } from './authority.ts'
import {
  authorityOf,
  type CardKind,
  cardIdFrom,
  cardOf,
  type OrganisationKind,
  STRUCTURES,
  validityOf,
} from './cards.ts'
import { type Der, joined, pemOf } from './der-writer.ts'
import type { AuthorityId, Range } from './hierarchy.ts'
import { pkcs8Of, rsaKeys } from './keys.ts'
import { pkcs12 } from './pkcs12.ts'

/** The password of every file that the shop hands out: as short as a card's PIN, and printed beside the button. */
export const PASSWORD = '1234'

export type Wanted =
  | {
      readonly nationalId: NationalId
      readonly kind: CardKind
      readonly range: Range
      readonly director: boolean
    }
  | {
      /** `1` + FINESS or `3` + SIRET, of STRUCTURES. */
      readonly structure: string
      /** Common name: what the software is called. */
      readonly software: string
      readonly kind: OrganisationKind
      readonly range: Range
    }

export interface Sold {
  readonly label: string
  readonly serial: string
  readonly authority: AuthorityId
  /** `<issuer of the card>/<number of the card>`; only a person has a card. */
  readonly cardId: string | undefined
  /** PEM. */
  readonly certificate: string
  readonly chain: readonly string[]
  readonly privateKey: string
  readonly p12: Der
}

export type ShopRefusal = 'unknown_person' | 'no_card' | 'unknown_structure'

export interface Shop extends Maker {
  readonly authority: TestAuthority
  readonly directory: Pick<Directory, 'byNationalId'>
}

/** Makes a key and a card for it. Neither is kept: only what was signed for whom, so that it can be revoked. */
export async function sell(shop: Shop, wanted: Wanted): Promise<Sold | { readonly refused: ShopRefusal }> {
  const { authority, entropy, clock } = shop
  const holder = await holderOf(shop, wanted)
  if ('refused' in holder) return holder
  const keys = await rsaKeys()
  const issuing = authorityOf(wanted.kind, holder.kind, wanted.range)
  const signed = await authority.sign({
    authority: issuing,
    publicKey: keys.publicKey,
    ...validityOf(wanted.kind, clock()),
    of: holder,
    revoked: wanted.kind === 'revoked',
  })
  const certificate = wanted.kind === 'broken-signature' ? broken(signed.certificate) : signed.certificate
  const privateKey = await pkcs8Of(keys.privateKey)
  const label = labelOf(holder)
  return {
    label,
    serial: signed.serial,
    authority: issuing,
    cardId: holder.kind === 'person' ? holder.card.cardId : undefined,
    certificate: pemOf(certificate, 'CERTIFICATE'),
    chain: [pemOf(signed.issuer, 'CERTIFICATE')],
    privateKey: pemOf(privateKey, 'PRIVATE KEY'),
    p12: await pkcs12({
      privateKey,
      certificates: [certificate, signed.issuer],
      name: `${label} (${wanted.kind === 'valid' ? 'test' : wanted.kind})`,
      password: PASSWORD,
      entropy,
    }),
  }
}

async function holderOf(
  { directory, entropy }: Shop,
  wanted: Wanted,
): Promise<Holder | { readonly refused: ShopRefusal }> {
  if ('structure' in wanted) {
    const structure = STRUCTURES.find(({ id }) => id === wanted.structure)
    if (structure === undefined) return { refused: 'unknown_structure' }
    return { kind: 'organisation', structure, software: wanted.software }
  }
  const entry = await directory.byNationalId(wanted.nationalId)
  if (entry === undefined) return { refused: 'unknown_person' }
  const { kind, director } = wanted
  const card = cardOf(entry.practitioner, { kind, director, cardId: cardIdFrom(entropy(4)) })
  return card === undefined ? { refused: 'no_card' } : { kind: 'person', card }
}

/** The last octet of a certificate is the last of its signature. */
const broken = (certificate: Der): Der =>
  joined([certificate.subarray(0, -1), Uint8Array.of((certificate.at(-1) ?? 0) ^ 1)])
