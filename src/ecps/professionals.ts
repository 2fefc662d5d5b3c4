import type { ClientId, DeviceId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Place } from '../kernel/place.ts'
import type { Announced, RecentSignIn } from './professional.ts'

/** A verified device proof that must not have been used before. */
export interface FreshProof {
  readonly jti: string
  readonly iat: Instant
}

/** The proof was used before, or too many came in two minutes: nothing was done. */
export type NotAdmitted = { readonly refused: 'replayed' | 'too-many' }

export interface OpenedSession {
  readonly practitionerId: string
  /** The session's object name. */
  readonly session: string
  readonly service: string
  readonly at: Instant
  readonly place: Place
  readonly means: 'CARD' | 'MOBILE' | 'PASSKEY'
  /** The card that opened it, as `cardReference` names it. */
  readonly card?: string | undefined
}

/** A recent sign-in, and whether the session it opened still lives. */
export type ProfessionalSignIn = RecentSignIn & { readonly live: boolean }

/**
 * One professional's meeting point: what waits for them, where they are signed in, which proofs were used. Every
 * method is one call, atomic, and spends the proof in the call that does the work.
 */
export interface Professionals {
  /** Spends a proof for work that is elsewhere. */
  admit(
    practitionerId: string,
    proof: FreshProof,
  ): Promise<{ readonly admitted: true; readonly userCode: boolean } | NotAdmitted>
  /** The code without which services that ask for one do not ring (CIBA Core §7.1); `undefined` takes it away. */
  setUserCode(
    practitionerId: string,
    proof: FreshProof,
    code: string | undefined,
  ): Promise<{ readonly userCode: boolean } | NotAdmitted>
  /** The approvals that wait, by id. */
  pending(
    practitionerId: string,
    proof: FreshProof,
  ): Promise<{ readonly waiting: readonly string[] } | NotAdmitted>
  /** A request that the phone fetched itself, by QR or typed code. It counts as live like any other. */
  paired(
    practitionerId: string,
    proof: FreshProof,
    request: { readonly approval: string; readonly service: string; readonly expiresAt: Instant },
  ): Promise<Announced | NotAdmitted>
  /** Whether codes may still be tried. Asked before one is: a guess beyond the budget must not even use up what it hits. */
  mayPair(practitionerId: string): Promise<boolean>
  /** A scanned or typed code that led nowhere. */
  missed(practitionerId: string, proof: FreshProof): Promise<{ readonly counted: true } | NotAdmitted>
  /** What was decided. The decision itself happened once, where the approval lives; this is its trace. */
  settled(
    practitionerId: string,
    proof: FreshProof,
    decided: {
      readonly approval: string
      readonly outcome: 'approved' | 'wrong-code' | 'denied'
      readonly service: string
      readonly place: Place
    },
  ): Promise<void>
  /** The request is not wanted any more (its login was cancelled or ended): it stops waiting. */
  withdrawn(practitionerId: string, approval: string): Promise<void>
  /** Newest first. */
  signIns(
    practitionerId: string,
    proof: FreshProof,
  ): Promise<{ readonly signIns: readonly ProfessionalSignIn[] } | NotAdmitted>
  /** Sessions believed to live. */
  sessions(
    practitionerId: string,
    proof: FreshProof,
  ): Promise<{ readonly sessions: readonly string[] } | NotAdmitted>
  /** `closed`: what opened it was closed meanwhile, so it must be ended. */
  sessionOpened(opened: OpenedSession): Promise<'listed' | 'closed'>
  /**
   * Closes what this card opened (`ANY_CARD`: any of theirs), or everything when none is named, now and for those that
   * are being opened. Answers the sessions to end; `sessionsEnded` is told once they are.
   */
  closeSessions(practitionerId: string, card: string | undefined): Promise<readonly string[]>
  sessionsEnded(practitionerId: string, sessions: readonly string[]): Promise<void>
  /** A single-use ticket for the live socket, valid 30 seconds. */
  ticket(
    practitionerId: string,
    proof: FreshProof,
    device: DeviceId,
  ): Promise<{ readonly ticket: string } | NotAdmitted>
  /** Hands a WebSocket request over to the object that its ticket names. 401 when the ticket is not good. */
  connect(request: Request): Promise<Response>
  /** Closes the device's sockets and forgets what waits. `cancel` names the approvals to end. */
  deviceRevoked(
    practitionerId: string,
    proof: FreshProof,
    device: DeviceId,
  ): Promise<{ readonly cancel: readonly string[] } | NotAdmitted>
  /** Counts an activation begun in this name; `id` may be a number that nobody has. */
  activationBegun(id: string): Promise<'within' | 'exceeded'>
}

/** What whoever waits for an approval may do with a professional's phones. */
export interface Phones {
  /**
   * Lists a request from a bonded browser, or of the service `askedBy` itself. `live`: the app is open on a phone now.
   * `two-at-once`: both requests end (`cancel` names them). `closed`: the professional refused twice in a quarter of an
   * hour, or the service asked too often without being approved, so nothing was listed.
   */
  announce(input: {
    readonly practitionerId: string
    readonly approval: string
    readonly loginName: string
    readonly service: string
    readonly expiresAt: Instant
    readonly askedBy?: ClientId
    /** As the service sent it, from one that asks people for theirs. */
    readonly userCode?: string | undefined
    /** Waits for the card instead: no phone is rung. */
    readonly forCard?: boolean
  }): Promise<
    | { readonly outcome: 'listed'; readonly live: boolean }
    | { readonly outcome: 'two-at-once'; readonly cancel: readonly string[] }
    | { readonly outcome: 'closed' }
    /** Not the person's code: nothing was listed. */
    | { readonly outcome: 'user-code' }
  >
  /** The computer gave up: the request stops waiting, so that the next one is not the second of two. */
  withdraw(input: { readonly practitionerId: string; readonly approval: string }): Promise<void>
}

/** What services ask of a professional's card. Each method is one call. */
export interface CardWaiting {
  /** The approvals that wait, by id. */
  of(practitionerId: string): Promise<readonly string[]>
  /** The trace of a decision that happened where the approval lives. */
  settled(
    practitionerId: string,
    decided: {
      readonly approval: string
      readonly outcome: 'approved' | 'wrong-code' | 'denied'
      readonly service: string
      readonly place: Place
    },
  ): Promise<void>
}
