import { digest, sameDigest } from '../../kernel/digest.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ClientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { knownByName, type PresentedCertificate, refusedBySet } from '../../protocol/oauth/mutual-tls.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { StructureSoftware } from '../../structures/software.ts'
import type { Structure } from '../../structures/structure.ts'
import { verifyAssertion } from './assertion.ts'
import type { Replays } from './replays.ts'

export interface AuthenticateNeeds {
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly replays: Replays
  readonly clientKeys: ClientKeys
  /** Which certificates speak for a structure, and for which clients. */
  readonly software: StructureSoftware
  readonly issuer: string
  /** URL of the token endpoint: some clients name it, rather than the issuer, as audience (RFC 7523 §3). */
  readonly tokenEndpoint: string
  /** URLs of the endpoint itself, where its specification lets clients name it so (CIBA Core §7.1). */
  readonly endpoints?: readonly string[]
}

/** What no secret has as its digest: so that an unknown client costs the same comparison as a known one. */
const NO_DIGEST = '-'.repeat(43)

/** Who was proved. */
export interface Proved {
  readonly party: RelyingParty
  /** The structure whose software it is, by its certificate. */
  readonly structure: Structure | undefined
}

/**
 * The relying party that these credentials prove. By secret or certificate it costs no Durable Object call, and by the
 * name in a certificate a query for its revocation; by assertion one call, to the shard that remembers its `jti`.
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
  return (await prove(needs, credentials, now, certificate)).party
}

/** The same, and which structure it speaks for. */
export async function prove(
  needs: AuthenticateNeeds,
  credentials: ClientCredentials,
  now: Instant,
  certificate?: PresentedCertificate,
): Promise<Proved> {
  const party = await needs.relyingParties.find(credentials.clientId)
  const found = await evidence(needs, party, credentials, now, certificate)
  if (party === undefined || 'refused' in found) {
    const detail = 'refused' in found ? found.refused : 'unknown client'
    throw new OAuthError('invalid_client', 'client authentication failed', detail)
  }
  return { party, structure: found.structure }
}

type Evidence = { readonly structure: Structure | undefined } | { readonly refused: string }

/** What these credentials prove, or why nothing. */
async function evidence(
  needs: AuthenticateNeeds,
  party: RelyingParty | undefined,
  credentials: ClientCredentials,
  now: Instant,
  certificate: PresentedCertificate | undefined,
): Promise<Evidence> {
  const method = party?.metadata.token_endpoint_auth_method
  // By its name alone, its certificate says the rest (RFC 8705 §2).
  if (
    party !== undefined &&
    credentials.method === 'none' &&
    (method === 'tls_client_auth' || method === 'self_signed_tls_client_auth')
  ) {
    const found = await byCertificate(needs, party, certificate, now)
    if ('refused' in found) return { refused: `certificate: ${found.refused}` }
    return party.status === 'active' ? found : { refused: 'suspended' }
  }
  const refused = await refusal(needs, party, credentials, now)
  return refused === undefined ? { structure: undefined } : { refused }
}

/** Why these credentials prove nothing, or `undefined`. */
async function refusal(
  needs: AuthenticateNeeds,
  party: RelyingParty | undefined,
  credentials: ClientCredentials,
  now: Instant,
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
    case 'none':
      if (party === undefined) return 'unknown client'
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

/**
 * What this certificate proves (RFC 8705 §2.1, §2.2). Of a name in it, the authority vouches for whose it is: so it may
 * speak for a structure, and a client that was bound to one comes with that structure's.
 */
async function byCertificate(
  { clientKeys, software }: AuthenticateNeeds,
  party: RelyingParty,
  certificate: PresentedCertificate | undefined,
  now: Instant,
): Promise<Evidence> {
  if (certificate === undefined) return { refused: 'none' }
  if (party.metadata.token_endpoint_auth_method === 'tls_client_auth') {
    const known = await knownByName(certificate, party.metadata, now)
    if ('refused' in known) return known
    return software.admit(party.clientId, { ...known, thumbprint: certificate.thumbprint })
  }
  const set = await clientKeys.of(party)
  if ('unavailable' in set) return { refused: set.unavailable }
  const refused = await refusedBySet(certificate, set.jwks.keys, now)
  return refused === undefined ? { structure: undefined } : { refused }
}

const mismatch = (credentials: ClientCredentials, registered: string | undefined): string =>
  `registered for ${registered}, came with ${credentials.method}`
