import { type Digest, digest, sameDigest } from '../kernel/digest.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import type { Opening } from './card-activations.ts'

/** How long an activation may take, in seconds (ASVS 6.5.5: out-of-band codes live ten minutes at most). */
export const ENROLMENT_LIFETIME = 600
/** Wrong answers before the activation is dead. Two codes of six digits: one guess in 10¹² each. */
export const MAX_ATTEMPTS = 5

/** The activation of an e-CPS: by contact details, or opened by a card. */
export interface Enrolment {
  /** Digest of the secret half of the handle that the phone holds. */
  readonly secret: Digest
  /**
   * One digest over both codes and the secret: they can only be compared together, so that nothing says which one was
   * wrong, and what is kept cannot be tried out without the handle. A card needs none.
   */
  readonly codes: Digest | undefined
  /** `undefined`: the number leads nowhere (unknown, suspended, not reachable); no answer is the right one. */
  readonly practitionerId: PractitionerId | undefined
  /** Of the passkey to come, base64url. Decided once: the phone keeps it and hands it back at each sign-in. */
  readonly userHandle: string
  readonly attempts: number
  readonly stage: 'codes' | 'registration' | 'ended'
  /** Registration challenge, base64url, from the moment the codes were right. */
  readonly challenge: string
  readonly expiresAt: Instant
  /** What a card opened, if it was one. */
  readonly opening?: Opening
}

export type EnrolmentRefusal =
  | { readonly refused: 'wrong-codes'; readonly attemptsLeft: number }
  | { readonly refused: 'too-many-attempts' }
  | { readonly refused: 'activation-expired' }

/** A code of six digits, each of the million equally likely. */
export function sixDigits(entropy: Entropy): string {
  for (;;) {
    const number = new DataView(entropy(4).slice().buffer).getUint32(0)
    // The top of the range would make small codes likelier: drawn again.
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, '0')
  }
}

/** What is kept and compared. Spaces are how people read codes out; anything else typed makes a wrong code. */
export const codesDigest = (secret: string, emailCode: string, smsCode: string): Promise<Digest> =>
  digest(`${secret}.${emailCode.replace(/\s/g, '')}.${smsCode.replace(/\s/g, '')}`)

export const beginEnrolment = (
  input: Pick<Enrolment, 'secret' | 'codes' | 'practitionerId' | 'userHandle'>,
  now: Instant,
): Enrolment => ({
  ...input,
  attempts: 0,
  stage: 'codes',
  challenge: '',
  expiresAt: after(now, ENROLMENT_LIFETIME),
})

/** Whose card it was is proved already: what is left is passkey and device key. */
export const beginOpened = (
  input: Pick<Enrolment, 'secret' | 'practitionerId' | 'userHandle' | 'challenge'> & {
    readonly opening: Opening
  },
  now: Instant,
): Enrolment => ({
  ...input,
  codes: undefined,
  attempts: 0,
  stage: 'registration',
  expiresAt: after(now, ENROLMENT_LIFETIME),
})

/** Compares both codes at once. Right ones are taken once; the fifth wrong answer ends the activation. */
export function giveCodes(
  enrolment: Enrolment,
  given: { readonly secret: Digest; readonly codes: Digest; readonly challenge: string },
  now: Instant,
): {
  readonly next: Enrolment
  readonly answer: { readonly practitionerId: PractitionerId; readonly userHandle: string } | EnrolmentRefusal
} {
  if (!isHolder(enrolment, given.secret, now)) return expired(enrolment)
  if (enrolment.attempts >= MAX_ATTEMPTS) return { next: enrolment, answer: { refused: 'too-many-attempts' } }
  if (enrolment.stage !== 'codes') return expired(enrolment)
  const right = enrolment.codes !== undefined && sameDigest(enrolment.codes, given.codes)
  const { practitionerId, userHandle } = enrolment
  if (right && practitionerId !== undefined) {
    return {
      next: { ...enrolment, stage: 'registration', challenge: given.challenge },
      answer: { practitionerId, userHandle },
    }
  }
  const attempts = enrolment.attempts + 1
  const attemptsLeft = MAX_ATTEMPTS - attempts
  return {
    next: { ...enrolment, attempts },
    answer: attemptsLeft > 0 ? { refused: 'wrong-codes', attemptsLeft } : { refused: 'too-many-attempts' },
  }
}

/** Spends the registration challenge: whatever the registration is worth, there is no second one. */
export function takeChallenge(
  enrolment: Enrolment,
  secret: Digest,
  now: Instant,
): {
  readonly next: Enrolment
  readonly answer: ReadyToRegister | { readonly refused: 'activation-expired' }
} {
  const { practitionerId, userHandle, challenge, opening } = enrolment
  if (!isHolder(enrolment, secret, now) || enrolment.stage !== 'registration' || practitionerId === undefined)
    return expired(enrolment)
  return {
    next: { ...enrolment, stage: 'ended' },
    answer: { practitionerId, userHandle, challenge, ...(opening === undefined ? {} : { opening }) },
  }
}

/** Whose passkey is about to be registered, and with which challenge. */
export interface ReadyToRegister {
  readonly practitionerId: PractitionerId
  readonly userHandle: string
  readonly challenge: string
  readonly opening?: Opening
}

const isHolder = (enrolment: Enrolment, secret: Digest, now: Instant): boolean =>
  sameDigest(enrolment.secret, secret) && enrolment.expiresAt > now

const expired = (enrolment: Enrolment) =>
  ({ next: enrolment, answer: { refused: 'activation-expired' } }) as const
