import type { JSONWebKeySet } from 'jose'
import { address } from '../../kernel/handle.ts'
import { ClientId, type ObjectName } from '../../kernel/identifiers.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { type EndSessionRequest, endSessionRequest } from '../../protocol/oidc/end-session.ts'
import { readIdTokenHint } from '../../protocol/oidc/id-token-hint.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'
import { type PostLogoutAddress, postLogoutAddress } from './post-logout-address.ts'

/** What a request comes down to, once all of it that can be checked was. */
export interface Asked {
  readonly request: EndSessionRequest
  /** The session that a valid hint names. */
  readonly hinted: ObjectName | undefined
  readonly clientId: ClientId | undefined
  readonly address: PostLogoutAddress | undefined
}

/**
 * A request to sign out, held to what we issued and registered (RP-Initiated Logout §2–§4). A hint that is not an ID
 * token of ours counts for nothing (§4); an expired one is good.
 * @returns `other-service` when the hint was issued to another client than `client_id` names (§2).
 * @throws OAuthError `invalid_request`
 */
export async function asked(
  sent: Parameters,
  relyingParties: Pick<RelyingParties, 'find'>,
  jwks: () => Promise<JSONWebKeySet>,
  issuer: string,
): Promise<Asked | 'other-service'> {
  const request = endSessionRequest(sent)
  const hint =
    request.idTokenHint === undefined
      ? undefined
      : await readIdTokenHint(request.idTokenHint, await jwks(), issuer)
  if (hint !== undefined && request.clientId !== undefined && !hint.audience.includes(request.clientId)) {
    return 'other-service'
  }
  const clientId = request.clientId ?? ClientId.safeParse(hint?.audience[0]).data
  const party = clientId === undefined ? undefined : await relyingParties.find(clientId)
  return {
    request,
    clientId: party?.clientId,
    hinted: hint?.sid === undefined ? undefined : address(hint.sid)?.object,
    // A suspended service may still say whose session ends; browsers are not sent to it any more.
    address:
      party?.status === 'active'
        ? postLogoutAddress(party, request.postLogoutRedirectUri, request.state)
        : undefined,
  }
}
