import type { ClientId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import { type BackchannelRequest, backchannelRequest } from '../../protocol/ciba/authentication-request.ts'
import { nothingBeside, signedParameters } from '../../protocol/ciba/signed-request.ts'
import { CIBA_GRANT } from '../../protocol/oauth/backchannel-metadata.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { parseScope, scopeText } from '../../protocol/oauth/scope.ts'
import { STRICT_ALGORITHMS } from '../../protocol/oauth/strict-metadata.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../relying-parties/client-signature.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Replays } from '../client-authentication/replays.ts'

export interface AcceptNeeds {
  readonly issuer: string
  readonly clientKeys: ClientKeys
  readonly replays: Replays
  /** Names of the host that asks for a card; none where cards are not accepted. */
  readonly cardOrigins: readonly string[]
}

/** A request held to its client's registration. */
export interface AcceptedRequest extends BackchannelRequest {
  readonly scope: string
}

/**
 * Accepts an authentication request of a client that has proved itself.
 * @throws OAuthError with a code of CIBA Core §13
 */
export async function accept(
  needs: AcceptNeeds,
  sent: Parameters,
  party: RelyingParty,
  now: Instant,
): Promise<AcceptedRequest> {
  const { metadata } = party
  // FAPI-CIBA §5.2.2 (1): confidential clients only.
  if (!metadata.grant_types.includes(CIBA_GRANT) || metadata.token_endpoint_auth_method === 'none') {
    throw new OAuthError('unauthorized_client', 'the client is not registered for the CIBA grant')
  }
  const request = backchannelRequest(await authentic(needs, sent, party, now))
  if (request.channel === 'CARD' && needs.cardOrigins.length === 0) {
    throw new OAuthError(
      'invalid_request',
      'channel=CARD is not available here: only MOBILE is, the e-CPS on the phone',
    )
  }
  if (metadata.backchannel_token_delivery_mode === 'ping' && request.notificationToken === undefined) {
    throw new OAuthError(
      'invalid_request',
      'client_notification_token is required of a client in ping mode (CIBA Core section 7.1)',
    )
  }
  const asksForCodes = metadata.backchannel_user_code_parameter === true
  // CIBA Core §13 `missing_user_code`: of everybody alike, so that it says nothing of who has a code.
  if (asksForCodes && request.userCode === undefined)
    throw new OAuthError('missing_user_code', 'this client must send user_code (CIBA Core section 7.1)')
  return {
    ...request,
    userCode: asksForCodes ? request.userCode : undefined,
    scope: scopeText(request.scopes.filter(permitted(party))),
  }
}

/** The parameters of the form, or those of its signed request. */
async function authentic(
  { issuer, clientKeys, replays }: AcceptNeeds,
  sent: Parameters,
  party: RelyingParty,
  now: Instant,
): Promise<Parameters> {
  const signed = sent.get('request')
  const algorithm = party.metadata.backchannel_authentication_request_signing_alg
  if (signed === undefined) {
    // CIBA Core §4, FAPI-CIBA §5.2.2 (6): who said that it signs, and who is held to the strict profile, signs.
    if (algorithm === undefined && party.profile !== 'strict') return sent
    throw new OAuthError('invalid_request', 'this client must sign its requests: send them in request')
  }
  if (algorithm === undefined) {
    throw new OAuthError(
      'invalid_request',
      'register backchannel_authentication_request_signing_alg to send signed requests (CIBA Core section 4)',
    )
  }
  // FAPI-CIBA §7.6, FAPI 2.0 Security Profile §5.4.1.
  if (party.profile === 'strict' && !STRICT_ALGORITHMS.includes(algorithm)) {
    throw new OAuthError('invalid_request', 'this client must sign with PS256, ES256 or EdDSA')
  }
  nothingBeside(sent)
  const verified = await verifySignedByClient(signed, party, clientKeys, {
    algorithms: [algorithm],
    issuer: party.clientId,
    // CIBA Core §7.1.1: `aud` holds the issuer identifier.
    audience: issuer,
    requiredClaims: ['iss', 'aud', 'exp', 'iat', 'nbf', 'jti'],
    clockTolerance: 10,
    currentDate: new Date(now * 1000),
  })
  if ('rejected' in verified) {
    throw new OAuthError('invalid_request', 'the signed request does not hold', verified.rejected)
  }
  const { parameters, jti, expiresAt } = signedParameters(verified.claims, now)
  if (!(await replays.first(requestId(party.clientId, jti), expiresAt))) {
    throw new OAuthError('invalid_request', 'the signed request was used before', `jti ${jti}`)
  }
  return parameters
}

const requestId = (clientId: ClientId, jti: string): string => `${clientId} ciba ${jti}`

/** RFC 7591 §2, `scope`: what this client may ask, when its registration says so. `openid` always. */
function permitted(party: RelyingParty): (scope: string) => boolean {
  if (party.metadata.scope === undefined) return () => true
  const allowed: readonly string[] = ['openid', ...parseScope(party.metadata.scope)]
  return (scope) => allowed.includes(scope)
}

/** Seconds that a request may wait at most, whatever the client asks. */
const LONGEST = 300

/** Seconds that the request waits. */
export const lifetimeOf = (asked: number | undefined, usual: number): number =>
  Math.min(asked ?? usual, LONGEST)
