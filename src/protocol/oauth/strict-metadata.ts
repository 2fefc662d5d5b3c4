import { OAuthError } from './errors.ts'

/** Signatures of the strict profile (FAPI 2.0 Security Profile §5.4.1): `Ed25519` is the newer name for that `EdDSA`. */
export const STRICT_ALGORITHMS: readonly string[] = ['PS256', 'ES256', 'EdDSA', 'Ed25519']
/** Ways for a strict client to prove itself (FAPI 2.0 Security Profile §5.3.2.1). */
const METHODS: readonly unknown[] = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth']

/** Members that name an algorithm of a signature, the client's or ours. */
const ALGORITHM_MEMBERS = [
  'token_endpoint_auth_signing_alg',
  'request_object_signing_alg',
  'backchannel_authentication_request_signing_alg',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'authorization_signed_response_alg',
  'introspection_signed_response_alg',
] as const

/** What a strict client gets where it says nothing: the defaults of OIDC Registration §2 are too weak for it. */
const DEFAULTS = {
  token_endpoint_auth_method: 'private_key_jwt',
  require_pushed_authorization_requests: true,
  id_token_signed_response_alg: 'ES256',
  authorization_signed_response_alg: 'ES256',
  introspection_signed_response_alg: 'ES256',
} as const

/**
 * What a strict client says of itself, raised to what the profile implies. The endpoints hold it to the same by its
 * profile: nothing here is a switch.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2) where it says the contrary.
 */
export function strictMetadata(said: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const metadata = { ...DEFAULTS, ...said }
  if (!METHODS.includes(metadata.token_endpoint_auth_method)) {
    throw contrary('token_endpoint_auth_method must be private_key_jwt or one of mutual TLS', '5.3.2.1')
  }
  if (metadata.require_pushed_authorization_requests !== true) {
    throw contrary('require_pushed_authorization_requests must be true', '5.3.2.2')
  }
  if (said.dpop_bound_access_tokens === false && said.tls_client_certificate_bound_access_tokens === false) {
    throw contrary('tokens are bound: by dpop_ or by tls_client_certificate_bound_access_tokens', '5.3.2.1')
  }
  if (said.application_type !== 'native' && isHttp(said.redirect_uris)) {
    throw contrary('redirect_uris must be https, or of a native application on its own machine', '5.3.2.2')
  }
  for (const member of ALGORITHM_MEMBERS) {
    const algorithm: unknown = Reflect.get(metadata, member)
    if (algorithm !== undefined && !STRICT_ALGORITHMS.includes(String(algorithm))) {
      throw contrary(`${member} must be PS256, ES256 or EdDSA`, '5.4.1')
    }
  }
  return metadata
}

const isHttp = (uris: unknown): boolean =>
  Array.isArray(uris) && uris.some((uri) => typeof uri === 'string' && /^http:/i.test(uri))

const contrary = (why: string, section: string) =>
  new OAuthError(
    'invalid_client_metadata',
    `of a strict client, ${why} (FAPI 2.0 Security Profile section ${section})`,
  )
