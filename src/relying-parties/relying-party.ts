import type { Digest } from '../kernel/digest.ts'
import type { ClientId } from '../kernel/identifiers.ts'
import type { ClientMetadata } from '../protocol/oauth/client-metadata.ts'

/** A service that trusts us to say who signs in. */
export interface RelyingParty {
  readonly clientId: ClientId
  readonly name: string
  /**
   * `compatible`: as Pro Santé Connect's relying parties are (secret or certificate; PKCE honoured, not demanded of
   * confidential ones). `strict`: FAPI 2.0's rules: requests pushed, PKCE S256, a key or certificate rather than a
   * secret, tokens bound to a key, a refresh token that stays the same, no RSA signature but PSS. None of it is a
   * switch of its own.
   */
  readonly profile: 'compatible' | 'strict'
  readonly status: 'active' | 'suspended'
  readonly secretDigest: Digest | undefined
  readonly metadata: ClientMetadata
}

/** The registry. Reads are cached in the isolate for a short while. */
export interface RelyingParties {
  find(id: ClientId): Promise<RelyingParty | undefined>
  /** The API of this audience (RFC 8693 §2.1). */
  findApi(audience: string): Promise<RelyingParty | undefined>
  add(party: RelyingParty): Promise<void>
}
