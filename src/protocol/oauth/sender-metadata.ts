import * as z from 'zod'
import { OAuthError } from './errors.ts'
import { CERTIFICATE_NAMES, readableNames, THUMBPRINT_FORMS } from './mutual-tls.ts'

/** A name in a certificate: visible ASCII but for the distinguished name, which may hold anything. */
const visible = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()

/** What a client registers of its keys: by which certificate it is known, and whether its tokens are bound. */
export const SENDER_MEMBERS = {
  /** RFC 8705 §2.1.2: exactly one of these five goes with `tls_client_auth`. */
  tls_client_auth_subject_dn: z.string().min(1).max(1024).optional(),
  tls_client_auth_san_dns: visible,
  tls_client_auth_san_uri: visible,
  tls_client_auth_san_ip: visible,
  tls_client_auth_san_email: visible,
  /** RFC 8705 §3.4. */
  tls_client_certificate_bound_access_tokens: z.boolean().default(false),
  /** RFC 9449 §5.2. */
  dpop_bound_access_tokens: z.boolean().default(false),
  /** Our own: how `x5t#S256` is written in this client's tokens. */
  serment_thumbprint_form: z.enum(THUMBPRINT_FORMS).default('rfc8705'),
}

type SenderMetadata = z.infer<z.ZodObject<typeof SENDER_MEMBERS>> & {
  readonly token_endpoint_auth_method: string
  readonly jwks?: { readonly keys: readonly Readonly<Record<string, unknown>>[] } | undefined
  readonly jwks_uri?: string | undefined
}

/**
 * Holds the members to RFC 8705 §2.1.2, §2.2.2.
 * @throws OAuthError `invalid_client_metadata` (RFC 7591 §3.2.2)
 */
export function checkSenderMetadata(metadata: SenderMetadata): void {
  const method = metadata.token_endpoint_auth_method
  const named = CERTIFICATE_NAMES.filter((name) => metadata[name] !== undefined)
  if (method === 'tls_client_auth' ? named.length !== 1 : named.length > 0) {
    throw invalid('tls_client_auth goes with exactly one tls_client_auth_ member (RFC 8705 section 2.1.2)')
  }
  if (!readableNames(metadata)) {
    throw invalid(`${named[0]} cannot be read (RFC 4514; RFC 8705 section 2.1.2)`)
  }
  if (method === 'self_signed_tls_client_auth' && metadata.jwks_uri === undefined) {
    const certificates = metadata.jwks?.keys.filter((key) => 'x5c' in key || 'x5t#S256' in key) ?? []
    if (certificates.length === 0) {
      throw invalid(
        'self_signed_tls_client_auth needs certificates in jwks, as x5c or x5t#S256 (RFC 8705 section 2.2.2)',
      )
    }
  }
}

const invalid = (why: string) => new OAuthError('invalid_client_metadata', why)
