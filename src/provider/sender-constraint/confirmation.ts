import type { Confirmation } from '../../protocol/oauth/access-token.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { isBoundTo, type PresentedCertificate, writtenThumbprint } from '../../protocol/oauth/mutual-tls.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** What the sender of a request proved to hold. */
export interface Sender {
  /** Thumbprint of the key of its DPoP proof. */
  readonly jkt: string | undefined
  readonly certificate: PresentedCertificate | undefined
}

/** Who sent nothing of the kind. */
export const BEARER: Sender = { jkt: undefined, certificate: undefined }

/**
 * What the tokens of this request are bound to (RFC 9449 §6, RFC 8705 §3), `undefined` for bearer tokens. A proof
 * always binds; a certificate binds where the registration says so, or where a strict client has nothing else.
 * @param spokenFor the certificate says which structure's software the client is, so what is told of that is bound to it.
 * @throws OAuthError when the registration demands what was not shown: `invalid_dpop_proof` (RFC 9449 §5.2),
 * `invalid_request` (RFC 8705 §3.4; FAPI 2.0 Security Profile §5.3.2.1 for strict clients).
 */
export function confirmationFor(
  { metadata, profile }: Pick<RelyingParty, 'metadata' | 'profile'>,
  { jkt, certificate }: Sender,
  spokenFor = false,
): Confirmation | undefined {
  if (metadata.dpop_bound_access_tokens && jkt === undefined) {
    throw new OAuthError('invalid_dpop_proof', 'this client must send a DPoP proof (RFC 9449 section 5.2)')
  }
  const wantsCertificate = metadata.tls_client_certificate_bound_access_tokens
  if (wantsCertificate && certificate === undefined) {
    throw new OAuthError('invalid_request', 'this client must present its certificate (RFC 8705 section 3.4)')
  }
  if (profile === 'strict' && jkt === undefined && certificate === undefined) {
    throw new OAuthError(
      'invalid_request',
      'tokens of a strict client are bound: send a DPoP proof, or come over mutual TLS',
    )
  }
  const binds = wantsCertificate || spokenFor || (profile === 'strict' && jkt === undefined)
  const thumbprint = binds ? certificate?.thumbprint : undefined
  if (jkt === undefined && thumbprint === undefined) return undefined
  return {
    ...(jkt === undefined ? {} : { jkt }),
    ...(thumbprint === undefined
      ? {}
      : { 'x5t#S256': writtenThumbprint(thumbprint, metadata.serment_thumbprint_form) }),
  }
}

/**
 * What whoever refreshes must show again: a public client has no other way to say that the token is its own
 * (RFC 9449 §5, RFC 8705 §7.1). A confidential one authenticates, and may change its key.
 */
export function holderOf(
  { metadata }: Pick<RelyingParty, 'metadata'>,
  confirmation: Confirmation | undefined,
): string | undefined {
  if (metadata.token_endpoint_auth_method !== 'none' || confirmation === undefined) return undefined
  return [confirmation.jkt, confirmation['x5t#S256']].filter((one) => one !== undefined).join(' ')
}

/** RFC 6749 §7.1, RFC 9449 §5: how a token is to be presented. */
export const tokenType = (confirmation: Confirmation | undefined): 'Bearer' | 'DPoP' =>
  confirmation?.jkt === undefined ? 'Bearer' : 'DPoP'

/**
 * Holds a token to the keys of whoever presents it (RFC 9449 §7.1, §7.2; RFC 8705 §3).
 * @param scheme how it was presented.
 * @throws OAuthError `invalid_token`; `detail` says which.
 */
export function heldBy(
  confirmation: Confirmation | undefined,
  scheme: 'Bearer' | 'DPoP',
  { jkt, certificate }: Sender,
): void {
  const bound = confirmation?.jkt
  // RFC 9449 §7.2: a bound token presented as a bearer token is refused, or a thief would drop the proof.
  if (bound !== undefined && scheme === 'Bearer') throw notHeld('a DPoP token came as a bearer token')
  // RFC 9449 §7.1: the key of the proof must be the one that the token is bound to.
  if (scheme === 'DPoP' && bound === undefined) throw notHeld('a token without a key came with a proof')
  if (bound !== undefined && bound !== jkt) throw notHeld('the proof is of another key')
  const thumbprint = confirmation?.['x5t#S256']
  if (thumbprint === undefined) return
  if (certificate === undefined) throw notHeld('a certificate-bound token came without a certificate')
  if (!isBoundTo(thumbprint, certificate.thumbprint)) throw notHeld('another certificate')
}

const notHeld = (detail: string) =>
  new OAuthError('invalid_token', 'the access token is bound to a key that was not shown', detail)
