import { base64url, type JWTPayload } from 'jose'
import type { Instant } from '../../kernel/instant.ts'

/** What an ID token states (OIDC Core §2). Lifetimes in seconds. */
export interface IdToken {
  readonly issuer: string
  readonly clientId: string
  readonly subject: string
  readonly issuedAt: Instant
  readonly lifetime: number
  readonly authTime: Instant
  readonly nonce: string | undefined
  readonly acr: string
  readonly amr: readonly string[]
  readonly sid: string
  /** The access token issued with it: `at_hash` binds the two. */
  readonly accessToken: string
  /** JWS `alg` that will sign it: it chooses the hash of `at_hash`. */
  readonly alg: string
  /** Claims about the person. None of them can replace one of the protocol's. */
  readonly claims?: Readonly<Record<string, unknown>>
}

/** The claims of an ID token (OIDC Core §2, §3.1.3.6; `sid`: Back-Channel Logout §2.1). */
export async function idTokenClaims(token: IdToken): Promise<JWTPayload> {
  return {
    ...token.claims,
    iss: token.issuer,
    sub: token.subject,
    aud: token.clientId,
    azp: token.clientId,
    iat: token.issuedAt,
    exp: token.issuedAt + token.lifetime,
    auth_time: token.authTime,
    ...(token.nonce === undefined ? {} : { nonce: token.nonce }),
    acr: token.acr,
    amr: [...token.amr],
    sid: token.sid,
    at_hash: await tokenHash(token.accessToken, token.alg),
  }
}

/**
 * `at_hash` and `c_hash`: base64url of the left half of the hash of the ASCII text, the hash being that of `alg`
 * (OIDC Core §3.1.3.6). Ed25519 hashes with SHA-512 (RFC 8032 §5.1).
 * @throws TypeError for an algorithm whose hash is not known here.
 */
export async function tokenHash(token: string, alg: string): Promise<string> {
  const hash = alg === 'EdDSA' || alg === 'Ed25519' ? 'SHA-512' : HASHES[alg.slice(-3)]
  if (hash === undefined) throw new TypeError(`no hash known for ${alg}`)
  const full = new Uint8Array(await crypto.subtle.digest(hash, new TextEncoder().encode(token)))
  return base64url.encode(full.slice(0, full.length / 2))
}

const HASHES: Readonly<Record<string, string>> = { '256': 'SHA-256', '384': 'SHA-384', '512': 'SHA-512' }
