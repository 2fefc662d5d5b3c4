import * as z from 'zod'
import type { Instant } from '../kernel/instant.ts'
import type { ListScope, RevocationList, Revoked } from '../protocol/pki/crl.ts'

/** `ListScope` as it is kept. */
export const Scope = z.string().transform((text): ListScope => ScopeMembers.parse(JSON.parse(text)))
const ScopeMembers = z.object({ of: z.enum(['all', 'users', 'authorities']), points: z.array(z.string()) })

/** What is known of an issuer's list. */
export interface ListState {
  readonly number: string | undefined
  readonly thisUpdate: Instant | undefined
  readonly nextUpdate: Instant | undefined
  readonly url: string | undefined
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  readonly fetchedAt: Instant | undefined
  readonly entries: number | undefined
  /** Why the last attempt failed, if it did. */
  readonly problem: string | undefined
}

/** Where a list came from, so that it is asked for again only if it has changed (RFC 9110 §13.1). */
export interface Source {
  readonly url: string
  readonly etag: string | undefined
  readonly lastModified: string | undefined
  readonly at: Instant
}

/** The lists, write side. A list is written under a generation of its own, and counts from `publish` on. */
export interface Lists {
  state(issuerKey: string): Promise<ListState | undefined>
  /** A new generation for this issuer; whoever began one before can no longer publish. */
  begin(issuerKey: string, at: Instant): Promise<{ readonly generation: number; readonly state: ListState }>
  /** Some of its entries. A certificate that is listed twice counts as its last entry says. */
  write(generation: number, entries: readonly Revoked[]): Promise<void>
  /** Makes it the current list, in one statement. `false` when another import has begun since. */
  publish(
    issuerKey: string,
    generation: number,
    list: Pick<RevocationList, 'number' | 'thisUpdate' | 'nextUpdate' | 'scope'> & {
      readonly entries: number
    },
    source: Source,
  ): Promise<boolean>
  /** The place has nothing newer. */
  unchanged(issuerKey: string, source: Source): Promise<void>
  failed(issuerKey: string, problem: string, at: Instant): Promise<void>
  /** Removes what no list is made of any more: former lists, and imports that something stopped. */
  sweep(): Promise<void>
}
