import type { Instant } from '../kernel/instant.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import type { Authentication } from './authentication.ts'

/**
 * What an approval on the phone proves. `amr` is what the e-CPS verified (RFC 8176 §2: two keys, a user present and
 * verified, a second channel). Not phishing-resistant, since a code compared by eye can be relayed: `eidas1`, never
 * `phr`, whatever kept the keys.
 */
export const phoneAuthentication = (
  by: { readonly practitioner: Practitioner; readonly amr: readonly string[] },
  now: Instant,
): Authentication => ({
  practitioner: by.practitioner,
  authMode: 'MOBILE',
  contextClass: 'eidas1',
  amr: by.amr,
  authTime: now,
})
