import { type Digest, sameDigest } from '../kernel/digest.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import { after, type Instant, instant } from '../kernel/instant.ts'
import { type Family, type Life, lives, type Outcome, type Session } from './session.ts'
import type { Grant, GrantRefusal, Revocation } from './sessions.ts'

/** Beyond these the oldest are forgotten: a forgotten refresh token is still refused, only its reuse no longer shows. */
const MOST_SPENT = 200
/** Families of one service in one session; the oldest ends. One that asks again and again must not outgrow the storage. */
const MOST_FAMILIES = 50

export type Redemption = { readonly grant: Grant } | { readonly refused: GrantRefusal }

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

/** What tokens of this family are made from, `undefined` when its service is not of this session. */
export function grant(
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

/** These families and a new one. */
export function joined(families: readonly Family[], family: Family): readonly Family[] {
  const own = families.filter(({ clientId }) => clientId === family.clientId)
  const ended = own.slice(0, Math.max(0, own.length + 1 - MOST_FAMILIES))
  return [...families.filter((one) => !ended.includes(one)), family]
}

/** The life without this family, and so without all that names it. */
export function withoutFamily(life: Life, id: string | undefined): Life {
  return id === undefined ? life : { ...life, families: life.families.filter((family) => family.id !== id) }
}
