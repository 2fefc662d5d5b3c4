import { type Approval, type ApprovalContext, CONFIRM, NONE } from '../../ecps/approval.ts'
import { type Digest, sameDigest } from '../../kernel/digest.ts'
import { addressed } from '../../kernel/handle.ts'
import type { ClientId, ObjectName, PractitionerId } from '../../kernel/identifiers.ts'
import { after, type Instant } from '../../kernel/instant.ts'
import { NOWHERE } from '../../kernel/place.ts'
import type { Channel } from '../../protocol/ciba/authentication-request.ts'
import type { SessionSubject } from '../../sessions/sessions.ts'

/** Seconds between two polls (CIBA Core §7.3 `interval`), and what too fast a poll adds to it (§11 `slow_down`). */
export const INTERVAL = 2
const SLOWER = 5
/** Seconds that are left to the network, and to clocks that count whole seconds. */
const TOLERANCE = 1
/** Seconds for which a decision can be collected even if the request has expired meanwhile. */
const COLLECTABLE = 60
/** Seconds for which an ended request is known: it is told as expired or used, rather than as never seen. */
const KEPT = 600

/** How the ids of these approvals begin, so that the e-CPS's port finds them (ecps/routed-approvals.ts). */
export const APPROVAL_PREFIX = 'ciba:'

/** Where a client in ping mode is told that its result is there (CIBA Core §10.2). */
export interface Ping {
  readonly endpoint: string
  /** The client's own bearer token, by which it knows us. */
  readonly token: string
  readonly authReqId: string
}

/** A request as it begins: nobody is addressed yet. */
export interface Asked {
  readonly name: ObjectName
  /** Digest of the secret half of the `auth_req_id`. */
  readonly secret: Digest
  readonly clientId: ClientId
  readonly clientName: string
  readonly scope: string
  /** What may decide it; the phone where it does not say (begun before there was a choice). */
  readonly channel?: Channel
  /** `acr` to state. */
  readonly acr: string
  /** The code with its decoys, or the words to show. */
  readonly shown: { readonly code: string; readonly values: readonly string[] } | { readonly message: string }
  /** Seconds. */
  readonly lifetime: number
  readonly ping: Ping | undefined
}

type Phase =
  /** Waits for nobody in particular: not addressed yet, or withdrawn because two requests met. */
  | { readonly status: 'open' }
  | { readonly status: 'on-phone'; readonly approval: Approval }
  | {
      readonly status: 'approved'
      readonly approval: string
      readonly subject: SessionSubject
      readonly at: Instant
    }
  | { readonly status: 'refused'; readonly approval: string }
  | { readonly status: 'collected'; readonly approval: string }

export interface Request extends Asked {
  readonly askedAt: Instant
  readonly expiresAt: Instant
  /** Seconds that the client must leave between two polls. */
  readonly interval: number
  readonly polledAt: Instant | undefined
  readonly addressed: boolean
  readonly phase: Phase
}

/** A request after an event, and what came of it. */
export interface Step<Outcome> {
  readonly request: Request
  readonly outcome: Outcome
}

export const begin = (asked: Asked, now: Instant): Request => ({
  ...asked,
  askedAt: now,
  expiresAt: after(now, asked.lifetime),
  interval: INTERVAL,
  polledAt: undefined,
  addressed: false,
  phase: { status: 'open' },
})

/** When everything about it is forgotten. */
export const endOf = ({ expiresAt }: Request): Instant => after(expiresAt, KEPT)

/** The person is known: an approval is made for them, once. */
export function address(
  request: Request,
  to: { readonly practitionerId: string; readonly id: string; readonly nonce: string },
  now: Instant,
): Step<{ readonly approval: Approval } | 'gone'> {
  if (request.addressed || now >= request.expiresAt) return { request, outcome: 'gone' }
  const { name, clientId, clientName: service, shown, expiresAt } = request
  const id = `${APPROVAL_PREFIX}${addressed(name, to.id)}`
  const context: ApprovalContext = {
    approval: id,
    clientId,
    service,
    // Who asks is a server: where it stands says nothing of where the person is.
    place: NOWHERE,
    browser: '',
    bonded: false,
    askedBy: 'service',
    ...('message' in shown ? { message: shown.message } : {}),
    askedAt: now,
    expiresAt,
  }
  const approval: Approval = {
    id,
    practitionerId: to.practitionerId,
    nonce: to.nonce,
    context: JSON.stringify(context),
    ...('message' in shown ? { code: CONFIRM, values: [CONFIRM] } : shown),
    expiresAt,
  }
  return {
    request: { ...request, addressed: true, phase: { status: 'on-phone', approval } },
    outcome: { approval },
  }
}

const channelOf = ({ channel }: Request): Channel => channel ?? 'MOBILE'

/** The approval of this id, if it waits for this professional on this channel. */
export function waitingApproval(
  request: Request,
  channel: Channel,
  id: string,
  practitionerId: PractitionerId,
  now: Instant,
): Approval | undefined {
  const { phase, expiresAt } = request
  if (channelOf(request) !== channel || phase.status !== 'on-phone' || now >= expiresAt) return undefined
  return phase.approval.id === id && phase.approval.practitionerId === practitionerId
    ? phase.approval
    : undefined
}

/** A choice on the phone, signed and verified already, or after a card. One attempt: a wrong pick ends the request. */
export function decide(
  request: Request,
  decision: {
    readonly channel: Channel
    readonly id: string
    readonly choice: string
    readonly subject: SessionSubject
  },
  now: Instant,
): Step<'approved' | 'wrong-code' | 'denied' | 'gone' | 'expired' | 'already-decided'> {
  const { phase } = request
  // What the service asked of the card, a phone does not decide, nor the other way round.
  if (channelOf(request) !== decision.channel) return { request, outcome: 'gone' }
  if (phase.status !== 'on-phone') {
    const same = 'approval' in phase && phase.approval === decision.id
    return { request, outcome: same ? 'already-decided' : 'gone' }
  }
  const { approval } = phase
  // An approval is for one professional: nobody else's signature decides it.
  if (approval.id !== decision.id || approval.practitionerId !== decision.subject.practitionerId)
    return { request, outcome: 'gone' }
  if (now >= request.expiresAt) return { request, outcome: 'expired' }
  if (decision.choice === approval.code) {
    const phase: Phase = { status: 'approved', approval: approval.id, subject: decision.subject, at: now }
    return { request: { ...request, phase }, outcome: 'approved' }
  }
  return {
    request: { ...request, phase: { status: 'refused', approval: approval.id } },
    outcome: decision.choice === NONE ? 'denied' : 'wrong-code',
  }
}

/**
 * Ends a waiting approval from outside. The client is told nothing when two requests met: it could have made both, to
 * learn whether anybody is there to be asked.
 */
export function cancel(request: Request, id: string, reason: 'two-at-once' | 'device-revoked'): Request {
  const { phase } = request
  if (phase.status !== 'on-phone' || phase.approval.id !== id) return request
  return {
    ...request,
    phase: reason === 'two-at-once' ? { status: 'open' } : { status: 'refused', approval: id },
  }
}

/** What a poll finds (CIBA Core §11), or whose it is not. */
export type Polled =
  | {
      readonly outcome: 'approved'
      readonly subject: SessionSubject
      readonly clientName: string
      readonly scope: string
      readonly acr: string
    }
  | { readonly outcome: 'authorization_pending' | 'slow_down' | 'expired_token' | 'access_denied' }
  /** `invalid_grant`; which, is for the trail. */
  | { readonly outcome: 'unknown' | 'other-client' | 'already-used' }

/** A poll of the token endpoint. The result is given once. */
export function poll(
  request: Request,
  by: { readonly secret: Digest; readonly clientId: ClientId },
  now: Instant,
): Step<Polled> {
  const { phase, interval, polledAt } = request
  if (!sameDigest(request.secret, by.secret)) return { request, outcome: { outcome: 'unknown' } }
  // CIBA Core §11: "issued to another Client": it changes nothing for the one that it was issued to.
  if (request.clientId !== by.clientId) return { request, outcome: { outcome: 'other-client' } }
  if (phase.status === 'collected') return { request, outcome: { outcome: 'already-used' } }
  if (phase.status === 'approved' && (now < request.expiresAt || now < after(phase.at, COLLECTABLE))) {
    const { clientName, scope, acr } = request
    return {
      request: { ...request, phase: { status: 'collected', approval: phase.approval } },
      outcome: { outcome: 'approved', subject: phase.subject, clientName, scope, acr },
    }
  }
  if (phase.status === 'refused') return { request, outcome: { outcome: 'access_denied' } }
  if (now >= request.expiresAt) return { request, outcome: { outcome: 'expired_token' } }
  if (polledAt !== undefined && now - polledAt < interval - TOLERANCE) {
    // CIBA Core §11: "the interval MUST be increased by at least 5 seconds for this and all subsequent requests".
    return {
      request: { ...request, polledAt: now, interval: interval + SLOWER },
      outcome: { outcome: 'slow_down' },
    }
  }
  return { request: { ...request, polledAt: now }, outcome: { outcome: 'authorization_pending' } }
}
