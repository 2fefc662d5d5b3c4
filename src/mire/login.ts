import type * as z from 'zod'
import type { Approval } from '../ecps/approval.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { ObjectName, PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import type { Lifetimes } from '../kernel/lifetimes.ts'
import type { Place } from '../kernel/place.ts'
import { covers, type Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'
import type { CardVisit } from './card-visit.ts'
import type { LoginState as LoginStateMessage } from './contract.ts'
import type { DynamicCode } from './dynamic-code.ts'
import type { Collected, LoginRequest } from './logins.ts'

/** Passkey challenges live at once: two tabs and a step back work, and an old page does not answer for ever. */
const LIVE_CHALLENGES = 3
/** How often the phone may be asked in one login. */
export const PHONE_ATTEMPTS = 5
/** A QR with less than this left, in seconds, is followed by a new one at the next view. */
const PAIRING_MARGIN = 20

/** What a phone can scan or type to attach itself. The mire shows it again at each view, hence no digest alone. */
export interface Pairing {
  readonly secret: string
  readonly secretDigest: Digest
  readonly code: string
  readonly codeDigest: Digest
  readonly expiresAt: Instant
}

export type PhoneFailure = 'wrong-code' | 'denied' | 'two-at-once' | 'request-expired'

export type Phase =
  | { readonly status: 'choosing' }
  /** QR and typed code shown; no phone yet. */
  | { readonly status: 'waiting'; readonly pairings: readonly Pairing[]; readonly code: DynamicCode }
  | { readonly status: 'on-phone'; readonly approval: Approval; readonly bonded: boolean }
  | { readonly status: PhoneFailure; readonly approval: string }
  | {
      readonly status: 'proved'
      readonly authentication: Authentication
      readonly disclose: boolean
      readonly approval: string | undefined
    }
  | { readonly status: 'cancelled' }
  /** The result was taken: nothing personal is left. */
  | { readonly status: 'collected' }

/** One login interaction: a request, the browser that began it, and how far it has come. */
export interface Login {
  readonly name: ObjectName
  readonly request: LoginRequest
  readonly browser: Digest
  readonly place: Place
  /** What the browser says it is ("Chrome, Windows"): shown on the phone, trusted by nobody. */
  readonly description: string
  readonly expiresAt: Instant
  readonly challenges: readonly string[]
  readonly phoneAttempts: number
  /** Whether a bonded phone may still be rung: not after a wrong pick or a refusal. */
  readonly ringable: boolean
  /** Whether what the service gets is shown whatever the person was told before (OIDC Core §3.1.2.1, `prompt=consent`). */
  readonly discloses: boolean
  /** A card that is awaited, or on its way back. Beside the phase: whoever chose it may still do otherwise. */
  readonly card: CardVisit | undefined
  readonly phase: Phase
}

/** What an event answers: the login as it is now, and the outcome. */
export interface Step<Outcome> {
  readonly login: Login
  readonly outcome: Outcome
}

export function beginLogin(
  input: Pick<Login, 'name' | 'request' | 'browser' | 'place' | 'description'> & {
    readonly known?: Authentication | undefined
    readonly disclose?: boolean | undefined
  },
  now: Instant,
  lifetimes: Pick<Lifetimes, 'login'>,
): Login {
  const { known, disclose = false, ...rest } = input
  return {
    ...rest,
    expiresAt: after(now, lifetimes.login),
    challenges: [],
    phoneAttempts: 0,
    ringable: true,
    discloses: disclose,
    card: undefined,
    phase:
      known === undefined
        ? { status: 'choosing' }
        : { status: 'proved', authentication: known, disclose: true, approval: undefined },
  }
}

/** Whether nothing may happen to it any more. The object forgets it at this time. */
export const isOver = (login: Login, now: Instant): boolean => now >= login.expiresAt

/** The next time at which something happens by itself. */
export const nextEnd = (login: Login): Instant =>
  login.phase.status === 'on-phone' && login.phase.approval.expiresAt < login.expiresAt
    ? login.phase.approval.expiresAt
    : login.expiresAt

/** What the passage of time does: a request that nobody answered on the phone has expired. */
export function passed(login: Login, now: Instant): Login {
  const { phase } = login
  if (phase.status !== 'on-phone' || now < phase.approval.expiresAt) return login
  return { ...login, phase: { status: 'request-expired', approval: phase.approval.id } }
}

/** Whether somebody may still prove who they are. */
export const isOpen = (phase: Phase): boolean =>
  phase.status !== 'proved' && phase.status !== 'cancelled' && phase.status !== 'collected'

/** Whether a page shown now needs a new QR: the one there is about to end, or has. */
export function needsPairing(login: Login, now: Instant): boolean {
  return login.phase.status === 'waiting' && endsSoon(login.phase.pairings, now)
}

/** Whether the newest of these QRs is about to end, or has. */
export function endsSoon(pairings: readonly Pairing[], now: Instant): boolean {
  const newest = pairings.at(-1)
  return newest === undefined || newest.expiresAt - now <= PAIRING_MARGIN
}

/** A view of the page: one more passkey challenge, and a new QR when the one shown is about to end. */
export function viewed(
  login: Login,
  fresh: { readonly challenge: string; readonly pairing: Pairing | undefined },
  now: Instant,
): Login {
  const at = passed(login, now)
  if (!isOpen(at.phase)) return at
  const challenges = [...at.challenges, fresh.challenge].slice(-LIVE_CHALLENGES)
  if (at.phase.status !== 'waiting') return { ...at, challenges }
  // The one shown until now stays good until its own end: someone may be half-way through typing it.
  const live = at.phase.pairings.filter((pairing) => now < pairing.expiresAt)
  const pairings = fresh.pairing !== undefined && needsPairing(at, now) ? [...live, fresh.pairing] : live
  return { ...at, challenges, phase: { ...at.phase, pairings } }
}

/**
 * A passkey answered; its signature is verified already. The challenge is spent here, so that one signature signs in
 * once, in the login that asked for it (WebAuthn L3 §13.4.3).
 */
export function provedByPasskey(
  login: Login,
  proof: { readonly challenge: string; readonly authentication: Authentication; readonly known: Known },
  now: Instant,
): Step<'proved' | 'spent' | 'closed'> {
  const at = passed(login, now)
  if (!isOpen(at.phase)) return { login: at, outcome: 'closed' }
  if (!at.challenges.includes(proof.challenge)) return { login: at, outcome: 'spent' }
  const { authentication, known } = proof
  return {
    login: {
      ...at,
      challenges: [],
      card: undefined,
      phase: { status: 'proved', authentication, disclose: unknownTo(known, at), approval: undefined },
    },
    outcome: 'proved',
  }
}

/** Back to the ways. What waited on a phone waits no more. */
export function anotherWay(login: Login, now: Instant): Login {
  const at = passed(login, now)
  return isOpen(at.phase) ? { ...at, card: undefined, phase: { status: 'choosing' } } : at
}

/** The person has read what the service gets. */
export function acknowledged(
  login: Login,
  now: Instant,
): Step<{ readonly practitionerId: PractitionerId } | 'nothing-to-read'> {
  const at = passed(login, now)
  if (at.phase.status !== 'proved') return { login: at, outcome: 'nothing-to-read' }
  return {
    login: { ...at, phase: { ...at.phase, disclose: false } },
    outcome: { practitionerId: at.phase.authentication.practitioner.id },
  }
}

/** The person gave up, at any time before the result was taken: the service will read `access_denied`. */
export function cancelled(login: Login, now: Instant): Login {
  const at = passed(login, now)
  return at.phase.status === 'collected'
    ? at
    : { ...at, challenges: [], card: undefined, phase: { status: 'cancelled' } }
}

/** Takes the result, once, and forgets whose it was. */
export function collected(login: Login, browser: Digest, now: Instant): Step<Collected> {
  const at = passed(login, now)
  const { phase, place } = at
  const { returnTo } = at.request
  if (!sameDigest(at.browser, browser)) return { login: at, outcome: { outcome: 'other-browser' } }
  const taken: Login = { ...at, challenges: [], card: undefined, phase: { status: 'collected' } }
  if (phase.status === 'collected') return { login: at, outcome: { outcome: 'gone' } }
  if (phase.status === 'cancelled') return { login: taken, outcome: { outcome: 'cancelled', returnTo } }
  if (phase.status !== 'proved' || phase.disclose) return { login: at, outcome: { outcome: 'undecided' } }
  return {
    login: taken,
    outcome: { outcome: 'proved', authentication: phase.authentication, returnTo, place },
  }
}

/** Whether what the service gets is still to be shown. */
export const unknownTo = (known: Known, login: Login): boolean =>
  login.discloses ||
  !covers(
    Object.hasOwn(known, login.request.clientId) ? known[login.request.clientId] : undefined,
    login.request.scope,
  )

/** An approval that was waiting on a phone when the person went another way: the phone need not show it any more. */
export interface Abandoned {
  readonly practitionerId: string
  readonly approval: string
}

/** The approval that waited on a phone before and does not any more, though the phone decided nothing. */
export function abandoned(before: Login, login: Login): Abandoned | undefined {
  if (before.phase.status !== 'on-phone') return undefined
  const { id, practitionerId } = before.phase.approval
  if (login.phase.status === 'on-phone' && login.phase.approval.id === id) return undefined
  return { approval: id, practitionerId }
}

/** How far a login has come, as its page is told. */
export type LoginState = z.infer<typeof LoginStateMessage>

export function stateOf(login: Login): LoginState {
  const { phase } = login
  const disclose = phase.status === 'proved' && phase.disclose
  const over = phase.status === 'cancelled' || (phase.status === 'proved' && !disclose)
  return {
    status: phase.status === 'collected' ? 'gone' : phase.status,
    disclose,
    next: over ? resultAt(login) : `/login/${login.name}`,
  }
}

/** Where the browser goes for the result: to whoever began the login. */
export const resultAt = ({ name, request }: Login): string =>
  `${request.resultAt ?? '/authorize/continue'}/${name}`

/** What is told to a page whose login is no more. */
export const goneState = (name: ObjectName): LoginState => ({
  status: 'gone',
  disclose: false,
  next: `/login/${name}`,
})
