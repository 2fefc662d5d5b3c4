import type { Opening } from '../ecps/card-activations.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import { endsSoon, type Pairing } from '../mire/login.ts'

/** From the button to the card's end, and again from the phone's first word to its last, in seconds. */
export const CARD_ACTIVATION_LIFETIME = 600
/** How long the way back from the card host is open, in seconds: it is one redirect. */
export const CARD_RETURN_LIFETIME = 60

/** Whose card it was. */
export interface Holder {
  readonly practitionerId: PractitionerId
  /** As the page says it. */
  readonly displayName: string
  /** The card, as blocks name it. */
  readonly card: string
}

/** Where the activation is. The secrets of both ways of the card are digests; each is good once. */
export type Phase =
  | { readonly status: 'awaited'; readonly handle: Digest }
  | { readonly status: 'presented'; readonly back: Digest; readonly until: Instant; readonly holder: Holder }
  /** QR and typed code shown; no phone yet. */
  | { readonly status: 'shown'; readonly holder: Holder; readonly pairings: readonly Pairing[] }
  /** A phone has it. `finishing`: its passkey is being registered, and nobody can call it off. */
  | {
      readonly status: 'taken'
      readonly holder: Holder
      readonly pairings: readonly Pairing[]
      readonly taking: ObjectName
      readonly finishing: boolean
    }
  | { readonly status: 'done'; readonly holder: Holder; readonly device: string }

/** The activation of an e-CPS that a card opens, on the computer's side. */
export interface CardActivation {
  readonly name: ObjectName
  /** Digest of what the cookie of the browser that began says. */
  readonly browser: Digest
  readonly expiresAt: Instant
  readonly phase: Phase
}

export interface Step<Outcome> {
  readonly next: CardActivation
  readonly outcome: Outcome
}

/** A browser asked for the card: `handle` leads to the host that asks for it. */
export const begunActivation = (
  { name, browser, handle }: { readonly name: ObjectName; readonly browser: Digest; readonly handle: Digest },
  now: Instant,
): CardActivation => ({
  name,
  browser,
  expiresAt: after(now, CARD_ACTIVATION_LIFETIME),
  phase: { status: 'awaited', handle },
})

/**
 * A card was found good at the card host. Nothing is opened yet: whose browser it was shows on the way back, where the
 * activation's own cookie is. So a link sent to somebody else shows their QR to nobody (RFC 9700 §4.7).
 */
export function cardPresented(
  activation: CardActivation,
  shown: { readonly handle: Digest; readonly back: Digest; readonly holder: Holder },
  now: Instant,
): Step<'presented' | 'unknown'> {
  const { phase } = activation
  if (phase.status !== 'awaited' || !sameDigest(phase.handle, shown.handle))
    return { next: activation, outcome: 'unknown' }
  const { back, holder } = shown
  return {
    next: {
      ...activation,
      phase: { status: 'presented', back, until: after(now, CARD_RETURN_LIFETIME), holder },
    },
    outcome: 'presented',
  }
}

/**
 * The way back was followed in another browser than the one that began, so somebody was sent the link of an activation
 * that is not theirs: it is spent, before whoever sent it talks them into reading out the address.
 */
export function wayBackStrayed(activation: CardActivation, back: Digest, now: Instant): CardActivation {
  const { phase } = activation
  return phase.status === 'presented' && sameDigest(phase.back, back)
    ? { ...activation, phase: { ...phase, until: now } }
    : activation
}

/** The browser came back with what the card host gave it. Once. */
export function cameBack(
  activation: CardActivation,
  back: Digest,
  now: Instant,
): Step<{ readonly holder: Holder } | 'spent' | 'open-already'> {
  const { phase } = activation
  if (phase.status === 'shown' || phase.status === 'taken' || phase.status === 'done')
    return { next: activation, outcome: 'open-already' }
  if (phase.status !== 'presented' || !sameDigest(phase.back, back) || now >= phase.until)
    return { next: activation, outcome: 'spent' }
  const { holder } = phase
  return {
    next: { ...activation, phase: { status: 'shown', holder, pairings: [] } },
    outcome: { holder },
  }
}

/** Whether a page shown now needs a new QR. */
export const needsPairing = ({ phase }: CardActivation, now: Instant): boolean =>
  phase.status === 'shown' && endsSoon(phase.pairings, now)

/** A view of the page, with a new QR when the one shown is about to end. The older one works until its own end. */
export function viewed(
  activation: CardActivation,
  pairing: Pairing | undefined,
  now: Instant,
): CardActivation {
  const { phase } = activation
  if (pairing === undefined || phase.status !== 'shown' || !needsPairing(activation, now)) return activation
  const live = phase.pairings.filter(({ expiresAt }) => now < expiresAt)
  return { ...activation, phase: { ...phase, pairings: [...live, pairing] } }
}

/** A phone scanned or typed what the computer shows. The first one has it; whoever comes after is told so. */
export function taken(
  activation: CardActivation,
  by: { readonly means: 'qr' | 'code'; readonly digest: Digest },
  taking: ObjectName,
  now: Instant,
): Step<{ readonly practitionerId: PractitionerId } | 'unknown' | 'expired' | 'already-taken'> {
  const { phase } = activation
  if (phase.status !== 'shown' && phase.status !== 'taken') return { next: activation, outcome: 'unknown' }
  const { holder, pairings } = phase
  const found = pairings.find(({ secretDigest, codeDigest }) =>
    sameDigest(by.means === 'qr' ? secretDigest : codeDigest, by.digest),
  )
  if (found === undefined) return { next: activation, outcome: 'unknown' }
  if (phase.status === 'taken') return { next: activation, outcome: 'already-taken' }
  if (now >= found.expiresAt) return { next: activation, outcome: 'expired' }
  return {
    next: {
      ...activation,
      // The passkey takes its time, however late the QR was scanned.
      expiresAt: after(now, CARD_ACTIVATION_LIFETIME),
      phase: { status: 'taken', holder, pairings, taking, finishing: false },
    },
    outcome: { practitionerId: holder.practitionerId },
  }
}

/** "That is not my phone": it gets nothing, and another QR is shown. Until its passkey is being registered. */
export function calledOff(activation: CardActivation): CardActivation {
  const { phase } = activation
  if (phase.status !== 'taken' || phase.finishing) return activation
  return { ...activation, phase: { status: 'shown', holder: phase.holder, pairings: [] } }
}

/** The phone's passkey is good: does it still have the activation? From here on it cannot be called off. */
export function finishing(activation: CardActivation, { taking }: Opening): Step<Holder | undefined> {
  const { phase } = activation
  if (phase.status !== 'taken' || phase.taking !== taking) return { next: activation, outcome: undefined }
  return { next: { ...activation, phase: { ...phase, finishing: true } }, outcome: phase.holder }
}

/** The phone is activated. */
export function finished(activation: CardActivation, { taking }: Opening, device: string): CardActivation {
  const { phase } = activation
  if (phase.status !== 'taken' || phase.taking !== taking || !phase.finishing) return activation
  return { ...activation, phase: { status: 'done', holder: phase.holder, device } }
}

/** What of it the page says. */
export type Status = 'card' | 'shown' | 'taken' | 'done'

export const statusOf = ({ phase }: CardActivation): Status =>
  phase.status === 'awaited' || phase.status === 'presented' ? 'card' : phase.status
