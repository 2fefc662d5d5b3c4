import type { Trail } from '../audit/trail.ts'
import type { CardBlock, CardBlocks } from '../cards/blocks.ts'
import type { CardReferences } from '../cards/card-reference.ts'
import { type Entropy, newObjectName } from '../kernel/handle.ts'
import type { NationalId, PractitionerId } from '../kernel/identifiers.ts'
import { type Clock, type Instant, instant } from '../kernel/instant.ts'
import type { Directory } from '../rpps/directory.ts'

export interface CardBlockNeeds {
  readonly directory: Pick<Directory, 'byNationalId'>
  readonly blocks: CardBlocks
  readonly cardReference: CardReferences
  readonly trail: Trail
  readonly clock: Clock
  readonly entropy: Entropy
  /**
   * Ends the sessions that this card opened, that any card did, or all of the person's, wherever they are, and tells
   * their services. Answers how many there were.
   */
  readonly endSessions: (
    practitionerId: string,
    which: { readonly card: string | undefined } | 'all',
  ) => Promise<number>
  /** Revokes every e-CPS that this card opened since then, or that any card did. Answers how many there were. */
  readonly revokeDevices: (
    practitionerId: PractitionerId,
    opened: { readonly card: string | undefined; readonly since: Instant },
  ) => Promise<number>
}

/** Seconds: how far back a lost card is held to what it opened, where the authority does not say. */
export const LOST_FOR = 30 * 86_400

export interface LostCard {
  readonly nationalId: NationalId
  /** As it is printed on the card, `8025000001/2600301752`; `undefined` for all cards of the person. */
  readonly cardId: string | undefined
  readonly reason: string
  /** When it may have been lost: an e-CPS that it opened since is not its holder's for certain. */
  readonly lostSince: Instant | undefined
}

/**
 * Blocks a card that was reported lost. The block stands before anything is ended, so that nothing can be opened in
 * between; it bites at the card's next use.
 */
export async function blockCard(
  { directory, blocks, cardReference, trail, clock, entropy, endSessions, revokeDevices }: CardBlockNeeds,
  authority: string,
  { nationalId, cardId, reason, lostSince }: LostCard,
): Promise<
  | { readonly block: string; readonly sessionsEnded: number; readonly devicesRevoked: number }
  | { readonly refused: 'unknown-person' }
> {
  const entry = await directory.byNationalId(nationalId)
  if (entry === undefined) return { refused: 'unknown-person' }
  const practitionerId = entry.practitioner.id
  const card = cardId === undefined ? undefined : await cardReference(cardId)
  const id = newObjectName(entropy)
  const at = clock()
  await blocks.add({ id, practitionerId, card, reason, blockedBy: authority, blockedAt: at })
  const detail = `${id}: ${card === undefined ? 'all cards' : `card ${card}`}`
  trail.record({ at, kind: 'card.blocked', practitionerId, clientId: authority, detail })
  const since = lostSince ?? instant(at - LOST_FOR)
  const devicesRevoked = await revokeDevices(practitionerId, { card, since })
  // Which e-CPS opened a session is not kept: where one of them may be a thief's, all sessions may be.
  const sessionsEnded = await endSessions(practitionerId, devicesRevoked > 0 ? 'all' : { card })
  return { block: id, sessionsEnded, devicesRevoked }
}

/** A card was found again. What it opened before stays ended. */
export async function unblockCard(
  { blocks, trail, clock }: CardBlockNeeds,
  authority: string,
  block: string,
): Promise<'lifted' | 'unknown'> {
  const at = clock()
  const practitionerId = await blocks.lift(block, authority, at)
  if (practitionerId === undefined) return 'unknown'
  trail.record({ at, kind: 'card.unblocked', practitionerId, clientId: authority, detail: block })
  return 'lifted'
}

/** What stands, and stood, against somebody's cards. Who looked is written down: reasons are nobody else's business. */
export async function blocksOf(
  { directory, blocks, trail, clock }: CardBlockNeeds,
  authority: string,
  nationalId: NationalId,
): Promise<readonly CardBlock[] | { readonly refused: 'unknown-person' }> {
  const entry = await directory.byNationalId(nationalId)
  if (entry === undefined) return { refused: 'unknown-person' }
  const practitionerId = entry.practitioner.id
  trail.record({ at: clock(), kind: 'card.blocks-read', practitionerId, clientId: authority })
  return blocks.of(practitionerId)
}
