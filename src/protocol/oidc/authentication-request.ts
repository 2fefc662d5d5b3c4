import { dpopJkt } from '../oauth/dpop.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Parameters } from '../oauth/parameters.ts'
import { type CodeChallenge, codeChallenge } from '../oauth/pkce.ts'
import { type ResponseMode, responseMode } from '../oauth/response-mode.ts'
import { parseScope, type Scope } from '../oauth/scope.ts'
import { type Acr, parseAcrValues } from './acr.ts'
import { type ClaimsRequest, claimsRequest } from './claims-parameter.ts'
import { type Prompt, parseMaxAge, parsePrompt } from './prompt.ts'

/** An authentication request (OIDC Core §3.1.2.1), client and address apart. */
export interface AuthenticationRequest {
  readonly responseMode: ResponseMode
  readonly scopes: readonly Scope[]
  readonly codeChallenge: CodeChallenge | undefined
  /** Thumbprint of the key that alone may redeem the code (RFC 9449 §10). */
  readonly dpopJkt: string | undefined
  readonly nonce: string | undefined
  readonly prompt: readonly Prompt[]
  readonly maxAge: number | undefined
  readonly acrValues: readonly Acr[]
  readonly claims: ClaimsRequest
  readonly loginHint: string | undefined
  readonly uiLocales: string | undefined
  readonly idTokenHint: string | undefined
}

/**
 * Parses an authentication request: its parameters, wherever they stood. `display` is left aside, and so is everything
 * unknown (OIDC Core §3.1.2.1).
 * @throws OAuthError with the code of RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6 or RFC 7636 §4.4.1.
 */
export function authenticationRequest(sent: Parameters): AuthenticationRequest {
  // Ignoring it would answer another question (OIDC Core §3.1.2.6).
  if (sent.has('registration')) {
    throw new OAuthError('registration_not_supported', "parameter 'registration' is not supported")
  }
  const responseType = sent.get('response_type')
  if (responseType === undefined) throw new OAuthError('invalid_request', 'response_type is missing')
  if (responseType !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code')
  bounded(sent, 'state', 2048)
  const claims = claimsRequest(sent.get('claims'))
  const acrValues = parseAcrValues(bounded(sent, 'acr_values', 512))
  return {
    responseMode: responseMode(sent.get('response_mode')),
    scopes: openidScope(sent.get('scope')),
    codeChallenge: codeChallenge(sent.get('code_challenge'), sent.get('code_challenge_method')),
    dpopJkt: dpopJkt(sent.get('dpop_jkt')),
    nonce: bounded(sent, 'nonce', 512),
    prompt: parsePrompt(sent.get('prompt')),
    maxAge: parseMaxAge(sent.get('max_age')),
    // Where both say it, the one that can be essential counts (OIDC Core §5.5.1.1 leaves it open).
    acrValues: claims.acr?.values.length ? claims.acr.values : acrValues,
    claims,
    loginHint: bounded(sent, 'login_hint', 256),
    uiLocales: bounded(sent, 'ui_locales', 256),
    idTokenHint: sent.get('id_token_hint'),
  }
}

function openidScope(text: string | undefined): readonly Scope[] {
  const scopes = text === undefined ? [] : parseScope(text)
  if (!scopes.includes('openid')) {
    throw new OAuthError('invalid_scope', 'scope must have openid (OIDC Core section 3.1.2.1)')
  }
  return scopes
}

function bounded(sent: Parameters, name: string, most: number): string | undefined {
  const value = sent.get(name)
  if (value !== undefined && value.length > most) {
    throw new OAuthError('invalid_request', `parameter '${name}' is longer than ${most} characters`)
  }
  return value
}
