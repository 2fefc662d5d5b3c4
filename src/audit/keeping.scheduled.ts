import type { Clock, Instant } from '../kernel/instant.ts'
import type { Trail } from './trail.ts'

interface KeepingNeeds {
  /** Seals what waits and signs the head; answers whether something still waits. */
  readonly store: { catchUp(): Promise<boolean> }
  /** Takes the personal part from what is older than so many days. */
  readonly age: (now: Instant, days: number) => Promise<number>
  /** `undefined` keeps it. */
  readonly personalDays: number | undefined
  readonly trail: Trail
  readonly clock: Clock
}

/** Batches of one run. A trail from before the chain is sealed over some runs. */
const BATCHES = 40

/** What the trail needs though nothing happens: its head signed, what waits sealed, what is old made nobody's. */
export async function keepTrail({ store, age, personalDays, trail, clock }: KeepingNeeds): Promise<void> {
  for (let batch = 0; batch < BATCHES && (await store.catchUp()); batch++);
  if (personalDays === undefined) return
  const at = clock()
  const aged = await age(at, personalDays)
  if (aged > 0) trail.record({ at, kind: 'trail.aged', detail: `${aged}, of ${personalDays} days and more` })
}
