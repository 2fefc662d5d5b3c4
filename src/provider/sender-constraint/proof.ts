import { after, type Instant } from '../../kernel/instant.ts'
import { type DpopProof, dpopProof, type ProvenRequest } from '../../protocol/oauth/dpop.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Replays } from '../client-authentication/replays.ts'
import { type DpopNonces, NONCE_LIFETIME } from './nonces.ts'

export interface ProofNeeds {
  readonly nonces: DpopNonces
  readonly replays: Replays
}

/** Where we can be reached. */
export interface Origins {
  readonly issuer: string
  /** The host that asks for client certificates, where there is one (RFC 8705 §5). */
  readonly mtlsOrigin?: string | undefined
}

/** The addresses that a request for this path may have been sent to: what `htu` may be. */
export const addressesOf = ({ issuer, mtlsOrigin }: Origins, url: string): readonly string[] => {
  const { pathname } = new URL(url)
  return [issuer, ...(mtlsOrigin === undefined ? [] : [mtlsOrigin])].map((origin) => origin + pathname)
}

/**
 * Reads the DPoP proof of a request (RFC 9449 §4.3), asking nobody. `undefined` when there is none. It is not spent
 * yet: see `spend`.
 * @param header the `DPoP` header field.
 * @throws OAuthError `invalid_dpop_proof`, or `use_dpop_nonce` for a good proof without a nonce of ours (§8): the
 * answer then carries one (`DPoP-Nonce`).
 */
export async function readProof(
  { nonces }: Pick<ProofNeeds, 'nonces'>,
  header: string | undefined,
  request: ProvenRequest,
  now: Instant,
): Promise<DpopProof | undefined> {
  if (header === undefined) return undefined
  const proof = await dpopProof(header, request, now)
  if ('rejected' in proof) {
    throw new OAuthError('invalid_dpop_proof', `the DPoP proof is not valid: ${proof.rejected}`)
  }
  if (proof.nonce === undefined || !(await nonces.accepts(proof.nonce, now))) {
    throw new OAuthError(
      'use_dpop_nonce',
      'put the value of DPoP-Nonce as nonce in the proof (RFC 9449 section 8)',
    )
  }
  return proof
}

/**
 * Takes a proof once (RFC 9449 §11.1): one call of one object. Asked last, so that only what holds is remembered, and
 * only until its nonce is too old.
 * @throws OAuthError `invalid_dpop_proof`
 */
export async function spend(
  { replays }: Pick<ProofNeeds, 'replays'>,
  proof: DpopProof | undefined,
  now: Instant,
): Promise<void> {
  if (proof === undefined) return
  if (await replays.first(`dpop ${proof.jkt} ${proof.jti}`, after(now, 2 * NONCE_LIFETIME))) return
  throw new OAuthError('invalid_dpop_proof', 'the DPoP proof was used before', 'dpop: replayed')
}
