/**
 * Why a card opens nothing, as its holder is told. What is private about it goes to the trail: somebody with a card in
 * hand may know that it is blocked, a stranger learns nothing, because a card cannot be shown without its key.
 */
export const CARD_REFUSALS = [
  'no-certificate',
  'unreadable',
  'unknown-authority',
  'not-yet-valid',
  'expired',
  'revoked',
  'unchecked',
  'not-a-card',
  'names-nobody',
  'unknown-holder',
  'blocked',
  'suspended',
  'link-expired',
] as const
export type CardRefusal = (typeof CARD_REFUSALS)[number]
