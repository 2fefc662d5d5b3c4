import * as z from 'zod'
import { OAuthError } from './errors.ts'
import { notPublic } from './public-uri.ts'

/** Grant type of a result that a service asked for from its own server (CIBA Core §10.1). */
export const CIBA_GRANT = 'urn:openid:params:grant-type:ciba'

/** How a client learns of a result: it asks, or is told to ask. Push is not supported (FAPI-CIBA §5.2.2 (3)). */
export const DELIVERY_MODES = ['poll', 'ping'] as const

/** Algorithms for requests that a client signs: asymmetric ones only (CIBA Core §7.1.1). */
export const BACKCHANNEL_REQUEST_ALGORITHMS = [
  'PS256',
  'ES256',
  'ES384',
  'EdDSA',
  'Ed25519',
  'RS256',
] as const

/** What a client says of its own requests to the phone (CIBA Core §4). */
export const BACKCHANNEL_MEMBERS = {
  backchannel_token_delivery_mode: z.enum(DELIVERY_MODES, 'must be poll or ping').optional(),
  backchannel_client_notification_endpoint: z.string().max(2048).optional(),
  backchannel_authentication_request_signing_alg: z.enum(BACKCHANNEL_REQUEST_ALGORITHMS).optional(),
  /** Whether it asks people for the code without which their phone is not rung, where they have one. */
  backchannel_user_code_parameter: z.boolean().optional(),
}

interface BackchannelMetadata {
  readonly grant_types: readonly string[]
  readonly token_endpoint_auth_method: string
  readonly jwks?: unknown
  readonly jwks_uri?: string | undefined
  readonly backchannel_token_delivery_mode?: 'poll' | 'ping' | undefined
  readonly backchannel_client_notification_endpoint?: string | undefined
  readonly backchannel_authentication_request_signing_alg?: string | undefined
}

/**
 * Holds the members to CIBA Core §4 and FAPI-CIBA §5.2.2.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function checkBackchannelMetadata(metadata: BackchannelMetadata): void {
  if (!metadata.grant_types.includes(CIBA_GRANT)) return
  // FAPI-CIBA §5.2.2 (1): confidential clients only.
  if (metadata.token_endpoint_auth_method === 'none') throw invalid('CIBA is for clients that authenticate')
  const hasKeys = metadata.jwks !== undefined || metadata.jwks_uri !== undefined
  if (metadata.backchannel_authentication_request_signing_alg !== undefined && !hasKeys)
    throw invalid('signed requests need public keys, in jwks or at jwks_uri')
  const endpoint = metadata.backchannel_client_notification_endpoint
  if (metadata.backchannel_token_delivery_mode !== 'ping') {
    if (endpoint !== undefined) throw invalid('backchannel_client_notification_endpoint is for ping')
    return
  }
  if (endpoint === undefined) throw invalid('ping needs backchannel_client_notification_endpoint')
  const why = notPublic(endpoint)
  if (why !== undefined) throw invalid(`backchannel_client_notification_endpoint ${why}`)
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', `${why} (CIBA Core section 4)`)
