import type { PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { CardReference } from './card-reference.ts'

/** A card that may not be used any more, or all cards of a person. */
export interface CardBlock {
  readonly id: string
  readonly practitionerId: PractitionerId
  /** `undefined`: every card of theirs, those to come included. */
  readonly card: CardReference | undefined
  readonly reason: string
  /** The client id of the authority. */
  readonly blockedBy: string
  readonly blockedAt: Instant
  readonly lifted: { readonly by: string; readonly at: Instant } | undefined
}

/** Each method is one query. */
export interface CardBlocks {
  add(block: Omit<CardBlock, 'lifted'>): Promise<void>
  /** Whose it was; `undefined` when there is none that stands. */
  lift(id: string, by: string, at: Instant): Promise<PractitionerId | undefined>
  /** Newest first, lifted ones too. */
  of(practitionerId: PractitionerId): Promise<readonly CardBlock[]>
}
