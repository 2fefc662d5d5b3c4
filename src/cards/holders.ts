import type { NationalId } from '../kernel/identifiers.ts'
import type { DirectoryEntry } from '../rpps/directory.ts'
import type { CardReference } from './card-reference.ts'

/** Whom a card names, and whether it may still speak for them. */
export interface CardHolder {
  readonly entry: DirectoryEntry
  /** A block that stands: on this card, or on all of this person's. */
  readonly blocked: boolean
}

/** Card holders in the directory. */
export interface CardHolders {
  /** One query. */
  find(nationalId: NationalId, card: CardReference): Promise<CardHolder | undefined>
}
