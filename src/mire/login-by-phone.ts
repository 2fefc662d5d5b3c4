import { type Approval, type ApprovalContext, NONE } from '../ecps/approval.ts'
import { type Digest, sameDigest } from '../kernel/digest.ts'
import { addressed } from '../kernel/handle.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import type { Lifetimes } from '../kernel/lifetimes.ts'
import type { Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'
import type { DynamicCode } from './dynamic-code.ts'
import {
  isOpen,
  type Login,
  type Pairing,
  PHONE_ATTEMPTS,
  type Phase,
  passed,
  type Step,
  unknownTo,
} from './login.ts'

/** The person chose the phone, without a bond: a QR and a code are shown to whoever is in front. */
export function askedForPairing(
  login: Login,
  fresh: { readonly pairing: Pairing; readonly code: DynamicCode },
  now: Instant,
): Step<'waiting' | PhoneRefusal> {
  const at = passed(login, now)
  const refused = phoneRefusal(at)
  if (refused !== undefined) return { login: at, outcome: refused }
  return {
    login: {
      ...at,
      phoneAttempts: at.phoneAttempts + 1,
      phase: { status: 'waiting', pairings: [fresh.pairing], code: fresh.code },
    },
    outcome: 'waiting',
  }
}

/** The person chose the phone from a browser that is bonded to it. */
export function rang(
  login: Login,
  fresh: ApprovalSeed & { readonly practitionerId: PractitionerId; readonly code: DynamicCode },
  now: Instant,
  lifetimes: Pick<Lifetimes, 'approval'>,
): Step<{ readonly approval: Approval } | PhoneRefusal | 'not-ringable'> {
  const at = passed(login, now)
  const refused = phoneRefusal(at)
  if (refused !== undefined) return { login: at, outcome: refused }
  if (!at.ringable) return { login: at, outcome: 'not-ringable' }
  const approval = approvalFor(at, fresh, true, now, lifetimes)
  return {
    login: {
      ...at,
      phoneAttempts: at.phoneAttempts + 1,
      phase: { status: 'on-phone', approval, bonded: true },
    },
    outcome: { approval },
  }
}

/** Why the phone may not be asked: only phishing-resistant means will do, too many attempts, or already decided. */
export type PhoneRefusal = 'not-allowed' | 'too-many-attempts' | 'closed'

function phoneRefusal(login: Login): PhoneRefusal | undefined {
  if (!isOpen(login.phase)) return 'closed'
  // A code compared by eye can be relayed by a phisher; EAP ACR Values 1.0 §2 (`phr`).
  if (login.request.phishingResistant) return 'not-allowed'
  return login.phoneAttempts >= PHONE_ATTEMPTS ? 'too-many-attempts' : undefined
}

/** Fresh random parts of an approval. */
export interface ApprovalSeed {
  /** 16 random bytes, base64url. */
  readonly id: string
  /** 32 random bytes, base64url. */
  readonly nonce: string
}

/** A phone scanned the QR or typed the code: it belongs to that professional from here on. */
export function paired(
  login: Login,
  by: { readonly means: 'qr' | 'code'; readonly digest: Digest; readonly practitionerId: PractitionerId },
  seed: ApprovalSeed,
  now: Instant,
  lifetimes: Pick<Lifetimes, 'approval'>,
): Step<{ readonly approval: Approval } | 'unknown' | 'expired' | 'already-paired'> {
  const at = passed(login, now)
  const { phase } = at
  if (phase.status !== 'waiting')
    return {
      login: at,
      outcome:
        phase.status === 'choosing' || phase.status === 'cancelled' || phase.status === 'collected'
          ? 'unknown'
          : 'already-paired',
    }
  const pairing = phase.pairings.find((each) =>
    sameDigest(by.means === 'qr' ? each.secretDigest : each.codeDigest, by.digest),
  )
  if (pairing === undefined) return { login: at, outcome: 'unknown' }
  if (now >= pairing.expiresAt) return { login: at, outcome: 'expired' }
  const approval = approvalFor(
    at,
    { ...seed, practitionerId: by.practitionerId, code: phase.code },
    false,
    now,
    lifetimes,
  )
  return { login: { ...at, phase: { status: 'on-phone', approval, bonded: false } }, outcome: { approval } }
}

function approvalFor(
  login: Login,
  fresh: ApprovalSeed & { readonly practitionerId: PractitionerId; readonly code: DynamicCode },
  bonded: boolean,
  now: Instant,
  lifetimes: Pick<Lifetimes, 'approval'>,
): Approval {
  const id = addressed(login.name, fresh.id)
  const lifetimeEnd = after(now, lifetimes.approval)
  const expiresAt = lifetimeEnd < login.expiresAt ? lifetimeEnd : login.expiresAt
  const context: ApprovalContext = {
    approval: id,
    clientId: login.request.clientId,
    service: login.request.clientName,
    place: login.place,
    browser: login.description,
    bonded,
    askedAt: now,
    expiresAt,
  }
  return {
    id,
    practitionerId: fresh.practitionerId,
    nonce: fresh.nonce,
    context: JSON.stringify(context),
    ...fresh.code,
    expiresAt,
  }
}

/** The approval of this id, if it waits for this professional. */
export function waitingApproval(
  login: Login,
  id: string,
  practitionerId: PractitionerId,
  now: Instant,
): Approval | undefined {
  const { phase } = passed(login, now)
  if (phase.status !== 'on-phone') return undefined
  return phase.approval.id === id && phase.approval.practitionerId === practitionerId
    ? phase.approval
    : undefined
}

/** A choice on the phone, signed and verified already. One attempt: a wrong pick ends the request. */
export function decided(
  login: Login,
  decision: {
    readonly id: string
    readonly choice: string
    readonly authentication: Authentication
    readonly known: Known
  },
  now: Instant,
): Step<'approved' | 'wrong-code' | 'denied' | 'gone' | 'expired' | 'already-decided'> {
  const at = passed(login, now)
  const { phase } = at
  if (phase.status !== 'on-phone' || phase.approval.id !== decision.id)
    return { login: at, outcome: whyNotWaiting(phase, decision.id) }
  const { approval } = phase
  const { authentication, choice, known } = decision
  if (authentication.practitioner.id !== approval.practitionerId) return { login: at, outcome: 'gone' }
  if (choice === approval.code)
    return {
      login: {
        ...at,
        challenges: [],
        phase: { status: 'proved', authentication, disclose: unknownTo(known, at), approval: approval.id },
      },
      outcome: 'approved',
    }
  const outcome = choice === NONE ? 'denied' : 'wrong-code'
  return { login: { ...at, ringable: false, phase: { status: outcome, approval: approval.id } }, outcome }
}

function whyNotWaiting(phase: Phase, id: string): 'gone' | 'expired' | 'already-decided' {
  if (!('approval' in phase) || phase.approval !== id) return 'gone'
  return phase.status === 'request-expired' ? 'expired' : 'already-decided'
}

/** Ends a waiting approval from outside. Any other approval, or none, is left as it is. */
export function approvalCancelled(
  login: Login,
  id: string,
  reason: 'two-at-once' | 'device-revoked',
  now: Instant,
): Login {
  const at = passed(login, now)
  if (at.phase.status !== 'on-phone' || at.phase.approval.id !== id) return at
  return {
    ...at,
    ringable: false,
    phase: { status: reason === 'two-at-once' ? 'two-at-once' : 'denied', approval: id },
  }
}
