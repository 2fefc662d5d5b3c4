import { ASSERTION_ALGORITHMS, AUTH_METHODS, RESPONSE_ALGORITHMS } from '../oauth/client-metadata.ts'
import { SCOPES } from '../oauth/scope.ts'
import { ACR_VALUES } from './acr.ts'
import { PROMPTS } from './prompt.ts'

/** What differs between deployments. */
export interface Deployment {
  readonly issuer: string
  /** Whether `/register` answers (RFC 7591 §3). */
  readonly registrationOpen: boolean
  /** Names of the claims that may be told of a person. */
  readonly claims: readonly string[]
}

/**
 * Provider metadata (OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3, RP-Initiated Logout §2.1). Only what answers is
 * listed. Members whose absence would mean "yes" are there to say no (`request_uri_parameter_supported`).
 */
export function providerMetadata({ issuer, registrationOpen, claims }: Deployment) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    end_session_endpoint: `${issuer}/logout`,
    revocation_endpoint: `${issuer}/revoke`,
    revocation_endpoint_auth_methods_supported: [...AUTH_METHODS],
    revocation_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    introspection_endpoint: `${issuer}/introspect`,
    introspection_endpoint_auth_methods_supported: AUTH_METHODS.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    introspection_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    ...(registrationOpen ? { registration_endpoint: `${issuer}/register` } : {}),
    scopes_supported: [...SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    acr_values_supported: [...ACR_VALUES],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    userinfo_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    token_endpoint_auth_methods_supported: [...AUTH_METHODS],
    token_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: [...PROMPTS],
    claim_types_supported: ['normal'],
    claims_supported: [...PROTOCOL_CLAIMS, ...claims],
    claims_parameter_supported: false,
    request_parameter_supported: false,
    request_uri_parameter_supported: false,
    authorization_response_iss_parameter_supported: true,
    ui_locales_supported: ['fr', 'en'],
  }
}

const PROTOCOL_CLAIMS = [
  'iss',
  'sub',
  'aud',
  'exp',
  'iat',
  'auth_time',
  'nonce',
  'acr',
  'amr',
  'azp',
  'sid',
  'at_hash',
]
