import type { CardReference } from '../cards/card-reference.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Practitioner } from '../rpps/practitioner.ts'

/** The means of sign-in, as `authMode` says it in tokens and userinfo. */
export type AuthMode = 'CARD' | 'MOBILE' | 'PASSKEY'

/** Authentication context classes that we can truthfully state, weakest first. `eidas1` is Pro Santé Connect's. */
export type ContextClass = 'eidas1' | 'phr' | 'phrh'

/** The result of a login: all that the provider ever learns of how someone signed in. */
export interface Authentication {
  readonly practitioner: Practitioner
  readonly authMode: AuthMode
  /** The strongest class reached; a request for a weaker one is answered with the one asked for. */
  readonly contextClass: ContextClass
  /** RFC 8176 values, in its spelling. */
  readonly amr: readonly string[]
  /** OIDC Core §2 `auth_time`. */
  readonly authTime: Instant
  /** The card that was shown, so that its loss ends what it opened. Never part of a token. */
  readonly card?: CardReference
}
