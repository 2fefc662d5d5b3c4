import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { isPushedReference, pushedReference } from '../../protocol/oauth/pushed-authorization.ts'
import {
  isRequestObjectType,
  refused,
  requestObjectChecks,
  requestObjectParameters,
} from '../../protocol/oauth/request-object.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../relying-parties/client-signature.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { AcceptedRequest } from './accept.ts'
import type { PushedRequests } from './pushed-requests.ts'

export interface RequestedNeeds {
  readonly issuer: string
  readonly clock: Clock
  readonly clientKeys: ClientKeys
}

/** The parameters that a client really sent, and whether it signed them. */
export interface ByValue {
  readonly sent: Parameters
  readonly signed: boolean
}

/**
 * The authorization parameters of a request that carries them: its own, or those of its request object, and then
 * nothing else of it counts (RFC 9101 §5).
 * @throws OAuthError `invalid_request_object` (RFC 9101 §7).
 */
export async function requestedByValue(
  { issuer, clock, clientKeys }: RequestedNeeds,
  party: RelyingParty,
  sent: Parameters,
): Promise<ByValue> {
  const object = sent.get('request')
  if (object === undefined) return { sent, signed: false }
  const now = clock()
  const { clientId, metadata, profile } = party
  const registered = metadata.request_object_signing_alg
  const checks = requestObjectChecks({ clientId, issuer, registered, strict: profile === 'strict' }, now)
  const verified = await verifySignedByClient(object, party, clientKeys, {
    ...checks,
    acceptsType: isRequestObjectType,
  })
  if ('rejected' in verified) throw refused(verified.rejected)
  return { sent: requestObjectParameters(verified.claims, clientId, now), signed: true }
}

/**
 * The request that a `request_uri` stands for. Only our own references do (RFC 9126 §2.2): no address that somebody
 * names is ever fetched (RFC 9101 §10.4.1).
 * @throws OAuthError `request_uri_not_supported`, or `invalid_request_uri` for one that is used, old or another's.
 */
export async function requestedByReference(
  pushed: Pick<PushedRequests, 'take'>,
  uri: string,
  clientId: ClientId,
): Promise<AcceptedRequest> {
  if (!isPushedReference(uri)) {
    throw new OAuthError('request_uri_not_supported', 'request_uri must be one of ours: push the request')
  }
  const reference = pushedReference(uri)
  const request = reference && (await pushed.take(reference))
  // Taken all the same: a reference that another client shows was seen by somebody it was not meant for.
  if (request?.clientId !== clientId) {
    throw new OAuthError(
      'invalid_request_uri',
      'request_uri is unknown, was used already, or is too old',
      request === undefined ? undefined : 'pushed by another client',
    )
  }
  return request
}
