import { ClientId } from '../../kernel/identifiers.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Parameters } from '../oauth/parameters.ts'

/** A request to sign out (RP-Initiated Logout §2). The address is as sent: the registry decides whether it is one. */
export interface EndSessionRequest {
  readonly idTokenHint: string | undefined
  readonly logoutHint: string | undefined
  readonly clientId: ClientId | undefined
  readonly postLogoutRedirectUri: string | undefined
  readonly state: string | undefined
  readonly uiLocales: string | undefined
}

/** @throws OAuthError `invalid_request` for a `client_id` that none can have, or a `state` beyond 2048 characters. */
export function endSessionRequest(sent: Parameters): EndSessionRequest {
  const named = sent.get('client_id')
  const clientId = named === undefined ? undefined : ClientId.safeParse(named)
  if (clientId !== undefined && !clientId.success)
    throw new OAuthError('invalid_request', 'client_id is malformed')
  const state = sent.get('state')
  if (state !== undefined && state.length > 2048) throw new OAuthError('invalid_request', 'state is too long')
  return {
    idTokenHint: sent.get('id_token_hint'),
    logoutHint: sent.get('logout_hint'),
    clientId: clientId?.data,
    postLogoutRedirectUri: sent.get('post_logout_redirect_uri'),
    state,
    uiLocales: sent.get('ui_locales'),
  }
}
