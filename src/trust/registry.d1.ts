import type { Clock, Instant } from '../kernel/instant.ts'
import { readCertificate } from '../protocol/pki/certificate.ts'
import { allAuthorities, type SqlDatabase } from './authorities.d1.ts'
import type { TrustEnvironment } from './authority.ts'
import type { KnownAuthority, Registry } from './registry.ts'

/** Seconds for which a copy answers by itself, and for which it still answers while a new one is fetched. */
const FRESH = 15
const STALE = 60

export interface RegistryNeeds {
  readonly database: SqlDatabase
  readonly clock: Clock
  /** Keeps work going behind an answer (`waitUntil`). It must not throw. */
  readonly defer: (work: Promise<unknown>) => void
  readonly environment: TrustEnvironment
}

/**
 * The registry over D1, kept whole in the isolate: it is a dozen certificates. What an operator changes is felt within a
 * minute everywhere. An empty registry is not kept, so that the first authority counts at once.
 */
export function d1Registry({ database, clock, defer, environment }: RegistryNeeds): Registry {
  let kept: { readonly authorities: readonly KnownAuthority[]; readonly at: Instant } | undefined
  let underway = false

  const load = async (): Promise<readonly KnownAuthority[]> => {
    const at = clock()
    const authorities = (await allAuthorities(database)).flatMap((authority) => {
      const certificate = readCertificate(authority.der)
      const counts = authority.retiredAt === undefined && authority.environment === environment
      return counts && certificate !== undefined ? [{ authority, certificate }] : []
    })
    kept = authorities.length === 0 ? undefined : { authorities, at }
    return authorities
  }
  const refresh = async () => {
    if (underway) return
    underway = true
    try {
      await load()
    } catch {
      // The copy in hand answers until it is stale; then the caller gets the error.
    } finally {
      underway = false
    }
  }

  return {
    async active() {
      const age = kept === undefined ? STALE : clock() - kept.at
      if (kept === undefined || age >= STALE) return load()
      const { authorities } = kept
      if (age >= FRESH) defer(refresh())
      return authorities
    },
  }
}
