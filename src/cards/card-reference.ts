import type { Brand } from '../kernel/brand.ts'
import { digest } from '../kernel/digest.ts'

/** A card as sessions and blocks name it: the digest of its issuer and serial number, so that neither says whose it is. */
export type CardReference = Brand<string, 'CardReference'>

/** SHA-256, base64url, of the card's identifier (`8025000001/2600301752`). */
export const cardReference = async (cardId: string): Promise<CardReference> =>
  // A brand is only ever put on here.
  (await digest(`card ${cardId}`)) as string as CardReference
