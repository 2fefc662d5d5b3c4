import { digest, sameDigest } from '../../kernel/digest.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { ClientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import { verifyAssertion } from './assertion.ts'
import type { Replays } from './replays.ts'

export interface AuthenticateNeeds {
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly replays: Replays
  readonly issuer: string
  /** URL of the token endpoint: some clients name it, rather than the issuer, as audience (RFC 7523 §3). */
  readonly tokenEndpoint: string
}

/** What no secret has as its digest: so that an unknown client costs the same comparison as a known one. */
const NO_DIGEST = '-'.repeat(43)

/**
 * The relying party that these credentials prove. By secret it costs no Durable Object call; by assertion one, to the
 * shard that remembers its `jti`.
 * @throws OAuthError `invalid_client` (RFC 6749 §5.2), the same for an unknown client, a suspended one and a wrong
 * secret; only `detail` tells them apart.
 */
export async function authenticate(
  needs: AuthenticateNeeds,
  credentials: ClientCredentials,
  now: Instant,
): Promise<RelyingParty> {
  const party = await needs.relyingParties.find(credentials.clientId)
  const reason = await refusal(needs, party, credentials, now)
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
      break
    }
    case 'private_key_jwt': {
      if (party === undefined) return 'unknown client'
      if (registered !== 'private_key_jwt') return mismatch(credentials, registered)
      const assertion = await verifyAssertion(
        credentials.assertion,
        party,
        [needs.issuer, needs.tokenEndpoint],
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
      break
  }
  return party.status === 'active' ? undefined : 'suspended'
}

const mismatch = (credentials: ClientCredentials, registered: string | undefined): string =>
  `registered for ${registered}, came with ${credentials.method}`
