import type { Digest } from '../kernel/digest.ts'
import type { ClientId, ObjectName } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Place } from '../kernel/place.ts'

/** The authentication of a session as it stores it: JSON, opaque to the session but for these fields. */
export interface SessionSubject {
  readonly practitionerId: string
  readonly authTime: Instant
  readonly contextClass: string
  /** `Authentication` of the mire as JSON: what tokens and userinfo are made from. */
  readonly authentication: string
}

/** Names of the claims that a service asked for by name (OIDC Core §5.5), beside what its scope gives. */
export interface NamedClaims {
  readonly userinfo: readonly string[]
  readonly idToken: readonly string[]
}

/** What a code is bound to (RFC 6749 §4.1.3, RFC 7636 §4.4, OIDC Core §3.1.2.1). */
export interface CodeBinding {
  readonly clientId: ClientId
  readonly redirectUri: string
  /** `undefined` when the request carried no PKCE. */
  readonly codeChallenge: string | undefined
  readonly nonce: string | undefined
  readonly scope: string
  /** `acr` to state, decided at authorization. */
  readonly acr: string
  /** Thumbprint of the key that alone may redeem it (RFC 9449 §10). */
  readonly jkt?: string | undefined
  readonly claims?: NamedClaims | undefined
}

/** What tokens are made from. */
export interface Grant {
  readonly session: ObjectName
  /** This relying party's session id (OIDC Back-Channel Logout §2.1). */
  readonly sid: string
  /** Family of refresh tokens; access tokens name it, so that killing it kills them. */
  readonly family: string
  readonly clientId: ClientId
  readonly scope: string
  readonly nonce: string | undefined
  readonly acr: string
  readonly claims?: NamedClaims | undefined
  readonly subject: SessionSubject
  /** Seconds until the session's absolute end: no token outlives it. */
  readonly remaining: number
}

export type GrantRefusal =
  | 'unknown'
  | 'expired'
  | 'already-used'
  | 'other-client'
  | 'redirect-uri-mismatch'
  | 'verifier-missing'
  | 'verifier-unexpected'
  | 'verifier-mismatch'
  | 'key-missing'
  | 'key-mismatch'
  | 'session-ended'
  | 'scope-exceeded'

/** A session that was just ended, and the relying parties that still hold one of their own. */
export interface SessionEnded {
  readonly practitionerId: string
  readonly session: ObjectName
  readonly services: readonly { readonly clientId: ClientId; readonly sid: string }[]
}

/** A code as it is presented, and what whoever presents it showed. */
export interface PresentedCode {
  readonly code: Digest
  readonly clientId: ClientId
  readonly redirectUri: string | undefined
  /** S256 of the verifier. */
  readonly challenge: string | undefined
  /** Digest of the refresh token to start, if any. */
  readonly refresh: Digest | undefined
  /** The key that was proved to be held. */
  readonly jkt?: string | undefined
  /** What whoever refreshes must prove again. */
  readonly holder?: string | undefined
}

/** What became of a token that its client gave up. */
export type Revocation = 'revoked' | 'unknown' | 'other-client'

/**
 * The single sign-on session: one Durable Object each. Every method is one call and atomic.
 * Cookie, code and refresh token are `<object>.<secret>`; each `Digest` here is of the secret half, as `address` gives it.
 */
export interface Sessions {
  /** Opens a session (4 h absolute, 30 min idle) and mints its first code in the same call. */
  open(input: {
    name: ObjectName
    secret: Digest
    subject: SessionSubject
    place: Place
    code: Digest
    binding: CodeBinding
    serviceName: string
  }): Promise<{ sid: string }>
  /**
   * Opens a session that no browser holds, for an authentication that one service asked for itself (CIBA Core §10.1,
   * RFC 8628 §3.5), and grants it to that service: there is no code, because the service is there already. With `since`
   * it counts from then: a proof that was given elsewhere grows no younger by it.
   * `refresh` is the digest of the refresh token to start, if any.
   */
  grant(
    name: ObjectName,
    input: {
      subject: SessionSubject
      since?: Instant | undefined
      place: Place
      clientId: ClientId
      serviceName: string
      scope: string
      acr: string
      refresh: Digest | undefined
      holder?: string | undefined
    },
  ): Promise<{ grant: Grant } | { refused: GrantRefusal }>
  /** Who is signed in, if the session lives and the secret is right. Touches the idle clock. */
  look(
    name: ObjectName,
    secret: Digest,
  ): Promise<{ subject: SessionSubject; services: readonly ClientId[] } | undefined>
  /** Mints a code for a service in a live session (single sign-on). */
  authorize(
    name: ObjectName,
    secret: Digest,
    code: Digest,
    binding: CodeBinding,
    serviceName: string,
  ): Promise<{ sid: string } | undefined>
  /**
   * Redeems a code: succeeds once. Any presentation of a right code with a wrong binding burns it (OAuth 2.1 §4.1.3);
   * a second presentation ends its family (RFC 6749 §4.1.2).
   */
  redeem(name: ObjectName, input: PresentedCode): Promise<{ grant: Grant } | { refused: GrantRefusal }>
  /**
   * Rotates a refresh token; a token already rotated ends its family (RFC 9700 §4.14.2). Without `next` it stays as it
   * is, and lives on.
   */
  rotate(
    name: ObjectName,
    input: {
      refresh: Digest
      next: Digest | undefined
      clientId: ClientId
      scope: string | undefined
      holder?: string | undefined
    },
  ): Promise<{ grant: Grant } | { refused: GrantRefusal }>
  /** For userinfo and introspection: the grant that an access token came from, if it still lives. */
  inspect(name: ObjectName, family: string): Promise<{ grant: Grant } | undefined>
  /** For token exchange: as `inspect`, and the family stays known for these seconds. */
  lend(name: ObjectName, family: string, lifetime: number): Promise<{ grant: Grant } | undefined>
  /** For introspection: the grant of a refresh token, if it is the good one of its family. */
  inspectRefresh(
    name: ObjectName,
    refresh: Digest,
  ): Promise<{ grant: Grant; issuedAt: Instant; expiresAt: Instant } | undefined>
  /** Ends the family of a token, if it is this client's. */
  revoke(
    name: ObjectName,
    token: { readonly family: string } | { readonly refresh: Digest },
    clientId: ClientId,
  ): Promise<Revocation>
  /** Ends the session. Answers the relying parties to tell. Ending twice is ending once. */
  end(
    name: ObjectName,
  ): Promise<{ services: readonly { clientId: ClientId; sid: string }[]; practitionerId: string } | undefined>
}
