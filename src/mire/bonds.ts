import type { Digest } from '../kernel/digest.ts'
import {
  type AddressedHandle,
  address,
  addressed,
  type Entropy,
  newHandle,
  newObjectName,
} from '../kernel/handle.ts'
import type { PractitionerId } from '../kernel/identifiers.ts'
import { after, type Instant } from '../kernel/instant.ts'

/** How long a browser stays trusted, in seconds: 180 days. */
export const BOND_LIFETIME = 15_552_000
/** Professionals who may trust one browser: a ward's computer has a few regulars, not the whole hospital. */
const MOST_BONDS = 4

/** A browser that may ring a professional's phone. Its secret is in the browser's cookie only. */
export interface Bond {
  readonly id: string
  readonly practitionerId: PractitionerId
  readonly secretDigest: Digest
  readonly createdAt: Instant
  readonly expiresAt: Instant
}

/** A bond that a browser proved to hold. The name is for the button that rings; it is shown to nobody else. */
export interface HeldBond {
  readonly id: string
  readonly practitionerId: PractitionerId
  readonly name: string
}

export interface Bonds {
  /** Those of `cookie` that are good now, for people who may sign in. One query. */
  held(cookie: readonly BondSecret[], now: Instant): Promise<readonly HeldBond[]>
  make(bond: Bond): Promise<void>
  /** Ends all bonds of a person, when they lose trust in some browser and cannot say which. Answers how many. */
  endAll(practitionerId: PractitionerId, at: Instant): Promise<number>
}

/** One entry of the cookie. */
export interface BondSecret {
  readonly id: string
  readonly secret: string
}

/** The cookie `bond`: up to four `<id>.<secret>` joined by `~`, newest first. Anything else in it is left out. */
export function readBonds(cookie: string | undefined): readonly BondSecret[] {
  return (cookie ?? '')
    .slice(0, 1024)
    .split('~')
    .slice(0, MOST_BONDS)
    .map(address)
    .filter((found) => found !== undefined)
    .map(({ object, secret }) => ({ id: object, secret }))
}

/** The cookie with one more bond in front; the oldest leaves when there are too many. */
export const withBond = (cookie: string | undefined, added: AddressedHandle): string =>
  [added, ...readBonds(cookie).map(written)].slice(0, MOST_BONDS).join('~')

/** The cookie with only the bonds that are still good. */
export const keepingBonds = (cookie: string | undefined, ids: ReadonlySet<string>): string =>
  readBonds(cookie)
    .filter(({ id }) => ids.has(id))
    .map(written)
    .join('~')

const written = ({ id, secret }: BondSecret): string => `${id}.${secret}`

/** A fresh bond: its id and secret, to be digested and kept. */
export function newBondSecret(entropy: Entropy): { id: string; secret: string; value: AddressedHandle } {
  const id = newObjectName(entropy)
  const secret = newHandle(entropy)
  return { id, secret, value: addressed(id, secret) }
}

export const bondOf = (
  id: string,
  secretDigest: Digest,
  practitionerId: PractitionerId,
  now: Instant,
): Bond => ({
  id,
  practitionerId,
  secretDigest,
  createdAt: now,
  expiresAt: after(now, BOND_LIFETIME),
})
