import type { ObjectName, PractitionerId } from '../kernel/identifiers.ts'

/** A phone's hold on an activation that a card opened. Neither half is a secret: what proves the phone is its enrolment. */
export interface Opening {
  readonly activation: ObjectName
  /** Which taking of it: whoever called an earlier one off ended that one only. */
  readonly taking: ObjectName
}

/** Activations of an e-CPS that a card opened, as the e-CPS sees them. Each method is atomic. */
export interface CardActivations {
  /** Attaches the phone that shows what the computer shows: the first one only. */
  take(
    scanned: { readonly qr: string } | { readonly code: string },
  ): Promise<
    | { readonly practitionerId: PractitionerId; readonly opening: Opening }
    | { readonly refused: 'unknown' | 'expired' | 'already-taken' }
  >
  /** The card, if that hold still stands and the card does. Once it was answered, the computer cannot call it off. */
  finishing(opening: Opening): Promise<{ readonly card: string } | undefined>
  /** Tells the computer which phone it was. */
  finished(opening: Opening, deviceName: string): Promise<void>
}
