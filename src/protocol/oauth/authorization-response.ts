import type { JWTPayload } from 'jose'
import { after, type Instant } from '../../kernel/instant.ts'
import type { OAuthError } from './errors.ts'
import { withQuery } from './redirect-uri.ts'
import type { ReturnAddress } from './return-address.ts'

/** What an authorization response says: a code, or a refusal. */
export type AuthorizationResponse = { readonly code: string } | { readonly refused: OAuthError }

/** Seconds for which a signed response is good: JARM §2.1 recommends ten minutes at most. */
export const SIGNED_RESPONSE_LIFETIME = 600

/**
 * The parameters of an authorization response (RFC 6749 §4.1.2, §4.1.2.1): the answer, `state` as it was sent, and who
 * answers (`iss`, RFC 9207 §2).
 */
export function authorizationResponse(
  address: ReturnAddress,
  response: AuthorizationResponse,
  issuer: string,
): Record<string, string> {
  return { ...answered(address, response), iss: issuer }
}

/**
 * The claims of a signed authorization response (JARM §2.1): the same parameters, from whom, for whom and until when.
 * Signed, they cannot be mixed up with those of another provider or client (§5).
 */
export function signedResponseClaims(
  address: ReturnAddress,
  response: AuthorizationResponse,
  issuer: string,
  now: Instant,
): JWTPayload {
  return {
    ...answered(address, response),
    iss: issuer,
    aud: address.clientId,
    exp: after(now, SIGNED_RESPONSE_LIFETIME),
  }
}

function answered(address: ReturnAddress, response: AuthorizationResponse): Record<string, string> {
  return {
    ...('code' in response
      ? { code: response.code }
      : { error: response.refused.code, error_description: response.refused.description }),
    ...(address.state === undefined ? {} : { state: address.state }),
  }
}

/** The URL that carries these parameters: the redirect URI with its own query kept (RFC 6749 §3.1.2). */
export const inQuery = ({ redirectUri }: ReturnAddress, fields: Readonly<Record<string, string>>): string =>
  withQuery(redirectUri, new URLSearchParams(fields))
