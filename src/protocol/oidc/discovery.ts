import { BACKCHANNEL_REQUEST_ALGORITHMS, DELIVERY_MODES } from '../oauth/backchannel-metadata.ts'
import {
  ASSERTION_ALGORITHMS,
  AUTH_METHODS,
  CERTIFICATE_METHODS,
  GRANT_TYPES,
  RESPONSE_ALGORITHMS,
} from '../oauth/client-metadata.ts'
import { DPOP_ALGORITHMS } from '../oauth/dpop.ts'
import { ENCRYPTION_ALGORITHMS, ENCRYPTION_METHODS } from '../oauth/encryption-metadata.ts'
import { REQUEST_OBJECT_ALGORITHMS } from '../oauth/request-object.ts'
import { RESPONSE_MODES } from '../oauth/response-mode.ts'
import { SCOPES } from '../oauth/scope.ts'
import { SUBJECT_TYPES } from '../oauth/subject-metadata.ts'
import { ACR_VALUES } from './acr.ts'
import { PROMPTS } from './prompt.ts'

/** What differs between deployments. */
export interface Deployment {
  readonly issuer: string
  /** Whether `/register` answers (RFC 7591 §3). */
  readonly registrationOpen: boolean
  /** The host that asks for client certificates, where there is one (RFC 8705 §5). */
  readonly mtlsOrigin?: string | undefined
  /** Names of the claims that may be told of a person. */
  readonly claims: readonly string[]
}

/**
 * Provider metadata (OIDC Discovery §3, RFC 8414 §2, RFC 9207 §3, RP-Initiated Logout §2.1). Only what answers is
 * listed. Members whose absence would mean "yes" are there to say no (`request_uri_parameter_supported`).
 */
export function providerMetadata(deployment: Deployment) {
  const metadata = everywhere(deployment)
  const { issuer, mtlsOrigin } = deployment
  if (mtlsOrigin === undefined) return metadata
  // RFC 8705 §5: the same endpoints, on the host that asks for a certificate.
  const aliases = Object.entries(metadata).flatMap(([name, url]) =>
    DIRECT.has(name) && typeof url === 'string' ? [[name, url.replace(issuer, mtlsOrigin)] as const] : [],
  )
  return { ...metadata, mtls_endpoint_aliases: Object.fromEntries(aliases) }
}

/** Paths of the endpoints that have another address for clients with a certificate (RFC 8705 §5). */
export const certificateEndpoints = (deployment: Deployment): readonly string[] =>
  Object.entries(everywhere(deployment)).flatMap(([name, url]) =>
    DIRECT.has(name) && typeof url === 'string' ? [new URL(url).pathname] : [],
  )

/** Endpoints that clients call themselves. */
const DIRECT: ReadonlySet<string> = new Set([
  'token_endpoint',
  'userinfo_endpoint',
  'revocation_endpoint',
  'introspection_endpoint',
  'pushed_authorization_request_endpoint',
  'backchannel_authentication_endpoint',
  'device_authorization_endpoint',
])

function everywhere({ issuer, registrationOpen, mtlsOrigin, claims }: Deployment) {
  // A certificate reaches us only on a host that asks for one.
  const methods = AUTH_METHODS.filter(
    (method) => mtlsOrigin !== undefined || !CERTIFICATE_METHODS.some((other) => other === method),
  )
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    pushed_authorization_request_endpoint: `${issuer}/par`,
    require_pushed_authorization_requests: false,
    end_session_endpoint: `${issuer}/logout`,
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    revocation_endpoint: `${issuer}/revoke`,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    introspection_endpoint: `${issuer}/introspect`,
    introspection_endpoint_auth_methods_supported: methods.filter((method) => method !== 'none'),
    introspection_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    introspection_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    introspection_encryption_alg_values_supported: [...ENCRYPTION_ALGORITHMS],
    introspection_encryption_enc_values_supported: [...ENCRYPTION_METHODS],
    ...(registrationOpen ? { registration_endpoint: `${issuer}/register` } : {}),
    scopes_supported: [...SCOPES],
    response_types_supported: ['code'],
    response_modes_supported: [...RESPONSE_MODES],
    authorization_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    grant_types_supported: [...GRANT_TYPES],
    acr_values_supported: [...ACR_VALUES],
    subject_types_supported: [...SUBJECT_TYPES],
    id_token_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    id_token_encryption_alg_values_supported: [...ENCRYPTION_ALGORITHMS],
    id_token_encryption_enc_values_supported: [...ENCRYPTION_METHODS],
    userinfo_signing_alg_values_supported: [...RESPONSE_ALGORITHMS],
    userinfo_encryption_alg_values_supported: [...ENCRYPTION_ALGORITHMS],
    userinfo_encryption_enc_values_supported: [...ENCRYPTION_METHODS],
    device_authorization_endpoint: `${issuer}/device_authorization`,
    backchannel_authentication_endpoint: `${issuer}/bc-authorize`,
    backchannel_token_delivery_modes_supported: [...DELIVERY_MODES],
    backchannel_authentication_request_signing_alg_values_supported: [...BACKCHANNEL_REQUEST_ALGORITHMS],
    backchannel_user_code_parameter_supported: true,
    dpop_signing_alg_values_supported: [...DPOP_ALGORITHMS],
    tls_client_certificate_bound_access_tokens: mtlsOrigin !== undefined,
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: [...ASSERTION_ALGORITHMS],
    code_challenge_methods_supported: ['S256'],
    prompt_values_supported: [...PROMPTS],
    claim_types_supported: ['normal'],
    claims_supported: [...PROTOCOL_CLAIMS, ...claims],
    claims_parameter_supported: true,
    request_parameter_supported: true,
    request_object_signing_alg_values_supported: [...REQUEST_OBJECT_ALGORITHMS],
    require_signed_request_object: false,
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
