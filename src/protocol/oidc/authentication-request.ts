import { responseMode } from '../oauth/authorization-response.ts'
import { OAuthError } from '../oauth/errors.ts'
import type { Parameters } from '../oauth/parameters.ts'
import { type CodeChallenge, codeChallenge } from '../oauth/pkce.ts'
import { parseScope, type Scope } from '../oauth/scope.ts'
import { type Acr, parseAcrValues } from './acr.ts'
import { type Prompt, parseMaxAge, parsePrompt } from './prompt.ts'

/** An authentication request (OIDC Core §3.1.2.1), client and address apart. */
export interface AuthenticationRequest {
  readonly scopes: readonly Scope[]
  readonly codeChallenge: CodeChallenge | undefined
  readonly nonce: string | undefined
  readonly prompt: readonly Prompt[]
  readonly maxAge: number | undefined
  readonly acrValues: readonly Acr[]
  readonly loginHint: string | undefined
  readonly uiLocales: string | undefined
  readonly idTokenHint: string | undefined
}

/** Parameters that would change what is asked: ignoring them would answer another question (OIDC Core §3.1.2.6). */
const NOT_SUPPORTED = {
  request: 'request_not_supported',
  request_uri: 'request_uri_not_supported',
  registration: 'registration_not_supported',
} as const

/**
 * Parses an authentication request. `claims` is left aside as OIDC Core §5.5 has it for a provider without it;
 * so are `display` and everything unknown (§3.1.2.1).
 * @throws OAuthError with the code of RFC 6749 §4.1.2.1, OIDC Core §3.1.2.6 or RFC 7636 §4.4.1.
 */
export function authenticationRequest(sent: Parameters): AuthenticationRequest {
  for (const [name, code] of Object.entries(NOT_SUPPORTED)) {
    if (sent.has(name)) throw new OAuthError(code, `parameter '${name}' is not supported`)
  }
  const responseType = sent.get('response_type')
  if (responseType === undefined) throw new OAuthError('invalid_request', 'response_type is missing')
  if (responseType !== 'code') throw new OAuthError('unsupported_response_type', 'response_type must be code')
  responseMode(sent.get('response_mode'))

  bounded(sent, 'state', 2048)
  return {
    scopes: openidScope(sent.get('scope')),
    codeChallenge: codeChallenge(sent.get('code_challenge'), sent.get('code_challenge_method')),
    nonce: bounded(sent, 'nonce', 512),
    prompt: parsePrompt(sent.get('prompt')),
    maxAge: parseMaxAge(sent.get('max_age')),
    acrValues: parseAcrValues(bounded(sent, 'acr_values', 512)),
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
