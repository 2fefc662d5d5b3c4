import type { Approval } from '../ecps/approval.ts'
import type { Digest } from '../kernel/digest.ts'
import type { ClientId, ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'
import type { Abandoned, LoginState } from './login.ts'
import type { PhoneRefusal } from './login-by-phone.ts'

/** Why a login does not answer a browser. */
export type Absent = 'gone' | 'other-browser'

/** A login as its own browser sees it. */
export interface LoginView {
  readonly state: LoginState
  readonly clientId: ClientId
  readonly clientName: string
  readonly scope: string
  readonly phishingResistant: boolean
  readonly uiLocales: string | undefined
  readonly returnTo: string
  /** Path where the result is collected. */
  readonly resultAt: string
  readonly expiresAt: Instant
  /** The passkey challenge of this very view, base64url. */
  readonly challenge: string
  /** What to scan or type, while a phone is waited for. */
  readonly pairing: { readonly text: string; readonly code: string } | undefined
  /** The dynamic code, while there is one to show. */
  readonly code: string | undefined
  /** When what is shown ends: the QR, or the request on the phone. */
  readonly until: Instant | undefined
  readonly bonded: boolean
  readonly ringable: boolean
  readonly phoneAttemptsLeft: number
}

/** Port of the mire's pages towards their logins. Each method is one call and atomic. */
export interface Interactions {
  /** Everything a page needs, with a fresh passkey challenge. */
  view(name: ObjectName, browser: Digest): Promise<{ view: LoginView } | { absent: Absent }>
  /** As `view`, without a challenge and without change. */
  look(name: ObjectName, browser: Digest): Promise<{ state: LoginState } | { absent: Absent }>
  /** The WebSocket of the page, upgraded; its first message is the state. */
  live(name: ObjectName, browser: Digest): Promise<Response>
  /** Spends `challenge` if this login made it and nobody spent it before. The signature is verified by the caller. */
  prove(
    name: ObjectName,
    browser: Digest,
    proof: { challenge: string; authentication: Authentication; known: Known },
  ): Promise<
    | { outcome: 'proved'; state: LoginState; clientId: ClientId; abandoned: Abandoned | undefined }
    | { outcome: 'spent' | 'closed' }
    | { absent: Absent }
  >
  /** Rings a bonded phone, or shows something to scan when `practitionerId` is left out or may not be rung. */
  askPhone(
    name: ObjectName,
    browser: Digest,
    practitionerId: PractitionerId | undefined,
  ): Promise<
    | { outcome: 'waiting'; clientId: ClientId; abandoned: Abandoned | undefined }
    | {
        outcome: 'ringing'
        clientId: ClientId
        clientName: string
        approval: Approval
        abandoned: Abandoned | undefined
      }
    | { outcome: PhoneRefusal }
    | { absent: Absent }
  >
  /** Lets a card be shown for this login. `handle` is the digest of the secret that leads to the card host. */
  askCard(
    name: ObjectName,
    browser: Digest,
    handle: Digest,
  ): Promise<
    | { outcome: 'awaited'; clientId: ClientId; abandoned: Abandoned | undefined }
    | { outcome: 'closed' }
    | { absent: Absent }
  >
  /** The browser is back from the card host with what that gave it. Good once. */
  proveByCard(
    name: ObjectName,
    browser: Digest,
    back: Digest,
  ): Promise<
    | { outcome: 'proved'; state: LoginState; clientId: ClientId; practitionerId: PractitionerId }
    | { outcome: 'spent' | 'closed' }
    | { absent: Absent }
  >
  /** Back to the ways. */
  anotherWay(
    name: ObjectName,
    browser: Digest,
  ): Promise<{ outcome: 'choosing'; abandoned: Abandoned | undefined } | { absent: Absent }>
  acknowledge(
    name: ObjectName,
    browser: Digest,
  ): Promise<
    | {
        outcome: 'acknowledged'
        practitionerId: PractitionerId
        clientId: ClientId
        scope: string
        resultAt: string
      }
    | { outcome: 'nothing-to-read' }
    | { absent: Absent }
  >
  cancel(
    name: ObjectName,
    browser: Digest,
  ): Promise<
    | { outcome: 'cancelled'; clientId: ClientId; resultAt: string; abandoned: Abandoned | undefined }
    | { absent: Absent }
  >
}
