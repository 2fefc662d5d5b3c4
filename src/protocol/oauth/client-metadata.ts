import * as z from 'zod'
import { API_MEMBERS, checkApiMetadata } from './api-metadata.ts'
import { BACKCHANNEL_MEMBERS, CIBA_GRANT, checkBackchannelMetadata } from './backchannel-metadata.ts'
import { fetchableJwksUri, RegisteredJwks } from './client-jwks.ts'
import { DEVICE_GRANT } from './device-authorization.ts'
import { checkEncryptionMetadata, ENCRYPTION_MEMBERS } from './encryption-metadata.ts'
import { OAuthError } from './errors.ts'
import { checkLogoutMetadata, LOGOUT_MEMBERS } from './logout-metadata.ts'
import { registrableUri } from './redirect-uri.ts'
import { checkRequestMetadata, REQUEST_MEMBERS } from './request-metadata.ts'
import { parseScope } from './scope.ts'
import { checkSenderMetadata, SENDER_MEMBERS } from './sender-metadata.ts'
import { checkSubjectMetadata, SUBJECT_MEMBERS } from './subject-metadata.ts'
import { TOKEN_EXCHANGE } from './token-exchange.ts'

/** Ways for a client to prove itself by its certificate (RFC 8705 §2). */
export const CERTIFICATE_METHODS = ['tls_client_auth', 'self_signed_tls_client_auth'] as const
/** Ways for a client to prove itself at the token endpoint (OIDC Core §9). */
export const AUTH_METHODS = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  ...CERTIFICATE_METHODS,
  'none',
] as const
export type AuthMethod = (typeof AUTH_METHODS)[number]

/** Algorithms of what we sign for a client (RFC 7518 §3.1, RFC 8037 §3.1). */
export const RESPONSE_ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
/** Algorithms accepted on a client's assertion: asymmetric ones only. */
export const ASSERTION_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519'] as const

/** Grant types that a client may register for. */
export const GRANT_TYPES = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  CIBA_GRANT,
  DEVICE_GRANT,
  TOKEN_EXCHANGE,
] as const

/** Shown to people: no controls, and nothing that turns the direction of text around it. */
const displayed = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u, 'must be plain text')
const webPage = z
  .url()
  .max(2048)
  .refine((text) => /^https?:\/\//.test(text), 'must be an http(s) URL')
const uris = z.array(z.string().max(2048)).max(50)

/**
 * What a relying party says of itself (RFC 7591 §2, OIDC Registration §2, RP-Initiated Logout §3.1), with the
 * specifications' defaults filled in. Members that we do not know are left out (RFC 7591 §2).
 */
export const ClientMetadata = z.object({
  redirect_uris: uris.default([]),
  token_endpoint_auth_method: z.enum(AUTH_METHODS).default('client_secret_basic'),
  token_endpoint_auth_signing_alg: z.enum(ASSERTION_ALGORITHMS).optional(),
  grant_types: z.array(z.enum(GRANT_TYPES)).max(10).default(['authorization_code']),
  response_types: z
    .array(z.enum(['code']))
    .max(10)
    .default(['code']),
  application_type: z.enum(['web', 'native']).default('web'),
  client_name: displayed.optional(),
  client_uri: webPage.optional(),
  logo_uri: webPage.optional(),
  policy_uri: webPage.optional(),
  tos_uri: webPage.optional(),
  contacts: z.array(z.string().min(1).max(254)).max(20).optional(),
  scope: z.string().max(1000).optional(),
  jwks: RegisteredJwks.optional(),
  jwks_uri: z.string().optional(),
  id_token_signed_response_alg: z.enum(RESPONSE_ALGORITHMS).default('RS256'),
  userinfo_signed_response_alg: z.enum(RESPONSE_ALGORITHMS).optional(),
  default_max_age: z.int().min(0).max(31_536_000).optional(),
  require_auth_time: z.boolean().default(false),
  post_logout_redirect_uris: uris.default([]),
  introspection_signed_response_alg: z.enum(RESPONSE_ALGORITHMS).optional(),
  software_id: z.string().max(255).optional(),
  software_version: z.string().max(255).optional(),
  software_statement: z.string().max(8192).optional(),
  ...SUBJECT_MEMBERS,
  ...SENDER_MEMBERS,
  ...ENCRYPTION_MEMBERS,
  ...REQUEST_MEMBERS,
  ...LOGOUT_MEMBERS,
  ...BACKCHANNEL_MEMBERS,
  ...API_MEMBERS,
})
export type ClientMetadata = z.infer<typeof ClientMetadata>

/**
 * The metadata of a registration request, held to each other.
 * @throws OAuthError `invalid_redirect_uri` or `invalid_client_metadata` (RFC 7591 §3.2.2), naming the member.
 */
export function clientMetadata(input: unknown): ClientMetadata {
  const parsed = ClientMetadata.safeParse(input)
  if (!parsed.success) throw refusal(parsed.error)
  const metadata = parsed.data
  for (const uri of [...metadata.redirect_uris, ...metadata.post_logout_redirect_uris]) {
    registrableUri(uri, metadata.application_type)
  }
  checkSubjectMetadata(metadata)
  checkSenderMetadata(metadata)
  checkEncryptionMetadata(metadata)
  checkRequestMetadata(metadata)
  checkLogoutMetadata(metadata)
  checkBackchannelMetadata(metadata)
  checkApiMetadata(metadata)
  const ciba = metadata.grant_types.includes(CIBA_GRANT)
  const code = metadata.grant_types.includes('authorization_code')
  if (!metadata.grant_types.some((type) => type !== 'refresh_token'))
    throw invalid('grant_types must have one that a refresh token can come of')
  // RFC 6749 §4.4: "The client credentials grant type MUST only be used by confidential clients."
  const isPublic = metadata.token_endpoint_auth_method === 'none'
  if (isPublic && metadata.grant_types.includes('client_credentials'))
    throw invalid('client_credentials is for clients that authenticate (RFC 6749 section 4.4)')
  // A public client could not be told from whoever took its tokens.
  if (isPublic && metadata.grant_types.includes(TOKEN_EXCHANGE))
    throw invalid('token exchange is for clients that authenticate (RFC 8693 section 2.1)')
  // RFC 7591 §2.1: `code` and `authorization_code` go together.
  if (code && !metadata.response_types.includes('code')) throw invalid('response_types must have code')
  if (code && metadata.redirect_uris.length === 0)
    throw new OAuthError('invalid_redirect_uri', 'redirect_uris: at least one (RFC 7591 section 2)')
  if (metadata.jwks_uri !== undefined) {
    if (metadata.jwks !== undefined)
      throw invalid('jwks and jwks_uri must not both be there (RFC 7591 section 2)')
    fetchableJwksUri(metadata.jwks_uri)
  }
  if (metadata.scope !== undefined && !wellFormed(metadata.scope))
    throw invalid('scope: must be words separated by one space (RFC 6749 section 3.3)')
  const hasKeys = metadata.jwks !== undefined || metadata.jwks_uri !== undefined
  if (metadata.token_endpoint_auth_method === 'private_key_jwt' && !hasKeys) {
    throw invalid('private_key_jwt needs public keys, in jwks or at jwks_uri (OIDC Core section 9)')
  }
  return {
    ...metadata,
    response_types: code ? metadata.response_types : [],
    // CIBA Core §4 wants it said. Pro Santé Connect's clients never say it: they poll.
    ...(ciba ? { backchannel_token_delivery_mode: metadata.backchannel_token_delivery_mode ?? 'poll' } : {}),
  }
}

function wellFormed(scope: string): boolean {
  try {
    parseScope(scope)
    return true
  } catch {
    return false
  }
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', why)

function refusal(error: z.ZodError): OAuthError {
  const issue = error.issues[0]
  const path = issue?.path.join('.') ?? ''
  const why = `${path === '' ? 'the metadata' : path}: ${issue?.message ?? 'is not valid'}`
  return path.startsWith('redirect_uris') ? new OAuthError('invalid_redirect_uri', why) : invalid(why)
}
