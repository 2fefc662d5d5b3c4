import * as z from 'zod'
import { OAuthError } from './errors.ts'

/** Key management of what we encrypt for a client (RFC 7518 §4.1): nothing symmetric, no RSA1_5. */
export const ENCRYPTION_ALGORITHMS = ['ECDH-ES', 'ECDH-ES+A256KW', 'RSA-OAEP-256'] as const
/** Content encryption (RFC 7518 §5.1). The first is the default (OIDC Registration §2). */
export const ENCRYPTION_METHODS = ['A128CBC-HS256', 'A256GCM'] as const

export type EncryptionAlgorithm = (typeof ENCRYPTION_ALGORITHMS)[number]
export type EncryptionMethod = (typeof ENCRYPTION_METHODS)[number]

/**
 * What a client registers to have its ID tokens and userinfo encrypted (OIDC Registration §2), and answers to its
 * introspection (RFC 9701 §6).
 */
export const ENCRYPTION_MEMBERS = {
  id_token_encrypted_response_alg: z.enum(ENCRYPTION_ALGORITHMS).optional(),
  id_token_encrypted_response_enc: z.enum(ENCRYPTION_METHODS).optional(),
  userinfo_encrypted_response_alg: z.enum(ENCRYPTION_ALGORITHMS).optional(),
  userinfo_encrypted_response_enc: z.enum(ENCRYPTION_METHODS).optional(),
  introspection_encrypted_response_alg: z.enum(ENCRYPTION_ALGORITHMS).optional(),
  introspection_encrypted_response_enc: z.enum(ENCRYPTION_METHODS).optional(),
}

type EncryptionMetadata = z.infer<z.ZodObject<typeof ENCRYPTION_MEMBERS>> & {
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined
  readonly jwks_uri?: string | undefined
}

/** A public key as JSON has it. */
export type Jwk = Readonly<Record<string, unknown>>

/** RFC 7518 §4.6 on the curves that we have (RFC 8037 §3.2 for X25519), §4.3. */
const CURVES: ReadonlySet<unknown> = new Set(['P-256', 'P-384', 'P-521', 'X25519'])

/** The first key of the client that this algorithm can encrypt to (RFC 7517 §4.2–4.4). */
export const encryptionKey = (keys: readonly Jwk[], alg: EncryptionAlgorithm): Jwk | undefined =>
  keys.find(
    (key) =>
      (alg === 'RSA-OAEP-256'
        ? key.kty === 'RSA'
        : (key.kty === 'EC' || key.kty === 'OKP') && CURVES.has(key.crv)) &&
      (key.use === undefined || key.use === 'enc') &&
      (key.alg === undefined || key.alg === alg),
  )

/**
 * Holds the members to OIDC Registration §2 and RFC 9701 §6: `enc` only with `alg`, and a key that fits where keys are known.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function checkEncryptionMetadata(metadata: EncryptionMetadata): void {
  for (const what of ['id_token', 'userinfo', 'introspection'] as const) {
    const alg = metadata[`${what}_encrypted_response_alg`]
    if (alg === undefined) {
      if (metadata[`${what}_encrypted_response_enc`] !== undefined)
        throw invalid(`${what}_encrypted_response_enc needs ${what}_encrypted_response_alg`)
      continue
    }
    const known = encryptionKey(metadata.jwks?.keys ?? [], alg) !== undefined
    if (metadata.jwks_uri === undefined && !known)
      throw invalid(`${what}_encrypted_response_alg needs a key for ${alg}, in jwks or at jwks_uri`)
  }
}

const invalid = (why: string) =>
  new OAuthError('invalid_client_metadata', `${why} (OIDC Registration section 2)`)
