import type { Trail } from '../audit/trail.ts'
import type { Entropy } from '../kernel/handle.ts'
import type { Clock } from '../kernel/instant.ts'
import { allAuthorities, type SqlDatabase } from './authorities.d1.ts'
import type { TrustEnvironment } from './authority.ts'
import { examiner, type RevocationUnknown } from './examine.ts'
import type { Outbound, Patience } from './exchange.client.ts'
import { d1Lists } from './lists.d1.ts'
import { refreshLists } from './lists.scheduled.ts'
import { d1Registry } from './registry.d1.ts'
import { httpResponders } from './responders.client.ts'
import { d1Revocations } from './revocations.d1.ts'
import type { Trust } from './trust.ts'

export interface TrustNeeds {
  readonly database: SqlDatabase
  readonly clock: Clock
  readonly entropy: Entropy
  /** Keeps work going behind an answer (`waitUntil`). It must not throw. */
  readonly defer: (work: Promise<unknown>) => void
  /** The network, towards authorities. */
  readonly outbound: Outbound
  readonly trail: Trail
  readonly environment: TrustEnvironment
  readonly revocationUnknown: RevocationUnknown
  readonly patience?: Patience
}

/** `Trust` over D1 and the network, and the job that keeps its lists. */
export function d1Trust(needs: TrustNeeds): Trust & {
  /** For the cron: fetches the lists that are due. Never rejects. */
  refresh(): Promise<void>
} {
  const { database, environment, patience = (milliseconds) => AbortSignal.timeout(milliseconds) } = needs
  const revocations = d1Revocations(database)
  const lists = d1Lists(database)
  return {
    ...examiner({
      ...needs,
      registry: d1Registry(needs),
      revocations,
      responders: httpResponders({ ...needs, patience, revocations }),
    }),
    refresh: () =>
      refreshLists({ ...needs, lists, patience, environment, authorities: () => allAuthorities(database) }),
  }
}
