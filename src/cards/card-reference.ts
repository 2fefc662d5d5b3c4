import { base64url } from 'jose'
import type { Brand } from '../kernel/brand.ts'
import type { Mac } from '../kernel/derived-key.ts'

/**
 * A card as sessions, blocks and the trail name it: a keyed digest of its issuer and number (base64url, 43 characters).
 * Numbers of cards have twenty digits, most of them the same for everybody: a plain digest would be read back in minutes.
 */
export type CardReference = Brand<string, 'CardReference'>

/** Names the card of this identifier (`8025000001/2600301752`). */
export type CardReferences = (cardId: string) => Promise<CardReference>

export const cardReferences =
  (mac: Mac): CardReferences =>
  async (cardId) =>
    // A brand is only ever put on here.
    base64url.encode(await mac(cardId)) as CardReference
