import type { JSONWebKeySet } from 'jose'
import type { RelyingParty } from './relying-party.ts'

/** What of a relying party says where its keys are. */
export type KeyHolder = Pick<RelyingParty, 'clientId'> & {
  readonly metadata: Pick<RelyingParty['metadata'], 'jwks' | 'jwks_uri'>
}

/** The reason is for the trail. */
export type ClientKeySet = { readonly jwks: JSONWebKeySet } | { readonly unavailable: string }

/**
 * The public keys of relying parties, registered by value or published at their `jwks_uri` (RFC 7591 §2). One object
 * stays the same as long as the keys do, so that imported keys can be kept by it.
 */
export interface ClientKeys {
  /**
   * The keys of this party. Naming the `kid` that a signature carries lets a set that lacks it be fetched anew, at
   * most once a minute: that is how a client turns its keys (OIDC Core §10.1.1). Never throws.
   */
  of(party: KeyHolder, kid?: string): Promise<ClientKeySet>
}
