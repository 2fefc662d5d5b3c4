import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import { after, type Instant, instant } from '../kernel/instant.ts'
import type { Lifetimes } from '../kernel/lifetimes.ts'
import type { Place } from '../kernel/place.ts'
import type { CodeBinding, Grant, GrantRefusal, NamedClaims, Revocation, SessionSubject } from './sessions.ts'

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
const MOST_CODES = 300
const MOST_SPENT = 200

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

type Redemption = { readonly grant: Grant } | { readonly refused: GrantRefusal }

/** When the session ends by itself if nobody comes back. */
export const endOf = ({ identity, life }: Session): Instant => {
  const absolute = after(identity.openedAt, identity.limits.session)
  const idle = after(life.seenAt, identity.limits.sessionIdle)
  return idle < absolute ? idle : absolute
}

const lives = (session: Session, now: Instant): boolean => now < endOf(session)

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

/** Grants a session to the one service that asked for it itself: no code, a family at once (CIBA Core §10.1). */
export function grantDirectly(
  session: Session,
  input: {
    clientId: ClientId
    serviceName: string
    scope: string
    acr: string
    refresh: Digest | undefined
    holder?: string | undefined
    freshSid: string
    freshFamily: string
  },
  now: Instant,
): Outcome<Redemption> {
  const { clientId, serviceName, scope, acr, refresh } = input
  const family: Family = {
    id: input.freshFamily,
    clientId,
    scope,
    acr,
    nonce: undefined,
    refresh,
    holder: input.holder,
    refreshedAt: now,
    spent: [],
    lentUntil: undefined,
  }
  const life: Life = {
    ...session.life,
    seenAt: now,
    services: [...session.life.services, { clientId, name: serviceName, sid: input.freshSid }],
    families: [...session.life.families, family],
  }
  const opened = { identity: session.identity, life }
  const granted = lives(opened, now) ? grant(opened, family, { scope, nonce: undefined }, now) : undefined
  return granted === undefined
    ? { life: session.life, result: { refused: 'session-ended' } }
    : { life, result: { grant: granted } }
}

/**
 * Redeems a code. Whoever presents a right code ends it: with the right binding it becomes a family, with a wrong one
 * nothing (OAuth 2.1 §4.1.3), and when it was ended before, what it gave ends too (RFC 6749 §4.1.2).
 */
export function redeem(
  session: Session,
  input: {
    code: Digest
    clientId: ClientId
    redirectUri: string | undefined
    challenge: string | undefined
    refresh: Digest | undefined
    jkt?: string | undefined
    holder?: string | undefined
    freshFamily: string
  },
  now: Instant,
): Outcome<Redemption> {
  const { life } = session
  const spent = life.spentCodes.find((code) => sameDigest(code.digest, input.code))
  if (spent !== undefined) {
    return { life: withoutFamily(life, spent.family), result: { refused: 'already-used' } }
  }
  const code = life.codes.find((candidate) => sameDigest(candidate.digest, input.code))
  if (code === undefined) return { life, result: { refused: 'unknown' } }
  const refused = refusal(session, code, input, now)
  if (refused !== undefined) return { life: spend(life, code, undefined), result: { refused } }
  const family: Family = {
    id: input.freshFamily,
    clientId: code.binding.clientId,
    scope: code.binding.scope,
    acr: code.binding.acr,
    claims: code.binding.claims,
    nonce: code.binding.nonce,
    refresh: input.refresh,
    holder: input.holder,
    refreshedAt: now,
    spent: [],
    lentUntil: undefined,
  }
  const grown = spend(life, code, family.id)
  const granted = grant(session, family, { scope: family.scope, nonce: code.binding.nonce }, now)
  return granted === undefined
    ? { life: grown, result: { refused: 'session-ended' } }
    : { life: { ...grown, families: [...grown.families, family] }, result: { grant: granted } }
}

function refusal(
  session: Session,
  { binding, mintedAt }: Code,
  presented: {
    clientId: ClientId
    redirectUri: string | undefined
    challenge: string | undefined
    jkt?: string | undefined
  },
  now: Instant,
): GrantRefusal | undefined {
  if (!lives(session, now)) return 'session-ended'
  if (now >= after(mintedAt, session.identity.limits.code)) return 'expired'
  // RFC 6749 §4.1.3: "ensure that the authorization code was issued to the authenticated confidential client".
  if (binding.clientId !== presented.clientId) return 'other-client'
  // RFC 6749 §4.1.3, OIDC Core §3.1.3.2: identical to the one of the authorization request.
  if (binding.redirectUri !== presented.redirectUri) return 'redirect-uri-mismatch'
  if (binding.jkt !== undefined) {
    // RFC 9449 §10: "If they do not match, it MUST reject the request."
    if (presented.jkt === undefined) return 'key-missing'
    if (!sameDigest(binding.jkt, presented.jkt)) return 'key-mismatch'
  }
  if (binding.codeChallenge === undefined) {
    // RFC 9700 §2.1.1: a verifier where no challenge was sent is a sign of PKCE having been stripped on the way.
    return presented.challenge === undefined ? undefined : 'verifier-unexpected'
  }
  if (presented.challenge === undefined) return 'verifier-missing'
  // RFC 7636 §4.6.
  return sameDigest(binding.codeChallenge, presented.challenge) ? undefined : 'verifier-mismatch'
}

/**
 * Rotates a refresh token. One that was rotated before ends its family (RFC 9700 §4.14.2): either the thief or the
 * relying party holds a copy, and we cannot know which. Without `next` nothing is rotated.
 */
export function rotate(
  session: Session,
  input: {
    refresh: Digest
    next: Digest | undefined
    clientId: ClientId
    scope: string | undefined
    holder?: string | undefined
  },
  now: Instant,
): Outcome<Redemption> {
  const { life } = session
  const refuse = (refused: GrantRefusal): Outcome<Redemption> => ({ life, result: { refused } })
  const reused = life.families.find((family) =>
    family.spent.some((digest) => sameDigest(digest, input.refresh)),
  )
  if (reused !== undefined) {
    return { life: withoutFamily(life, reused.id), result: { refused: 'already-used' } }
  }
  const family = life.families.find(
    ({ refresh }) => refresh !== undefined && sameDigest(refresh, input.refresh),
  )
  if (family === undefined) return refuse('unknown')
  if (!lives(session, now)) return refuse('session-ended')
  if (now >= after(family.refreshedAt, session.identity.limits.refreshToken)) return refuse('expired')
  // RFC 6749 §6, §10.4: bound to the client to which it was issued.
  if (family.clientId !== input.clientId) return refuse('other-client')
  // RFC 9449 §5: a public client has nothing but its key to show that the token is its own.
  if (family.holder !== undefined && family.holder !== input.holder)
    return refuse(input.holder === undefined ? 'key-missing' : 'key-mismatch')
  const scope = narrowed(family.scope, input.scope)
  if (scope === undefined) return refuse('scope-exceeded')
  const rotated: Family = {
    ...family,
    holder: family.holder ?? input.holder,
    refreshedAt: now,
    ...(input.next === undefined
      ? {}
      : { refresh: input.next, spent: [...family.spent, input.refresh].slice(-MOST_SPENT) }),
  }
  // OIDC Core §12.2: an ID token of a refresh should not have a nonce.
  const granted = grant(session, rotated, { scope, nonce: undefined }, now)
  if (granted === undefined) return refuse('session-ended')
  const families = life.families.map((other) => (other.id === family.id ? rotated : other))
  return { life: { ...life, seenAt: now, families }, result: { grant: granted } }
}

/** The grant behind an access token, while it lives. */
export function inspect(session: Session, family: string, now: Instant): { grant: Grant } | undefined {
  const found = session.life.families.find((candidate) => candidate.id === family)
  if (found === undefined || !lives(session, now)) return undefined
  const granted = grant(session, found, { scope: found.scope, nonce: found.nonce }, now)
  return granted === undefined ? undefined : { grant: granted }
}

/** As `inspect`, for an API token of at most `lifetime` seconds: its family is then known that long. */
export function lend(
  session: Session,
  family: string,
  lifetime: number,
  now: Instant,
): Outcome<{ grant: Grant } | undefined> {
  const result = inspect(session, family, now)
  if (result === undefined) return { life: session.life, result }
  const families = session.life.families.map((one) =>
    one.id === family ? { ...one, lentUntil: after(now, lifetime) } : one,
  )
  return { life: { ...session.life, families }, result }
}

/** The grant behind the one good refresh token of a family, and when that token was given and ends. */
export function inspectRefresh(
  session: Session,
  refresh: Digest,
  now: Instant,
): { grant: Grant; issuedAt: Instant; expiresAt: Instant } | undefined {
  const found = session.life.families.find(
    (family) => family.refresh !== undefined && sameDigest(family.refresh, refresh),
  )
  if (found === undefined) return undefined
  const { openedAt, limits } = session.identity
  const ends = Math.min(after(found.refreshedAt, limits.refreshToken), after(openedAt, limits.session))
  const inspected = now < ends ? inspect(session, found.id, now) : undefined
  return inspected && { ...inspected, issuedAt: found.refreshedAt, expiresAt: instant(ends) }
}

/**
 * Ends a family by its name or by any refresh token that it ever had (RFC 7009 §2.1): whoever gives up a token wants
 * what came with it gone too.
 */
export function revoke(
  session: Session,
  token: { readonly family: string } | { readonly refresh: Digest },
  clientId: ClientId,
): Outcome<Revocation> {
  const { life } = session
  const family = life.families.find(({ id, refresh, spent }) =>
    'family' in token
      ? id === token.family
      : [...(refresh === undefined ? [] : [refresh]), ...spent].some((one) => sameDigest(one, token.refresh)),
  )
  if (family === undefined) return { life, result: 'unknown' }
  if (family.clientId !== clientId) return { life, result: 'other-client' }
  return { life: withoutFamily(life, family.id), result: 'revoked' }
}

/** RFC 6749 §6: the scope asked must not exceed the one granted; none asked means all of it. */
function narrowed(granted: string, asked: string | undefined): string | undefined {
  if (asked === undefined) return granted
  const have = granted.split(' ')
  const want = new Set(asked.split(' '))
  return [...want].every((scope) => have.includes(scope))
    ? have.filter((scope) => want.has(scope)).join(' ')
    : undefined
}

function grant(
  { identity, life }: Session,
  family: Family,
  { scope, nonce }: { scope: string; nonce: string | undefined },
  now: Instant,
): Grant | undefined {
  const service = life.services.find((candidate) => candidate.clientId === family.clientId)
  return service === undefined
    ? undefined
    : {
        session: identity.name,
        sid: service.sid,
        family: family.id,
        clientId: family.clientId,
        scope,
        nonce,
        acr: family.acr,
        claims: family.claims,
        subject: identity.subject,
        remaining: after(identity.openedAt, identity.limits.session) - now,
      }
}

function spend(life: Life, code: Code, family: string | undefined): Life {
  return {
    ...life,
    codes: life.codes.filter((other) => other !== code),
    spentCodes: [...life.spentCodes, { digest: code.digest, family }].slice(-MOST_CODES),
  }
}

function withoutFamily(life: Life, id: string | undefined): Life {
  return id === undefined ? life : { ...life, families: life.families.filter((family) => family.id !== id) }
}
