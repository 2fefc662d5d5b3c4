import { sameDigest } from '../kernel/digest.ts'
import { after, type Instant, instant } from '../kernel/instant.ts'
import type { Place } from '../kernel/place.ts'
import { PROOF_MEMORY } from './device-proof.ts'

/** Proofs that one person's devices may spend in two minutes. Polling every two seconds on two devices fits thrice. */
export const MAX_PROOFS = 400
export const MAX_SIGN_INS = 50
/** Activations begun in an hour before codes stop being sent. */
export const MAX_ACTIVATIONS = 5
const ACTIVATION_WINDOW = 3600
/** Refusals in a quarter of an hour that close the push channel, for as long. */
export const MAX_REFUSALS = 2
export const CLOSED_FOR = 900
/** Typed or scanned codes that lead nowhere, in a quarter of an hour. */
export const MAX_MISSES = 10
/** Requests in a quarter of an hour that a service may send without the person approving one, and all services. */
export const MAX_RINGS_OF_SERVICE = 3
export const MAX_RINGS = 6
export const TICKET_LIFETIME = 30
/** A session lives four hours at most, so nothing needs to say that it ended for it to leave the list. */
const SESSION_CEILING = 14_400

/** A request for approval that waits for this professional. */
export interface Waiting {
  readonly approval: string
  /** The login that asks: a login asking again replaces its own request. */
  readonly loginName: string
  readonly service: string
  readonly expiresAt: Instant
  /**
   * `bond`: rung by a browser known already. `pairing`: fetched by the phone itself (QR or typed code). `service`: sent
   * by the service named `clientId`, which needs no more than a number that is public.
   */
  readonly by: 'bond' | 'pairing' | 'service'
  readonly clientId?: string
  /** Digest of the code that came with it, from a service that asks people for theirs. */
  readonly userCode?: string | undefined
  /** Waits for the person's card instead: no phone sees it, and it meets no request of a phone. */
  readonly forCard?: boolean
}

/** A request of a service that was not approved (yet). */
export interface Ring {
  readonly approval: string
  readonly clientId: string
  readonly at: Instant
}

export interface RecentSignIn {
  readonly service: string
  readonly at: Instant
  readonly place: Place
  readonly means: 'CARD' | 'MOBILE' | 'PASSKEY'
  readonly outcome: 'signed-in' | 'wrong-code' | 'denied'
  /** The session it opened, if it opened one. */
  readonly session: string | undefined
}

/** A session believed to live. */
export interface LiveSession {
  readonly session: string
  readonly until: Instant
  /** The card that opened it, if one did. */
  readonly card?: string | undefined
}

/** Every card of the person, in place of one. No reference of a card is such a text. */
export const ANY_CARD = 'any card'

/** From here back, sessions are closed: those that this card opened, or `ANY_CARD`; all of them when none is named. */
export interface Closing {
  readonly card: string | undefined
  readonly at: Instant
}

/** What one professional's object keeps. Each list is stored by itself, so that a call writes only what it changed. */
export interface Professional {
  readonly proofs: readonly { readonly jti: string; readonly until: Instant }[]
  readonly waiting: readonly Waiting[]
  /** Requests of services that wait for the card. */
  readonly forCard: readonly Waiting[]
  /** Newest first. */
  readonly signIns: readonly RecentSignIn[]
  readonly sessions: readonly LiveSession[]
  readonly closings: readonly Closing[]
  readonly tickets: readonly { readonly digest: string; readonly device: string; readonly until: Instant }[]
  readonly activations: readonly Instant[]
  readonly refusals: readonly Instant[]
  readonly misses: readonly Instant[]
  readonly rings: readonly Ring[]
  readonly closedUntil: Instant
  /** Digest of the code without which services that ask for it do not ring; `''` when there is none. */
  readonly userCode: string
}

export const NOBODY: Professional = {
  proofs: [],
  waiting: [],
  forCard: [],
  signIns: [],
  sessions: [],
  closings: [],
  tickets: [],
  activations: [],
  refusals: [],
  misses: [],
  rings: [],
  closedUntil: instant(0),
  userCode: '',
}

/** `list` without what fails; the same list when nothing does, so that nothing is written for nothing. */
function kept<T>(list: readonly T[], stays: (item: T) => boolean): readonly T[] {
  return list.every(stays) ? list : list.filter(stays)
}

/** Drops what has ended. */
export function expire(p: Professional, now: Instant): Professional {
  const recent = (at: Instant) => at > now - CLOSED_FOR
  return {
    proofs: kept(p.proofs, ({ until }) => until > now),
    waiting: kept(p.waiting, ({ expiresAt }) => expiresAt > now),
    forCard: kept(p.forCard, ({ expiresAt }) => expiresAt > now),
    signIns: p.signIns,
    sessions: kept(p.sessions, ({ until }) => until > now),
    closings: kept(p.closings, ({ at }) => at > now - SESSION_CEILING),
    tickets: kept(p.tickets, ({ until }) => until > now),
    activations: kept(p.activations, (at) => at > now - ACTIVATION_WINDOW),
    refusals: kept(p.refusals, recent),
    misses: kept(p.misses, recent),
    rings: kept(p.rings, ({ at }) => recent(at)),
    closedUntil: p.closedUntil,
    userCode: p.userCode,
  }
}

/** When something must be dropped without anyone calling, if anything must. */
export function wakeAt(p: Professional): Instant | undefined {
  const ends = [
    ...p.waiting.map(({ expiresAt }) => expiresAt),
    ...p.forCard.map(({ expiresAt }) => expiresAt),
    ...p.activations.map((at) => after(at, ACTIVATION_WINDOW)),
    ...p.rings.map(({ at }) => after(at, CLOSED_FOR)),
  ]
  return ends.length === 0 ? undefined : instant(Math.min(...ends))
}

/** Whether nothing is left to remember: such an object (of a number nobody has, mostly) is deleted. */
export const isBlank = (p: Professional, now: Instant): boolean =>
  p.closedUntil <= now &&
  p.userCode === '' &&
  [
    p.proofs,
    p.waiting,
    p.forCard,
    p.signIns,
    p.sessions,
    p.closings,
    p.tickets,
    p.activations,
    p.rings,
  ].every(({ length }) => length === 0)

/** Writes a proof down. RFC 9449 §11.1: a `jti` is accepted once while it could still be valid. */
export function witness(
  p: Professional,
  proof: { readonly jti: string; readonly iat: Instant },
): { readonly next: Professional } | { readonly refused: 'replayed' | 'too-many' } {
  if (p.proofs.some(({ jti }) => jti === proof.jti)) return { refused: 'replayed' }
  if (p.proofs.length >= MAX_PROOFS) return { refused: 'too-many' }
  return {
    next: { ...p, proofs: [...p.proofs, { jti: proof.jti, until: after(proof.iat, PROOF_MEMORY) }] },
  }
}

export type Announced =
  | { readonly outcome: 'listed' }
  /** `cancel` names both requests. */
  | { readonly outcome: 'two-at-once'; readonly cancel: readonly string[] }
  | { readonly outcome: 'closed' }
  /** Not the person's code (CIBA Core §7.1): nothing was listed. */
  | { readonly outcome: 'user-code' }
  | { readonly outcome: 'too-many' }

/**
 * Lists a request. At most one waits: a second, from another login, ends both, because someone who signs in a moment
 * after the professional hopes that they will confuse the two.
 */
export function announce(
  p: Professional,
  request: Waiting,
  now: Instant,
): { readonly next: Professional } & Announced {
  if (request.by !== 'pairing' && p.closedUntil > now) return { next: p, outcome: 'closed' }
  if (request.by === 'pairing' && p.misses.length >= MAX_MISSES) return { next: p, outcome: 'too-many' }
  return request.by === 'service' ? rungByService(p, request, now) : listed(p, request)
}

/** A service counts its requests that nobody approved: a public number must not be a bell that anyone may pull. */
function rungByService(p: Professional, request: Waiting, now: Instant): { next: Professional } & Announced {
  const clientId = request.clientId ?? ''
  const own = p.rings.filter((ring) => ring.clientId === clientId)
  if (p.rings.length >= MAX_RINGS || own.length >= MAX_RINGS_OF_SERVICE) return { next: p, outcome: 'closed' }
  const counted = { ...p, rings: [...p.rings, { approval: request.approval, clientId, at: now }] }
  // A wrong code counts like a request that nobody approved: three guesses, then a quarter of an hour.
  const { userCode } = request
  const isWrong = userCode !== undefined && p.userCode !== '' && !sameDigest(p.userCode, userCode)
  return isWrong ? { next: counted, outcome: 'user-code' } : listed(counted, request)
}

function listed(p: Professional, request: Waiting): { next: Professional } & Announced {
  const list = request.forCard === true ? 'forCard' : 'waiting'
  const others = p[list].filter(({ loginName }) => loginName !== request.loginName)
  if (others.length > 0) {
    const cancel = [...others.map(({ approval }) => approval), request.approval]
    return { next: { ...p, [list]: [] }, outcome: 'two-at-once', cancel }
  }
  return { next: { ...p, [list]: [request] }, outcome: 'listed' }
}

/** A scanned or typed code that led nowhere. */
export const miss = (p: Professional, now: Instant): Professional => ({ ...p, misses: [...p.misses, now] })

/** The request is not wanted any more: cancelled, or replaced. */
export const withdraw = (p: Professional, approval: string): Professional => ({
  ...p,
  waiting: kept(p.waiting, (waiting) => waiting.approval !== approval),
  forCard: kept(p.forCard, (waiting) => waiting.approval !== approval),
})

/** What the phone decided, or the card. Two refusals within a quarter of an hour close the push channel; the account never locks. */
export function settle(
  p: Professional,
  decided: {
    readonly approval: string
    readonly outcome: 'approved' | 'wrong-code' | 'denied'
    readonly service: string
    readonly place: Place
    /** The phone, unless it says so. */
    readonly means?: 'CARD'
  },
  now: Instant,
): Professional {
  const next = withdraw(p, decided.approval)
  // An approval is listed when its session opens: until then nothing was signed in.
  if (decided.outcome === 'approved')
    return { ...next, rings: kept(next.rings, ({ approval }) => approval !== decided.approval) }
  const { service, place, means = 'MOBILE', outcome } = decided
  const refusals = [...next.refusals, now]
  return {
    ...next,
    signIns: withSignIn(next, { service, at: now, place, means, outcome, session: undefined }),
    refusals,
    closedUntil: refusals.length >= MAX_REFUSALS ? after(now, CLOSED_FOR) : next.closedUntil,
  }
}

const withSignIn = (p: Professional, signIn: RecentSignIn): readonly RecentSignIn[] =>
  [signIn, ...p.signIns].slice(0, MAX_SIGN_INS)

/**
 * Lists a session. `closed` when what opened it was closed meanwhile: the session opens before it is listed here, and a
 * card may be blocked, or a right suspended, in between.
 */
export function openSession(
  p: Professional,
  opened: Omit<RecentSignIn, 'outcome'> & { readonly card?: string | undefined },
): { readonly next: Professional; readonly outcome: 'listed' | 'closed' } {
  const { card, ...signIn } = opened
  const { session, at } = signIn
  if (session === undefined || p.sessions.some((known) => known.session === session))
    return { next: p, outcome: 'listed' }
  if (p.closings.some((closing) => at <= closing.at && isOf(closing, card)))
    return { next: p, outcome: 'closed' }
  return {
    next: {
      ...p,
      signIns: withSignIn(p, { ...signIn, outcome: 'signed-in' }),
      sessions: [...p.sessions, { session, until: after(at, SESSION_CEILING), card }],
    },
    outcome: 'listed',
  }
}

/**
 * Closes what a card opened, or everything. Answers the sessions to end; those that are not listed yet will be told. They
 * stay listed until somebody says that they ended: if ending one fails, who closes again finds it here.
 */
export function closeSessions(
  p: Professional,
  card: string | undefined,
  now: Instant,
): { readonly next: Professional; readonly sessions: readonly string[] } {
  const closing: Closing = { card, at: now }
  const closed = p.sessions.filter((session) => isOf(closing, session.card))
  return {
    next: { ...p, closings: [...p.closings, closing] },
    sessions: closed.map(({ session }) => session),
  }
}

const isOf = (closing: Closing, card: string | undefined): boolean =>
  closing.card === undefined || (closing.card === ANY_CARD ? card !== undefined : closing.card === card)

export const endSessions = (p: Professional, ended: readonly string[]): Professional => ({
  ...p,
  sessions: kept(p.sessions, ({ session }) => !ended.includes(session)),
})

export const isLive = (p: Professional, signIn: RecentSignIn): boolean =>
  p.sessions.some(({ session }) => session === signIn.session)

/** A ticket for the live socket, once, within 30 seconds: a WebSocket of a browser can carry no `Device-Proof`. */
export const issueTicket = (p: Professional, digest: string, device: string, now: Instant): Professional => ({
  ...p,
  tickets: [...p.tickets, { digest, device, until: after(now, TICKET_LIFETIME) }],
})

export function takeTicket(
  p: Professional,
  digest: string,
): { readonly next: Professional; readonly device: string | undefined } {
  const ticket = p.tickets.find((known) => sameDigest(known.digest, digest))
  if (ticket === undefined) return { next: p, device: undefined }
  return { next: { ...p, tickets: p.tickets.filter((known) => known !== ticket) }, device: ticket.device }
}

/** A device was revoked: what waits ends, whichever device it waited for, because something is wrong. */
export const dropDevice = (
  p: Professional,
  device: string,
): { readonly next: Professional; readonly cancel: readonly string[] } => ({
  next: { ...p, waiting: [], tickets: kept(p.tickets, (ticket) => ticket.device !== device) },
  cancel: p.waiting.map(({ approval }) => approval),
})

/** Counts an activation that someone begins in this person's name. Beyond the budget nothing is sent. */
export function beginActivation(
  p: Professional,
  now: Instant,
): { readonly next: Professional; readonly outcome: 'within' | 'exceeded' } {
  if (p.activations.length >= MAX_ACTIVATIONS) return { next: p, outcome: 'exceeded' }
  return { next: { ...p, activations: [...p.activations, now] }, outcome: 'within' }
}
