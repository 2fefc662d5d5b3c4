import { type Digest, sameDigest } from '../kernel/digest.ts'
import { after, type Instant } from '../kernel/instant.ts'
import type { Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'
import { isOpen, type Login, passed, type Step, unknownTo } from './login.ts'

/** How long a card may take, in seconds: the browser's dialog, the PIN and its three tries, another card. */
export const CARD_LIFETIME = 300
/** How long the way back from the card host is open, in seconds: it is one redirect. */
export const CARD_RETURN_LIFETIME = 60

/** The person chose the card: a handle leads to the host that asks for it. Choosing again makes the older one useless. */
export function askedForCard(login: Login, handle: Digest, now: Instant): Step<'awaited' | 'closed'> {
  const at = passed(login, now)
  if (!isOpen(at.phase)) return { login: at, outcome: 'closed' }
  return {
    login: {
      ...at,
      phase: { status: 'choosing' },
      card: { status: 'awaited', handle, expiresAt: after(now, CARD_LIFETIME) },
    },
    outcome: 'awaited',
  }
}

/**
 * A card stood at the card host, and was found good there. Nothing is proved yet: whose browser it was shows on the
 * way back, where the login's own cookie is. So a link sent to somebody else signs in nobody (RFC 9700 §4.7).
 */
export function cardPresented(
  login: Login,
  shown: {
    readonly handle: Digest
    readonly back: Digest
    readonly authentication: Authentication
    readonly known: Known
  },
  now: Instant,
): Step<'presented' | 'unknown' | 'expired' | 'closed'> {
  const at = passed(login, now)
  const { card } = at
  if (!isOpen(at.phase)) return { login: at, outcome: 'closed' }
  if (card?.status !== 'awaited' || !sameDigest(card.handle, shown.handle))
    return { login: at, outcome: 'unknown' }
  if (now >= card.expiresAt) return { login: { ...at, card: undefined }, outcome: 'expired' }
  const { back, authentication, known } = shown
  return {
    login: {
      ...at,
      card: {
        status: 'presented',
        back,
        expiresAt: after(now, CARD_RETURN_LIFETIME),
        authentication,
        known,
      },
    },
    outcome: 'presented',
  }
}

/**
 * The way back was followed in another browser than the one that began, so somebody was sent the link of a login that is
 * not theirs: what their card proved there is forgotten, before whoever sent it talks them into reading out the address.
 */
export const wayBackStrayed = (login: Login, back: Digest): Login =>
  login.card?.status === 'presented' && sameDigest(login.card.back, back)
    ? { ...login, card: undefined }
    : login

/** The browser came back with what the card host gave it. Once, whatever it is worth. */
export function provedByCard(
  login: Login,
  back: Digest,
  now: Instant,
): Step<{ readonly authentication: Authentication } | 'spent' | 'closed'> {
  const at = passed(login, now)
  const { card } = at
  if (!isOpen(at.phase)) return { login: at, outcome: 'closed' }
  if (card?.status !== 'presented' || !sameDigest(card.back, back) || now >= card.expiresAt)
    return { login: at, outcome: 'spent' }
  const { authentication, known } = card
  return {
    login: {
      ...at,
      card: undefined,
      challenges: [],
      phase: { status: 'proved', authentication, disclose: unknownTo(known, at), approval: undefined },
    },
    outcome: { authentication },
  }
}
