import { digest, sameDigest } from '../../kernel/digest.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ClientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { knownByName, type PresentedCertificate, refusedBySet } from '../../protocol/oauth/mutual-tls.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import { verifyAssertion } from './assertion.ts'
import type { Replays } from './replays.ts'

export interface AuthenticateNeeds {
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly replays: Replays
  readonly clientKeys: ClientKeys
  readonly issuer: string
  /** URL of the token endpoint: some clients name it, rather than the issuer, as audience (RFC 7523 §3). */
  readonly tokenEndpoint: string
  /** URLs of the endpoint itself, where its specification lets clients name it so (CIBA Core §7.1). */
  readonly endpoints?: readonly string[]
}

/** What no secret has as its digest: so that an unknown client costs the same comparison as a known one. */
const NO_DIGEST = '-'.repeat(43)

/**
 * The relying party that these credentials prove. By secret or certificate it costs no Durable Object call; by
 * assertion one, to the shard that remembers its `jti`.
 * @param certificate of the connection, without which no client that is known by one gets in.
 * @throws OAuthError `invalid_client` (RFC 6749 §5.2), the same for an unknown client, a suspended one and a wrong
 * secret; only `detail` tells them apart.
 */
export async function authenticate(
  needs: AuthenticateNeeds,
  credentials: ClientCredentials,
  now: Instant,
  certificate?: PresentedCertificate,
): Promise<RelyingParty> {
  const party = await needs.relyingParties.find(credentials.clientId)
  const reason = await refusal(needs, party, credentials, now, certificate)
  if (party === undefined || reason !== undefined) {
    throw new OAuthError('invalid_client', 'client authentication failed', reason ?? 'unknown client')
  }
  return party
}

/** Why these credentials prove nothing, or `undefined`. */
async function refusal(
  needs: AuthenticateNeeds,
  party: RelyingParty | undefined,
  credentials: ClientCredentials,
  now: Instant,
  certificate: PresentedCertificate | undefined,
): Promise<string | undefined> {
  const registered = party?.metadata.token_endpoint_auth_method
  switch (credentials.method) {
    case 'client_secret_basic':
    case 'client_secret_post': {
      const same = sameDigest(await digest(credentials.secret), party?.secretDigest ?? NO_DIGEST)
      if (party === undefined) return 'unknown client'
      // A client registered for one of the two may use the other: Pro Santé Connect's always could, and both carry
      // the same secret over the same channel.
      if (registered !== 'client_secret_basic' && registered !== 'client_secret_post')
        return mismatch(credentials, registered)
      if (!same) return 'wrong secret'
      // FAPI 2.0 Security Profile §5.3.2.1: by private_key_jwt or mutual TLS.
      if (party.profile === 'strict') return 'a strict client came with a secret'
      break
    }
    case 'private_key_jwt': {
      if (party === undefined) return 'unknown client'
      if (registered !== 'private_key_jwt') return mismatch(credentials, registered)
      const assertion = await verifyAssertion(
        credentials.assertion,
        party,
        needs.clientKeys,
        audiences(needs, party),
        now,
      )
      if ('rejected' in assertion) return `assertion: ${assertion.rejected}`
      // RFC 7523 §3 (7): last, so that only what a key of the client signed is remembered.
      if (!(await needs.replays.first(`${party.clientId} ${assertion.jti}`, assertion.expiresAt)))
        return 'assertion: replayed'
      break
    }
    // By its name alone: a public client, or one whose certificate says the rest (RFC 8705 §2).
    case 'none':
      if (party === undefined) return 'unknown client'
      if (registered === 'tls_client_auth' || registered === 'self_signed_tls_client_auth') {
        const refused = await byCertificate(needs.clientKeys, party, certificate, now)
        if (refused !== undefined) return `certificate: ${refused}`
        break
      }
      if (registered !== 'none') return mismatch(credentials, registered)
      if (party.profile === 'strict') return 'a strict client came without proof'
      break
  }
  return party.status === 'active' ? undefined : 'suspended'
}

/**
 * What a client may call us in its assertions. FAPI 2.0 Security Profile §5.3.2.1 (8) leaves a strict one the issuer
 * alone: an address that another server told it to use is never right.
 */
const audiences = (
  { issuer, tokenEndpoint, endpoints = [] }: AuthenticateNeeds,
  { profile }: RelyingParty,
) => (profile === 'strict' ? [issuer] : [issuer, tokenEndpoint, ...endpoints])

/** Why this certificate does not prove the client, or `undefined` (RFC 8705 §2.1, §2.2). */
async function byCertificate(
  clientKeys: ClientKeys,
  party: RelyingParty,
  certificate: PresentedCertificate | undefined,
  now: Instant,
): Promise<string | undefined> {
  if (certificate === undefined) return 'none'
  if (party.metadata.token_endpoint_auth_method === 'tls_client_auth') {
    const known = await knownByName(certificate, party.metadata, now)
    return 'refused' in known ? known.refused : undefined
  }
  const set = await clientKeys.of(party)
  return 'unavailable' in set ? set.unavailable : refusedBySet(certificate, set.jwks.keys, now)
}

const mismatch = (credentials: ClientCredentials, registered: string | undefined): string =>
  `registered for ${registered}, came with ${credentials.method}`
