import type { Instant } from '../kernel/instant.ts'
import type { Practitioner } from '../rpps/practitioner.ts'
import type { Authentication } from './authentication.ts'

/**
 * What an approval on the phone proves: possession of the passkey and of the device key, a user present and verified,
 * over a second channel. Not phishing-resistant, since a code compared by eye can be relayed: `eidas1`, never `phr`.
 * RFC 8176 §2: `mca` is the second channel; the device key is kept by software, hence `swk` beside what `by` says.
 */
export function phoneAuthentication(
  by: { readonly practitioner: Practitioner; readonly amr: readonly string[] },
  now: Instant,
): Authentication {
  return {
    practitioner: by.practitioner,
    authMode: 'MOBILE',
    contextClass: 'eidas1',
    amr: [...new Set(['pop', 'user', 'mfa', 'mca', 'swk', ...by.amr])],
    authTime: now,
  }
}
