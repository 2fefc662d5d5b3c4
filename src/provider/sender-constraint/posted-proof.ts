import type { Instant } from '../../kernel/instant.ts'
import type { DpopProof } from '../../protocol/oauth/dpop.ts'
import { addressesOf, type Origins, type ProofNeeds, readProof } from './proof.ts'

/** A POST and its answer, as far as a proof is concerned. */
export interface PostedProof {
  readonly req: { readonly url: string; header(name: 'dpop'): string | undefined }
  header(name: 'DPoP-Nonce', value: string): void
}

/**
 * The DPoP proof of a POST to an endpoint of ours, not spent yet. Whoever uses one is told the nonce for the next
 * (RFC 9449 §8.2).
 * @throws OAuthError as `readProof`
 */
export async function postedProof(
  posted: PostedProof,
  needs: Pick<ProofNeeds, 'nonces'> & Origins,
  now: Instant,
): Promise<DpopProof | undefined> {
  const header = posted.req.header('dpop')
  if (header === undefined) return undefined
  posted.header('DPoP-Nonce', await needs.nonces.current(now))
  return readProof(needs, header, { method: 'POST', urls: addressesOf(needs, posted.req.url) }, now)
}
