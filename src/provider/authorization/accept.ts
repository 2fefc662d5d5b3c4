import * as z from 'zod'
import { ClientId } from '../../kernel/identifiers.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import type { ReturnAddress } from '../../protocol/oauth/return-address.ts'
import { parseScope, scopeText } from '../../protocol/oauth/scope.ts'
import { ACR_VALUES } from '../../protocol/oidc/acr.ts'
import { authenticationRequest } from '../../protocol/oidc/authentication-request.ts'
import { PROMPTS } from '../../protocol/oidc/prompt.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/**
 * A request held to its relying party's registration. It travels as JSON with the login and is all that is needed
 * to answer afterwards, but for the registration itself, which is asked for again then.
 */
export const AcceptedRequest = z.object({
  clientId: ClientId,
  redirectUri: z.string(),
  state: z.string().optional(),
  scope: z.string(),
  codeChallenge: z.string().optional(),
  nonce: z.string().optional(),
  prompt: z.array(z.enum(PROMPTS)).readonly(),
  maxAge: z.number().optional(),
  acrValues: z.array(z.enum(ACR_VALUES)).readonly(),
  loginHint: z.string().optional(),
  uiLocales: z.string().optional(),
  /** `sub` of the `id_token_hint`: only this person may answer (OIDC Core §3.1.2.1). */
  hintedSubject: z.string().optional(),
})
export type AcceptedRequest = z.infer<typeof AcceptedRequest>

/** Reads an `id_token_hint` for this client: its `sub`, or `undefined` when it is none of ours for it. */
export type ReadHint = (hint: string, clientId: ClientId) => Promise<string | undefined>

/**
 * Accepts an authentication request that has somewhere to be answered.
 * @throws OAuthError to be redirected to the address: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6, RFC 7636 §4.4.1.
 */
export async function accept(
  sent: Parameters,
  party: RelyingParty,
  address: ReturnAddress,
  readHint: ReadHint,
): Promise<AcceptedRequest> {
  const asked = authenticationRequest(sent)
  // RFC 9700 §2.1.1: public clients MUST use PKCE. Pro Santé Connect's confidential ones may still come without.
  const mustProve = party.profile === 'strict' || party.metadata.token_endpoint_auth_method === 'none'
  if (mustProve && asked.codeChallenge === undefined) {
    throw new OAuthError(
      'invalid_request',
      'code_challenge is required of this client (RFC 7636 section 4.4.1)',
    )
  }
  const hintedSubject =
    asked.idTokenHint === undefined ? undefined : await readHint(asked.idTokenHint, party.clientId)
  if (asked.idTokenHint !== undefined && hintedSubject === undefined) {
    throw new OAuthError('invalid_request', 'id_token_hint is not an ID token that we issued to this client')
  }
  return {
    clientId: party.clientId,
    redirectUri: address.redirectUri,
    state: address.state,
    scope: scopeText(asked.scopes.filter(registered(party))),
    codeChallenge: asked.codeChallenge,
    nonce: asked.nonce,
    prompt: asked.prompt,
    maxAge: asked.maxAge ?? party.metadata.default_max_age,
    acrValues: asked.acrValues,
    loginHint: asked.loginHint,
    uiLocales: asked.uiLocales,
    hintedSubject,
  }
}

/** RFC 7591 §2, `scope`: what this client may ask, when its registration says so. `openid` always. */
function registered(party: RelyingParty): (scope: string) => boolean {
  if (party.metadata.scope === undefined) return () => true
  const allowed: readonly string[] = ['openid', ...parseScope(party.metadata.scope)]
  return (scope) => allowed.includes(scope)
}
