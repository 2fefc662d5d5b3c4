import { CIBA_GRANT } from './backchannel-metadata.ts'
import { DEVICE_GRANT } from './device-authorization.ts'
import { OAuthError } from './errors.ts'
import type { Parameters } from './parameters.ts'
import { type CodeVerifier, codeVerifier } from './pkce.ts'
import { TOKEN_EXCHANGE, type TokenExchange, tokenExchange } from './token-exchange.ts'

/** What is asked of the token endpoint, by grant. */
export type TokenRequest =
  | {
      readonly grantType: 'authorization_code'
      readonly code: string
      readonly redirectUri: string | undefined
      readonly codeVerifier: CodeVerifier | undefined
    }
  | { readonly grantType: 'refresh_token'; readonly refreshToken: string; readonly scope: string | undefined }
  | { readonly grantType: 'client_credentials'; readonly scope: string | undefined }
  | { readonly grantType: typeof CIBA_GRANT; readonly authReqId: string }
  | { readonly grantType: typeof DEVICE_GRANT; readonly deviceCode: string }
  | TokenExchange

/**
 * A token request (RFC 6749 §4.1.3, §6; RFC 7636 §4.5; RFC 8628 §3.4; RFC 8693 §2.1).
 * @throws OAuthError `invalid_request`, `unsupported_grant_type`, `invalid_grant` for a malformed verifier, and as
 * `tokenExchange`.
 */
export function tokenRequest(form: Parameters): TokenRequest {
  const grantType = required(form, 'grant_type')
  switch (grantType) {
    case 'authorization_code': {
      const verifier = form.get('code_verifier')
      return {
        grantType,
        code: required(form, 'code'),
        redirectUri: form.get('redirect_uri'),
        codeVerifier: verifier === undefined ? undefined : codeVerifier(verifier),
      }
    }
    case 'refresh_token':
      return { grantType, refreshToken: required(form, 'refresh_token'), scope: form.get('scope') }
    case 'client_credentials':
      return { grantType, scope: form.get('scope') }
    case CIBA_GRANT:
      return { grantType, authReqId: required(form, 'auth_req_id') }
    case DEVICE_GRANT:
      return { grantType, deviceCode: required(form, 'device_code') }
    case TOKEN_EXCHANGE:
      return tokenExchange(form)
    default:
      throw new OAuthError('unsupported_grant_type', 'grant_type is none of grant_types_supported')
  }
}

function required(form: Parameters, name: string): string {
  const value = form.get(name)
  if (value === undefined) throw new OAuthError('invalid_request', `parameter '${name}' is missing`)
  return value
}
