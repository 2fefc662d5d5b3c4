import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'
import type { Lifetimes } from '../kernel/lifetimes.ts'
import type { Place } from '../kernel/place.ts'
import type { CodeBinding, NamedClaims, SessionSubject } from './sessions.ts'

/**
 * Seconds. A session ends (`session`) after its authentication, or (`sessionIdle`) after the last visit. It keeps the
 * limits under which it was opened.
 */
export type Limits = Pick<Lifetimes, 'session' | 'sessionIdle' | 'code' | 'refreshToken'>

/**
 * Seconds for which what expired is still known: a code, so that it is refused as expired rather than unknown; a
 * family, because its last access token (ten minutes at most) may outlive its refresh token.
 */
const KEPT_AFTER_EXPIRY = 600
/** Beyond these the oldest are forgotten: a forgotten secret is still refused, only its reuse no longer shows. */
export const MOST_CODES = 300

/** What never changes once a session is open. */
export interface Identity {
  readonly name: ObjectName
  /** Digest of the browser's secret. */
  readonly secret: Digest
  readonly subject: SessionSubject
  readonly place: Place
  readonly openedAt: Instant
  readonly limits: Limits
}

/** A relying party of this session. One `sid` for all its codes, so that it can tell one session from another. */
export interface Service {
  readonly clientId: ClientId
  readonly name: string
  readonly sid: string
}

export interface Code {
  readonly digest: Digest
  readonly binding: CodeBinding
  readonly mintedAt: Instant
}

/** A code that can never be redeemed again, and what it gave: nothing when it was burnt. */
export interface SpentCode {
  readonly digest: Digest
  readonly family: string | undefined
}

/** What came of one code: access tokens name it, refresh tokens follow one another in it. */
export interface Family {
  readonly id: string
  readonly clientId: ClientId
  readonly scope: string
  readonly acr: string
  readonly claims?: NamedClaims | undefined
  readonly nonce: string | undefined
  /** The one refresh token that is good, if the relying party has refresh tokens at all. */
  readonly refresh: Digest | undefined
  /** What whoever refreshes must prove to hold (RFC 9449 §5, RFC 8705 §7.1), if anything. */
  readonly holder: string | undefined
  readonly refreshedAt: Instant
  readonly spent: readonly Digest[]
  /** End of the last API token that came of it: it is good as long as its family is known. */
  readonly lentUntil: Instant | undefined
}

/** What changes. */
export interface Life {
  readonly seenAt: Instant
  readonly services: readonly Service[]
  readonly codes: readonly Code[]
  readonly spentCodes: readonly SpentCode[]
  readonly families: readonly Family[]
}

export interface Session {
  readonly identity: Identity
  readonly life: Life
}

/** A result, and the life that follows it. The caller stores `life` before it answers `result`. */
export interface Outcome<Result> {
  readonly life: Life
  readonly result: Result
}

/** When the session ends by itself if nobody comes back. */
export const endOf = ({ identity, life }: Session): Instant => {
  const absolute = after(identity.openedAt, identity.limits.session)
  const idle = after(life.seenAt, identity.limits.sessionIdle)
  return idle < absolute ? idle : absolute
}

export const lives = (session: Session, now: Instant): boolean => now < endOf(session)

export function open(identity: Identity): Session {
  return {
    identity,
    life: { seenAt: identity.openedAt, services: [], codes: [], spentCodes: [], families: [] },
  }
}

/** Who is signed in. A visit: the half hour begins anew. */
export function look(
  session: Session,
  secret: Digest,
  now: Instant,
): Outcome<{ subject: SessionSubject; services: ClientId[] } | undefined> {
  if (!lives(session, now) || !sameDigest(session.identity.secret, secret)) {
    return { life: session.life, result: undefined }
  }
  const services = session.life.services.map((service) => service.clientId)
  return { life: { ...session.life, seenAt: now }, result: { subject: session.identity.subject, services } }
}

/** Mints a code for a service. `freshSid` is used if this is the service's first code here. */
export function authorize(
  session: Session,
  input: { secret: Digest; code: Digest; binding: CodeBinding; serviceName: string; freshSid: string },
  now: Instant,
): Outcome<{ sid: string } | undefined> {
  const { identity, life } = session
  if (!lives(session, now) || !sameDigest(identity.secret, input.secret)) return { life, result: undefined }
  const { clientId } = input.binding
  const known = life.services.find((service) => service.clientId === clientId)
  const service = known ?? { clientId, name: input.serviceName, sid: input.freshSid }
  return {
    life: {
      ...life,
      seenAt: now,
      services: known === undefined ? [...life.services, service] : life.services,
      codes: [
        ...life.codes.filter((code) => now < after(code.mintedAt, KEPT_AFTER_EXPIRY + identity.limits.code)),
        { digest: input.code, binding: input.binding, mintedAt: now },
      ].slice(-MOST_CODES),
      families: life.families.filter(
        ({ refreshedAt, lentUntil }) =>
          now < after(refreshedAt, KEPT_AFTER_EXPIRY + identity.limits.refreshToken) ||
          (lentUntil !== undefined && now < lentUntil),
      ),
    },
    result: { sid: service.sid },
  }
}
