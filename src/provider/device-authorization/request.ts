import { type Digest, sameDigest } from '../../kernel/digest.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import { after, type Instant } from '../../kernel/instant.ts'
import type { Place } from '../../kernel/place.ts'
import type { Acr } from '../../protocol/oidc/acr.ts'
import type { SessionSubject } from '../../sessions/sessions.ts'

/** Seconds between two polls (RFC 8628 §3.2 `interval`), and what too fast a poll adds to it (§3.5 `slow_down`). */
export const INTERVAL = 5
const SLOWER = 5
/** Seconds that are left to the network, and to clocks that count whole seconds. */
const TOLERANCE = 1
/** Seconds for which an answer can be collected even if the request has expired meanwhile. */
const COLLECTABLE = 60
/** Seconds for which an ended request is known: it is told as expired or used, rather than as never seen. */
const KEPT = 600

/** A request of a device, as it begins. */
export interface Asked {
  /** Also the object that the user code leads to. */
  readonly name: ObjectName
  /** Digest of the secret half of the device code. */
  readonly secret: Digest
  readonly clientId: ClientId
  readonly clientName: string
  readonly scope: string
  readonly acrValues: readonly Acr[]
  readonly maxAge: number | undefined
  /** Where the device asked from: shown to whoever types its code (RFC 8628 §5.4). */
  readonly place: Place
  /** Thumbprint of the key that alone may poll, if the device showed one (RFC 9449). */
  readonly jkt: string | undefined
  /** Seconds. */
  readonly lifetime: number
}

/** The browser's session that answered, by the digest of its secret: it must still be there when tokens are fetched. */
export interface AnsweredFrom {
  readonly session: ObjectName
  readonly secret: Digest
}

/** Who answered, and how. */
export interface Approval {
  readonly subject: SessionSubject
  /** `acr` to state. */
  readonly acr: string
  /** `undefined` when they proved themselves for this very request. */
  readonly from: AnsweredFrom | undefined
}

type Phase =
  | { readonly status: 'waiting' }
  | { readonly status: 'approved'; readonly approval: Approval; readonly at: Instant }
  | { readonly status: 'denied' }
  /** Tokens were given: nothing personal is left. */
  | { readonly status: 'collected' }

export interface Request extends Asked {
  readonly askedAt: Instant
  readonly expiresAt: Instant
  /** Seconds that the device must leave between two polls. */
  readonly interval: number
  readonly polledAt: Instant | undefined
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
  phase: { status: 'waiting' },
})

/** When everything about it is forgotten. */
export const endOf = ({ expiresAt }: Request): Instant => after(expiresAt, KEPT)

/** What whoever types the code is shown, and what signing in takes. */
export type Waiting = Pick<
  Request,
  'name' | 'clientId' | 'clientName' | 'scope' | 'acrValues' | 'maxAge' | 'place' | 'askedAt'
>

/** Why a code leads nowhere. */
export type Absent = 'unknown' | 'expired' | 'answered'

/** The request that waits for somebody, if it still does. */
export function waiting(request: Request, now: Instant): { waiting: Waiting } | { absent: Absent } {
  if (request.phase.status !== 'waiting') return { absent: 'answered' }
  if (now >= request.expiresAt) return { absent: 'expired' }
  const { name, clientId, clientName, scope, acrValues, maxAge, place, askedAt } = request
  return { waiting: { name, clientId, clientName, scope, acrValues, maxAge, place, askedAt } }
}

/** Somebody's answer, once: the first one counts. */
export function answer(
  request: Request,
  answered: { readonly approval: Approval } | 'denied',
  now: Instant,
): Step<'done' | Absent> {
  const seen = waiting(request, now)
  if ('absent' in seen) return { request, outcome: seen.absent }
  const phase: Phase =
    answered === 'denied'
      ? { status: 'denied' }
      : { status: 'approved', approval: answered.approval, at: now }
  return { request: { ...request, phase }, outcome: 'done' }
}

/** What a poll finds (RFC 8628 §3.5), or whose it is not. */
export type Polled =
  | ({ readonly outcome: 'approved' } & Approval & Pick<Request, 'clientName' | 'scope' | 'place'>)
  | { readonly outcome: 'authorization_pending' | 'slow_down' | 'expired_token' | 'access_denied' }
  /** `invalid_grant`; which, is for the trail. */
  | { readonly outcome: 'unknown' | 'other-client' | 'key-missing' | 'key-mismatch' | 'already-used' }

/** A poll of the token endpoint. The result is given once. */
export function poll(
  request: Request,
  by: { readonly secret: Digest; readonly clientId: ClientId; readonly jkt: string | undefined },
  now: Instant,
): Step<Polled> {
  const { phase, interval, polledAt } = request
  const refused = (outcome: Exclude<Polled['outcome'], 'approved'>): Step<Polled> => ({
    request,
    outcome: { outcome },
  })
  if (!sameDigest(request.secret, by.secret)) return refused('unknown')
  // RFC 6749 §5.2: issued to another client. It changes nothing for the one that it was issued to.
  if (request.clientId !== by.clientId) return refused('other-client')
  if (request.jkt !== undefined && by.jkt === undefined) return refused('key-missing')
  if (request.jkt !== undefined && request.jkt !== by.jkt) return refused('key-mismatch')
  if (phase.status === 'collected') return refused('already-used')
  if (phase.status === 'approved' && (now < request.expiresAt || now < after(phase.at, COLLECTABLE))) {
    const { clientName, scope, place } = request
    return {
      request: { ...request, phase: { status: 'collected' } },
      outcome: { outcome: 'approved', ...phase.approval, clientName, scope, place },
    }
  }
  if (phase.status === 'denied') return refused('access_denied')
  if (now >= request.expiresAt) return refused('expired_token')
  if (polledAt !== undefined && now - polledAt < interval - TOLERANCE) {
    // RFC 8628 §3.5: "the interval MUST be increased by 5 seconds for this and all subsequent requests".
    return {
      request: { ...request, polledAt: now, interval: interval + SLOWER },
      outcome: { outcome: 'slow_down' },
    }
  }
  return { request: { ...request, polledAt: now }, outcome: { outcome: 'authorization_pending' } }
}
