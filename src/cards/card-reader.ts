import type { Trail } from '../audit/trail.ts'
import type { Clock } from '../kernel/instant.ts'
import type { PresentedChain } from '../protocol/pki/presented-chain.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import type { ExamineRefusal, Trust } from '../trust/trust.ts'
import { disagreements } from './agreement.ts'
import { type Card, cardOf } from './card.ts'
import type { CardReference, CardReferences } from './card-reference.ts'
import type { CardHolders } from './holders.ts'
import type { CardRefusal } from './refusal.ts'

/** A card that was shown, is good, and whose holder may practise. */
export interface ShownCard {
  readonly card: Card
  readonly reference: CardReference
  readonly practitioner: Practitioner
}

export interface CardReaderNeeds {
  readonly trust: Trust
  readonly holders: CardHolders
  readonly cardReference: CardReferences
  readonly trail: Trail
  readonly clock: Clock
}

/** `detail` and `practitionerId` are for the trail. */
export interface Unread {
  readonly refused: CardRefusal
  readonly detail: string
  readonly practitionerId?: string
}

/**
 * Reads the card behind a connection: path and revocation, whose it is, whether they stand in the directory, are not
 * suspended, and the card is not blocked. Two queries, more where the registry of authorities is not in memory.
 */
export async function readCard(
  { trust, holders, cardReference, trail, clock }: CardReaderNeeds,
  presented: PresentedChain | 'none' | 'too-large',
): Promise<ShownCard | Unread> {
  if (presented === 'none') return { refused: 'no-certificate', detail: 'no certificate' }
  if (presented === 'too-large') return { refused: 'unreadable', detail: 'larger than the edge hands on' }
  const examined = await trust.examine(presented, 'person')
  if ('refused' in examined)
    return {
      refused: TOLD[examined.refused] ?? 'unreadable',
      detail: `${examined.refused}: ${examined.detail}`,
    }

  const read = cardOf(examined.trusted.certificate)
  if ('refused' in read) {
    const { refused, detail } = read
    return {
      refused: refused === 'names-nobody' ? 'names-nobody' : 'not-a-card',
      detail: `${refused}: ${detail}`,
    }
  }
  const { card } = read
  const reference = await cardReference(card.cardId)
  const holder = await holders.find(card.nationalId, reference)
  if (holder === undefined) return { refused: 'unknown-holder', detail: `no such number: ${card.type}` }
  const { practitioner, status } = holder.entry
  const practitionerId = practitioner.id
  if (status === 'suspended')
    return { refused: 'suspended', detail: 'suspended in the directory', practitionerId }
  if (holder.blocked) return { refused: 'blocked', detail: `card ${reference}`, practitionerId }

  const different = disagreements(card, practitioner)
  if (different.length > 0)
    trail.record({ at: clock(), kind: 'card.disagrees', practitionerId, detail: different.join(', ') })
  return { card, reference, practitioner }
}

/** What the registry of authorities finds, in the words of the page. Anything else is a certificate in bad order. */
const TOLD: { readonly [Refusal in ExamineRefusal]?: CardRefusal } = {
  'unknown-authority': 'unknown-authority',
  'not-yet-valid': 'not-yet-valid',
  expired: 'expired',
  revoked: 'revoked',
  'revocation-unknown': 'unchecked',
  'wrong-usage': 'not-a-card',
  'wrong-policy': 'not-a-card',
}
