import type { Instant } from '../../kernel/instant.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/**
 * What a party is told of its own registration (RFC 7591 §3.2.1, RFC 7592 §3). `secret` is there only when it is new:
 * of others we keep but the digest. `token` is the one that it presented, or that it has just got.
 */
export const information = (told: {
  readonly party: RelyingParty
  readonly registeredAt: Instant
  readonly token: string
  readonly secret: string | undefined
  readonly issuer: string
}) => ({
  ...told.party.metadata,
  client_id: told.party.clientId,
  client_id_issued_at: told.registeredAt,
  ...(told.secret === undefined ? {} : { client_secret: told.secret, client_secret_expires_at: 0 }),
  client_name: told.party.name,
  serment_profile: told.party.profile,
  registration_access_token: told.token,
  registration_client_uri: `${told.issuer}/register/${told.party.clientId}`,
})

/** Two APIs of one audience could not be told apart by their tokens. */
export const audienceTaken = () =>
  new OAuthError('invalid_client_metadata', 'serment_api.audience belongs to another API')

/**
 * We are an API ourselves: tokens for the issuer are good at userinfo, so nobody else may have it as audience.
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkAudience({ metadata }: RelyingParty, issuer: string): void {
  if (metadata.serment_api?.audience === issuer) throw audienceTaken()
}
