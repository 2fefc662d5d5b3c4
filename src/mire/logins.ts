import type { Digest } from '../kernel/digest.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import type { Place } from '../kernel/place.ts'
import type { Authentication } from './authentication.ts'

/** What a service asks of the mire. `returnTo` is the provider's accepted request, opaque here. */
export interface LoginRequest {
  readonly clientId: ClientId
  readonly clientName: string
  readonly scope: string
  /** Whether only phishing-resistant means may answer (`phr`, `phrh` asked for). */
  readonly phishingResistant: boolean
  readonly loginHint: string | undefined
  readonly uiLocales: string | undefined
  /** The provider's own accepted request as JSON. */
  readonly returnTo: string
  /** Path under which its endpoint collects the result, at `<path>/<name>`; `/authorize/continue` when left out. */
  readonly resultAt?: '/authorize/continue' | '/device/continue'
}

/**
 * Port of the provider towards the mire. The URL of a login is `/login/<name>`; the browser that began it holds the
 * cookie `login-<first 8 of name>` whose digest is `browser`.
 */
export interface Logins {
  /**
   * Opens a login for ten minutes. With `known`, someone already signed in has only the disclosure left to read. With
   * `disclose`, what the service gets is shown even to whoever was told before.
   */
  begin(input: {
    request: LoginRequest
    browser: Digest
    place: Place
    description: string
    known?: Authentication
    disclose?: boolean
  }): Promise<ObjectName>
  /** Takes the result, once. Asking from another browser, twice, or too early takes nothing. */
  collect(name: ObjectName, browser: Digest): Promise<Collected>
}

export type Collected =
  | {
      readonly outcome: 'proved'
      readonly authentication: Authentication
      readonly returnTo: string
      readonly place: Place
    }
  /** Ended by the person: the provider answers `access_denied` (OIDC Core §3.1.2.6). */
  | { readonly outcome: 'cancelled'; readonly returnTo: string }
  /** Not decided, or the disclosure is unread: back to the mire. */
  | { readonly outcome: 'undecided' }
  | { readonly outcome: 'gone' }
  | { readonly outcome: 'other-browser' }

/**
 * How someone who is signed in stands towards a service: `told` what it gets, for this scope, or not yet; or
 * `suspended` in the directory since they signed in.
 */
export type Standing = 'told' | 'untold' | 'suspended'

export interface Acquaintances {
  /** One query. */
  standing(practitionerId: string, clientId: ClientId, scope: string): Promise<Standing>
}
