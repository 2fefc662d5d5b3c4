import type { CardReference } from '../cards/card-reference.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { NationalId, PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'

/** From the button to the card, in seconds: the browser's dialog, the PIN and its three tries. */
export const VISIT_LIFETIME = 300
/** How long the way back from the card host is open, in seconds: it is one redirect. */
export const CARD_RETURN_LIFETIME = 60
/** How long after the card its holder may answer, in seconds: as long as a service's request usually waits. */
export const OPEN_LIFETIME = 120

/** Whose card it was. */
export interface Holder {
  readonly practitionerId: PractitionerId
  readonly nationalId: NationalId
  /** As the page says it. */
  readonly displayName: string
  /** The card, as blocks name it. */
  readonly card: CardReference
  readonly shownAt: Instant
}

/** Where the visit is. The secrets of both ways of the card are digests; each is good once. */
export type Phase =
  | { readonly status: 'awaited'; readonly handle: Digest }
  | { readonly status: 'presented'; readonly back: Digest; readonly until: Instant; readonly holder: Holder }
  | { readonly status: 'open'; readonly holder: Holder }
  /** One card, one answer. */
  | { readonly status: 'answered' }

/** A browser whose person shows a card to see which services wait for it. */
export interface Visit {
  /** Digest of what the cookie of that browser says. */
  readonly browser: Digest
  readonly expiresAt: Instant
  readonly phase: Phase
}

export interface Step<Outcome> {
  readonly next: Visit
  readonly outcome: Outcome
}

/** A browser asked for the card: `handle` leads to the host that asks for it. */
export const begun = (browser: Digest, handle: Digest, now: Instant): Visit => ({
  browser,
  expiresAt: after(now, VISIT_LIFETIME),
  phase: { status: 'awaited', handle },
})

/** A card was found good at the card host. Whose browser it was shows on the way back only (RFC 9700 §4.7). */
export function presented(
  visit: Visit,
  shown: { readonly handle: Digest; readonly back: Digest; readonly holder: Holder },
  now: Instant,
): Step<'presented' | 'unknown'> {
  const { phase } = visit
  if (phase.status !== 'awaited' || !sameDigest(phase.handle, shown.handle))
    return { next: visit, outcome: 'unknown' }
  const { back, holder } = shown
  const until = after(now, CARD_RETURN_LIFETIME)
  return { next: { ...visit, phase: { status: 'presented', back, until, holder } }, outcome: 'presented' }
}

/** The way back was followed in another browser than the one that began: it is spent. */
export function strayed(visit: Visit, back: Digest, now: Instant): Visit {
  const { phase } = visit
  return phase.status === 'presented' && sameDigest(phase.back, back)
    ? { ...visit, phase: { ...phase, until: now } }
    : visit
}

/** The browser came back with what the card host gave it. Once. */
export function cameBack(visit: Visit, back: Digest, now: Instant): Step<'opened' | 'spent'> {
  const { phase } = visit
  if (phase.status !== 'presented' || !sameDigest(phase.back, back) || now >= phase.until)
    return { next: visit, outcome: 'spent' }
  return {
    next: {
      ...visit,
      expiresAt: after(now, OPEN_LIFETIME),
      phase: { status: 'open', holder: phase.holder },
    },
    outcome: 'opened',
  }
}

/** Whose card opened it, while that may still answer. */
export const holderOf = ({ phase }: Visit): Holder | undefined =>
  phase.status === 'open' ? phase.holder : undefined

/** The person answers: from here on this visit answers nothing else. */
export function answered(visit: Visit): Step<Holder | undefined> {
  const holder = holderOf(visit)
  return holder === undefined
    ? { next: visit, outcome: undefined }
    : { next: { ...visit, phase: { status: 'answered' } }, outcome: holder }
}
