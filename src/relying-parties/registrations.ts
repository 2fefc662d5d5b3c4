import type { Digest } from '../kernel/digest.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { RelyingParty } from './relying-party.ts'

/** A party as its own manager sees it (RFC 7592 §2). */
export interface ManagedParty {
  readonly party: RelyingParty
  readonly registeredAt: Instant
  /** Digest of its registration access token; `undefined` for one that an operator wrote into the registry. */
  readonly token: Digest | undefined
}

/** Whether a party is in the registry now. An audience belongs to one API only. */
export type Entered = 'entered' | 'audience-taken'

/** The registry as parties write into it themselves. Reads here are never from the isolate's cache. */
export interface Registrations {
  register(party: RelyingParty, token: Digest): Promise<Entered>
  managed(id: ClientId): Promise<ManagedParty | undefined>
  /** Replaces name, profile, secret and metadata; status and token stay. */
  replace(party: RelyingParty): Promise<Entered>
  remove(id: ClientId): Promise<void>
}
