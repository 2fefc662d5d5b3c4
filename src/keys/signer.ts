import type { JSONWebKeySet, JWTPayload } from 'jose'

/** Signature algorithms that we hold keys for. */
export const SIGNING_ALGORITHMS = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const
export type SigningAlgorithm = (typeof SIGNING_ALGORITHMS)[number]

/** Signs with the active key of the ring. Costs no Durable Object call once an isolate is warm. */
export interface Signer {
  /** A compact JWS with `kid`, `alg` and `typ` headers. */
  sign(claims: JWTPayload, options: { typ: string; alg: SigningAlgorithm }): Promise<string>
  /** Public keys: announced, active and retired ones (RFC 7517). */
  jwks(): Promise<JSONWebKeySet>
}
