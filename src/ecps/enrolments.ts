import type { AddressedHandle } from '../kernel/handle.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import type { Opening } from './card-activations.ts'
import type { EnrolmentRefusal, ReadyToRegister } from './enrolment.ts'

/** Activations under way, one object each. Every method is one call and atomic. */
export interface Enrolments {
  /**
   * Begins an activation. Without a professional it goes nowhere, and nothing that it answers then differs. The codes
   * are for the messages only: their digest is what is kept.
   */
  begin(
    practitionerId: PractitionerId | undefined,
    /** For the passkey to come, base64url: that of the passkeys the person has, or a fresh one. */
    userHandle: string,
  ): Promise<{
    readonly activation: AddressedHandle
    readonly emailCode: string
    readonly smsCode: string
    /** Seconds. */
    readonly expiresIn: number
  }>
  /** Begins an activation of somebody whose card was shown: ready to register at once. */
  beginOpened(
    practitionerId: PractitionerId,
    userHandle: string,
    opening: Opening,
  ): Promise<{
    readonly activation: AddressedHandle
    /** Registration challenge, base64url. */
    readonly challenge: string
    /** Seconds. */
    readonly expiresIn: number
  }>
  /** Compares both codes together; right ones are taken once and answered with a fresh registration challenge. */
  giveCodes(
    activation: string,
    codes: { readonly emailCode: string; readonly smsCode: string },
  ): Promise<ReadyToRegister | EnrolmentRefusal>
  /** Spends the registration challenge. */
  takeChallenge(activation: string): Promise<ReadyToRegister | { readonly refused: 'activation-expired' }>
}
