import { base64url } from 'jose'
import * as z from 'zod'
import { sha256 } from '../kernel/digest.ts'
import { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Place } from '../kernel/place.ts'

/** How long a request waits on the phone, in seconds. */
export const APPROVAL_LIFETIME = 90

/** The choice that means "none of these, or I did not ask". */
export const NONE = 'none'
/** The choice that means "yes, it is me", where the service gave words to read rather than a code to pick. */
export const CONFIRM = 'confirm'

/** What the phone shows and signs. It travels as the very text that is hashed, so there is nothing to canonicalise. */
export interface ApprovalContext {
  readonly approval: string
  readonly clientId: ClientId
  readonly service: string
  /** Where the computer is, and what it says it is ("Chrome, Windows"). */
  readonly place: Place
  readonly browser: string
  /** Whether the professional trusts this browser already. */
  readonly bonded: boolean
  /** `service`: the service itself asks, from its server. There is no browser and no place to show then. */
  readonly askedBy?: 'browser' | 'service'
  /** Words of the service to show, when it gave words rather than a code. The choice is then `CONFIRM` or `NONE`. */
  readonly message?: string
  readonly askedAt: Instant
  readonly expiresAt: Instant
}

const Shown = z.object({
  clientId: ClientId,
  service: z.string(),
  place: z.object({ city: z.string(), country: z.string(), network: z.string() }),
})

/** What the trail and the list of sign-ins take from the context that was shown. @throws when it is not one. */
export const shownIn = (
  approval: Pick<Approval, 'context'>,
): Pick<ApprovalContext, 'clientId' | 'service' | 'place'> => Shown.parse(JSON.parse(approval.context))

/** A request for approval, as whatever waits for it keeps it. `code` is the one that the other screen shows. */
export interface Approval {
  /** `<login>.<random>`, or with a prefix of its own: routes to what waits for it (routed-approvals.ts). */
  readonly id: string
  readonly practitionerId: string
  /** 32 random bytes, base64url. */
  readonly nonce: string
  /** JSON text of an `ApprovalContext`. */
  readonly context: string
  readonly code: string
  /** Three values in the order to show them, `code` being one; or `CONFIRM` alone, when there is a message to read. */
  readonly values: readonly string[]
  readonly expiresAt: Instant
}

const encoder = new TextEncoder()

/**
 * The passkey challenge that signs one choice: pick-what-you-sign. SHA-256 of
 * `serment-approval-v1` ‖ nonce ‖ SHA-256(context) ‖ choice, base64url. The phone computes the same after the tap,
 * so a signature says which value was picked and over which displayed context.
 */
export async function approvalChallenge(nonce: string, context: string, choice: string): Promise<string> {
  const parts = [
    encoder.encode('serment-approval-v1'),
    base64url.decode(nonce),
    await sha256(context),
    encoder.encode(choice),
  ]
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return base64url.encode(await sha256(all))
}
