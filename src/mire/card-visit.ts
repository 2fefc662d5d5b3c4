import type { Digest } from '../kernel/digest.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Known } from './acquaintance.ts'
import type { Authentication } from './authentication.ts'

/** Where a card stands in a login. The secrets of both ways are digests; each is good once. */
export type CardVisit =
  | { readonly status: 'awaited'; readonly handle: Digest; readonly expiresAt: Instant }
  | {
      readonly status: 'presented'
      readonly back: Digest
      readonly expiresAt: Instant
      readonly authentication: Authentication
      readonly known: Known
    }
