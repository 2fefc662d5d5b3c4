import * as z from 'zod'
import { ClientId } from '../../kernel/identifiers.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { isForm, takesForms } from '../../protocol/oauth/response-mode.ts'
import type { ReturnAddress } from '../../protocol/oauth/return-address.ts'
import { registeredScopes, SCOPES, scopeText } from '../../protocol/oauth/scope.ts'
import { ACR_VALUES } from '../../protocol/oidc/acr.ts'
import { authenticationRequest } from '../../protocol/oidc/authentication-request.ts'
import { PROMPTS } from '../../protocol/oidc/prompt.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { claimsWithin } from '../claims/requested.ts'

/**
 * A request held to its relying party's registration. It travels as JSON with the login and is all that is needed
 * to answer afterwards, but for the registration itself, which is asked for again then.
 */
export const AcceptedRequest = z.object({
  clientId: ClientId,
  redirectUri: z.string(),
  state: z.string().optional(),
  /** How the answer travels; the query when it is not said. */
  responseMode: z.enum(['query', 'form_post', 'query.jwt', 'form_post.jwt']).optional(),
  scope: z.string(),
  /** The scope that the person is told of: the one granted, and those of claims asked for by name. */
  disclosed: z.string().optional(),
  /** Claims asked for by name that the registration allows (OIDC Core §5.5). */
  claims: z
    .object({ userinfo: z.array(z.string()).readonly(), idToken: z.array(z.string()).readonly() })
    .optional(),
  codeChallenge: z.string().optional(),
  /** Thumbprint of the key that alone may redeem the code (RFC 9449 §10). */
  dpopJkt: z.string().optional(),
  nonce: z.string().optional(),
  prompt: z.array(z.enum(PROMPTS)).readonly(),
  maxAge: z.number().optional(),
  acrValues: z.array(z.enum(ACR_VALUES)).readonly(),
  /** Whether one of `acrValues` must be reached (OIDC Core §5.5.1.1). */
  acrEssential: z.boolean().optional(),
  loginHint: z.string().optional(),
  uiLocales: z.string().optional(),
  /** `sub` of the `id_token_hint` or of `claims`: only this person may answer (OIDC Core §3.1.2.1, §5.5.1). */
  hintedSubject: z.string().optional(),
})
export type AcceptedRequest = z.infer<typeof AcceptedRequest>

/** Reads an `id_token_hint` for this client: its `sub`, or `undefined` when it is none of ours for it. */
export type ReadHint = (hint: string, clientId: ClientId) => Promise<string | undefined>

/** How a request came, for a registration that demands it. */
export interface Came {
  /** Pushed by the authenticated client (RFC 9126). */
  readonly pushed: boolean
  /** In a request object that the client signed (RFC 9101). */
  readonly signed: boolean
}

/**
 * Accepts an authentication request that has somewhere to be answered.
 * @throws OAuthError to be redirected to the address: RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6, RFC 7636 §4.4.1,
 * RFC 9126 §5, RFC 9101 §10.5.
 */
export async function accept(
  sent: Parameters,
  party: RelyingParty,
  address: ReturnAddress,
  readHint: ReadHint,
  came: Came = { pushed: false, signed: false },
): Promise<AcceptedRequest> {
  const { metadata } = party
  // FAPI 2.0 Security Profile §5.3.2.2: a strict client pushes, whatever its registration says.
  const mustPush = party.profile === 'strict' || metadata.require_pushed_authorization_requests
  if (mustPush && !came.pushed) {
    throw new OAuthError('invalid_request', 'this client must push its requests (RFC 9126 section 5)')
  }
  if (metadata.require_signed_request_object && !came.signed) {
    throw new OAuthError('invalid_request', 'this client must sign its requests (RFC 9101 section 10.5)')
  }
  if (!metadata.grant_types.includes('authorization_code')) {
    throw new OAuthError('unauthorized_client', 'the client is not registered for authorization_code')
  }
  const asked = authenticationRequest(sent)
  // RFC 9700 §2.1.1: public clients MUST use PKCE. Pro Santé Connect's confidential ones may still come without.
  const mustProve = party.profile === 'strict' || metadata.token_endpoint_auth_method === 'none'
  if (mustProve && asked.codeChallenge === undefined) {
    throw new OAuthError(
      'invalid_request',
      'code_challenge is required of this client (RFC 7636 section 4.4.1)',
    )
  }
  if (isForm(asked.responseMode) && !takesForms(address.redirectUri)) {
    throw new OAuthError('invalid_request', 'response_mode form_post needs an http(s) redirect URI')
  }
  const allowed = registeredScopes(metadata.scope)
  const scopes = asked.scopes.filter((scope) => allowed.includes(scope))
  const userinfo = claimsWithin(asked.claims.userinfo, allowed)
  const idToken = claimsWithin(asked.claims.idToken, allowed)
  const told = [...scopes, ...userinfo.disclosed, ...idToken.disclosed]
  return {
    clientId: party.clientId,
    redirectUri: address.redirectUri,
    state: address.state,
    responseMode: asked.responseMode,
    scope: scopeText(scopes),
    disclosed: scopeText(SCOPES.filter((scope) => told.includes(scope))),
    claims: { userinfo: userinfo.names, idToken: idToken.names },
    codeChallenge: asked.codeChallenge,
    dpopJkt: asked.dpopJkt,
    nonce: asked.nonce,
    prompt: asked.prompt,
    maxAge: asked.maxAge ?? metadata.default_max_age,
    acrValues: asked.acrValues,
    acrEssential: asked.claims.acr?.essential,
    loginHint: asked.loginHint,
    uiLocales: asked.uiLocales,
    hintedSubject: await hintedSubject(asked, party, readHint),
  }
}

/** The one person who may answer, if the request names one. */
async function hintedSubject(
  { idTokenHint: hint, claims: { subject } }: ReturnType<typeof authenticationRequest>,
  party: RelyingParty,
  readHint: ReadHint,
): Promise<string | undefined> {
  if (hint === undefined) return subject
  const hinted = await readHint(hint, party.clientId)
  if (hinted === undefined) {
    throw new OAuthError('invalid_request', 'id_token_hint is not an ID token that we issued to this client')
  }
  if (subject !== undefined && subject !== hinted) {
    throw new OAuthError('invalid_request', 'id_token_hint and claims name different people')
  }
  return hinted
}

/** What the person must have been told of for this request to be answered. */
export const disclosedScope = (request: AcceptedRequest): string => request.disclosed ?? request.scope
