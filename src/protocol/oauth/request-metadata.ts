import * as z from 'zod'
import { OAuthError } from './errors.ts'
import { REQUEST_OBJECT_ALGORITHMS } from './request-object.ts'

/** What a client registers about its authorization requests and their answers. */
export const REQUEST_MEMBERS = {
  /** RFC 9126 §6: no request but a pushed one. */
  require_pushed_authorization_requests: z.boolean().default(false),
  /** RFC 9101 §10.5: no request but a signed one. */
  require_signed_request_object: z.boolean().default(false),
  /** OIDC Registration §2: the one algorithm of its request objects. */
  request_object_signing_alg: z.enum(REQUEST_OBJECT_ALGORITHMS).optional(),
  /** JARM §3. */
  authorization_signed_response_alg: z.enum(['RS256', 'ES256', 'PS256', 'EdDSA']).default('RS256'),
}

/** What of a registration `checkRequestMetadata` looks at. */
interface Checked {
  readonly require_signed_request_object: boolean
  readonly request_object_signing_alg?: string | undefined
  readonly jwks?: unknown
  readonly jwks_uri?: unknown
}

/** @throws OAuthError `invalid_client_metadata`: who will sign requests registers the keys for it. */
export function checkRequestMetadata(metadata: Checked): void {
  const signs = metadata.require_signed_request_object || metadata.request_object_signing_alg !== undefined
  if (signs && metadata.jwks === undefined && metadata.jwks_uri === undefined) {
    throw new OAuthError(
      'invalid_client_metadata',
      'signed requests need public keys, in jwks or at jwks_uri (RFC 9101 section 6.2)',
    )
  }
}
