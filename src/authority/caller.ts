import { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Signer } from '../keys/signer.ts'
import { presentedToken } from '../protocol/oauth/bearer.ts'
import { dpopToken } from '../protocol/oauth/dpop.ts'
import { OAuthError } from '../protocol/oauth/errors.ts'
import type { PresentedCertificate } from '../protocol/oauth/mutual-tls.ts'
import { heldBy } from '../provider/sender-constraint/confirmation.ts'
import {
  addressesOf,
  type Origins,
  type ProofNeeds,
  readProof,
  spend,
} from '../provider/sender-constraint/proof.ts'
import { verifyAccessToken } from '../provider/tokens/verify.ts'
import type { RelyingParties } from '../relying-parties/relying-party.ts'

/** The scope that an authority asks for, by `client_credentials`. */
export const AUTHORITY_SCOPE = 'authority'

export interface CallerNeeds extends ProofNeeds, Origins {
  readonly signer: Pick<Signer, 'jwks'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
}

/** A request for the authorities' API, without what HTTP is made of. */
export interface Call {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly proof: string | undefined
  readonly certificate: PresentedCertificate | undefined
}

/**
 * Which authority calls: a client with the right `serment_authority`, by an access token of its own (RFC 6749 §4.4,
 * RFC 9068 §4) that is bound to its key or certificate. A token that anybody could carry away changes nobody's rights.
 * @throws OAuthError `invalid_token`, `insufficient_scope`, `invalid_dpop_proof`, `use_dpop_nonce`; `undefined` when
 * nothing was presented (RFC 6750 §3.1).
 */
export async function authorityOf(
  needs: CallerNeeds,
  call: Call,
  now: Instant,
): Promise<ClientId | undefined> {
  const bound = dpopToken(call.authorization)
  const token = bound ?? presentedToken(call.authorization, undefined)
  if (token === undefined) return undefined
  const urls = addressesOf(needs, call.url)
  const proof =
    bound === undefined
      ? undefined
      : await readProof(needs, call.proof, { method: call.method, urls, accessToken: bound }, now)
  if (bound !== undefined && proof === undefined)
    throw new OAuthError('invalid_dpop_proof', 'the DPoP proof is missing')

  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, now)
  if ('rejected' in verified) throw invalid(verified.rejected)
  const { client_id, sub, scope, cnf } = verified.claims
  heldBy(cnf, bound === undefined ? 'Bearer' : 'DPoP', { jkt: proof?.jkt, certificate: call.certificate })
  if (cnf === undefined) throw invalid('a token of an authority must be bound')
  await spend(needs, proof, now)
  // RFC 9068 §2.2: no person is behind it; a professional's token does not become an authority's.
  if (sub !== client_id || !scope.split(' ').includes(AUTHORITY_SCOPE)) throw insufficient()
  const party = await needs.relyingParties.find(ClientId.parse(client_id))
  if (party?.status !== 'active' || party.metadata.serment_authority !== true) throw insufficient()
  return party.clientId
}

const invalid = (detail: string) =>
  new OAuthError('invalid_token', 'the access token is not good here', detail)
const insufficient = () =>
  new OAuthError('insufficient_scope', `this takes the scope ${AUTHORITY_SCOPE} and the right to use it`)
