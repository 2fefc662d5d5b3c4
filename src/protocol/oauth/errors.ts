import { faultOf } from '../../kernel/fault.ts'

/**
 * Every refusal that the outside may read: its HTTP status where the answer is not a redirect, and the section that
 * registers it. One table for the code, the tests and the documentation.
 */
export const OAUTH_ERRORS = {
  invalid_request: { status: 400, section: 'RFC 6749 §4.1.2.1, §5.2; RFC 6750 §3.1' },
  unauthorized_client: { status: 400, section: 'RFC 6749 §4.1.2.1, §5.2' },
  access_denied: { status: 400, section: 'RFC 6749 §4.1.2.1; CIBA Core §11; RFC 8628 §3.5' },
  unsupported_response_type: { status: 400, section: 'RFC 6749 §4.1.2.1' },
  invalid_scope: { status: 400, section: 'RFC 6749 §4.1.2.1, §5.2' },
  server_error: { status: 500, section: 'RFC 6749 §4.1.2.1' },
  temporarily_unavailable: { status: 503, section: 'RFC 6749 §4.1.2.1' },
  invalid_client: { status: 401, section: 'RFC 6749 §5.2' },
  invalid_grant: { status: 400, section: 'RFC 6749 §5.2' },
  unsupported_grant_type: { status: 400, section: 'RFC 6749 §5.2' },
  invalid_token: { status: 401, section: 'RFC 6750 §3.1' },
  insufficient_scope: { status: 403, section: 'RFC 6750 §3.1' },
  interaction_required: { status: 400, section: 'OIDC Core §3.1.2.6' },
  login_required: { status: 400, section: 'OIDC Core §3.1.2.6' },
  account_selection_required: { status: 400, section: 'OIDC Core §3.1.2.6' },
  consent_required: { status: 400, section: 'OIDC Core §3.1.2.6' },
  request_not_supported: { status: 400, section: 'OIDC Core §3.1.2.6, §6.1' },
  request_uri_not_supported: { status: 400, section: 'OIDC Core §3.1.2.6, §6.2' },
  invalid_request_uri: { status: 400, section: 'RFC 9101 §7, OIDC Core §3.1.2.6' },
  invalid_request_object: { status: 400, section: 'RFC 9101 §7, OIDC Core §3.1.2.6' },
  registration_not_supported: { status: 400, section: 'OIDC Core §3.1.2.6, §7.2.1' },
  unmet_authentication_requirements: { status: 400, section: 'OIDC Unmet Authentication Requirements §2' },
  invalid_dpop_proof: { status: 400, section: 'RFC 9449 §5, §7.1' },
  use_dpop_nonce: { status: 400, section: 'RFC 9449 §8' },
  authorization_pending: { status: 400, section: 'CIBA Core §11; RFC 8628 §3.5' },
  slow_down: { status: 400, section: 'CIBA Core §11; RFC 8628 §3.5' },
  expired_token: { status: 400, section: 'CIBA Core §11; RFC 8628 §3.5' },
  missing_user_code: { status: 400, section: 'CIBA Core §13' },
  invalid_user_code: { status: 400, section: 'CIBA Core §13' },
  unknown_user_id: { status: 400, section: 'CIBA Core §13' },
  expired_login_hint_token: { status: 400, section: 'CIBA Core §13' },
  invalid_binding_message: { status: 400, section: 'CIBA Core §13' },
  invalid_redirect_uri: { status: 400, section: 'RFC 7591 §3.2.2' },
  invalid_client_metadata: { status: 400, section: 'RFC 7591 §3.2.2' },
  invalid_software_statement: { status: 400, section: 'RFC 7591 §3.2.2' },
  unapproved_software_statement: { status: 400, section: 'RFC 7591 §3.2.2' },
  unsupported_token_type: { status: 400, section: 'RFC 7009 §2.2.1' },
  invalid_target: { status: 400, section: 'RFC 8693 §2.2.2, RFC 8707 §2' },
} as const satisfies Record<string, { status: 400 | 401 | 403 | 500 | 503; section: string }>

export type OAuthErrorCode = keyof typeof OAUTH_ERRORS
export type OAuthErrorStatus = (typeof OAUTH_ERRORS)[OAuthErrorCode]['status']

/**
 * A refusal in the specifications' own words.
 * `description` is for the relying party's developer; `detail` is for the trail and never leaves.
 */
export class OAuthError extends Error {
  override readonly name = 'OAuthError'
  readonly code: OAuthErrorCode
  readonly description: string
  readonly detail: string | undefined

  constructor(code: OAuthErrorCode, description: string, detail?: string) {
    super(`${code}: ${description}`)
    this.code = code
    // RFC 6749 §4.1.2.1: %x20-21 / %x23-5B / %x5D-7E. What a client sent may be quoted in it, so it is held to that here.
    this.description = description.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "'").slice(0, 300)
    this.detail = detail
  }

  get status(): OAuthErrorStatus {
    return OAUTH_ERRORS[this.code].status
  }

  /** The JSON body of RFC 6749 §5.2 and RFC 7591 §3.2.2. */
  body(): { error: OAuthErrorCode; error_description: string } {
    return { error: this.code, error_description: this.description }
  }
}

/** What is not a refusal is a fault of ours: the client learns that (RFC 6749 §4.1.2.1), the trail learns which. */
export const asRefusal = (thrown: unknown): OAuthError =>
  thrown instanceof OAuthError
    ? thrown
    : new OAuthError('server_error', 'the request could not be answered; try again', faultOf(thrown))
