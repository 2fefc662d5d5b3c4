import type { ClientId, PractitionerId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Known } from './acquaintance.ts'
import type { Acquaintances } from './logins.ts'

/** Which services professionals were told about. Each method is one query. */
export interface AcquaintanceBook extends Acquaintances {
  of(practitionerId: PractitionerId): Promise<Known>
  /** Keeps that `scope` was shown, beside what was shown before. */
  remember(practitionerId: PractitionerId, clientId: ClientId, scope: string, at: Instant): Promise<void>
}
