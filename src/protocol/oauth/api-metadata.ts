import * as z from 'zod'
import { ClientId } from '../../kernel/identifiers.ts'
import { OAuthError } from './errors.ts'

/** RFC 6749 §3.3, `scope-token`. */
const scopeToken = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,100}$/, 'must be a scope')

/**
 * An API that professionals' tokens may be exchanged for (RFC 8693). `audience` is its name in tokens, one API each;
 * `clients` are those who may ask for its tokens, and without it everyone registered for the grant.
 */
export const RegisteredApi = z.strictObject({
  audience: z
    .url()
    .max(255)
    .refine((text) => !text.includes('#'), 'must not have a fragment'),
  scopes: z.array(scopeToken).min(1).max(50),
  clients: z.array(ClientId).min(1).max(200).optional(),
})
export type RegisteredApi = z.infer<typeof RegisteredApi>

/**
 * What a client may ask of us beyond signing people in. The members with our own prefix are rights: whoever
 * registers by itself gets them in the sandbox only.
 */
export const API_MEMBERS = {
  /** Whether it may introspect access tokens (RFC 7662 §4: only who is meant to). */
  serment_introspection: z.boolean().default(false),
  serment_api: RegisteredApi.optional(),
  /** Whether it is a registration authority, which may take away what others may do. */
  serment_authority: z.boolean().default(false),
}

interface ApiMetadata {
  readonly token_endpoint_auth_method: string
  readonly serment_introspection: boolean
  readonly serment_api?: RegisteredApi | undefined
  readonly serment_authority: boolean
}

/**
 * RFC 7662 §2.1: introspection needs somebody who proved who they are.
 * @throws OAuthError `invalid_client_metadata`
 */
export function checkApiMetadata(metadata: ApiMetadata): void {
  const { serment_introspection, serment_api, serment_authority } = metadata
  const isRight = serment_introspection || serment_authority || serment_api !== undefined
  if (isRight && metadata.token_endpoint_auth_method === 'none') {
    throw new OAuthError(
      'invalid_client_metadata',
      'serment_introspection, serment_api and serment_authority need a client that authenticates (RFC 7662 section 2.1)',
    )
  }
}
