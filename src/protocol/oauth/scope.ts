import { OAuthError } from './errors.ts'

/**
 * The scopes that mean something here. `scope_all` is Pro Santé Connect's "everything"; the finer ones let a service
 * ask for less; `offline_access` is understood and adds nothing (a session never outlives four hours).
 */
export const SCOPES = [
  'openid',
  'scope_all',
  'identity',
  'profession',
  'activities',
  'contact',
  'profile',
  'offline_access',
] as const
export type Scope = (typeof SCOPES)[number]

const TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/
const known: ReadonlySet<string> = new Set(SCOPES)
const isKnown = (token: string): token is Scope => known.has(token)

/**
 * The known scopes of a `scope` value, each once, in the order of the table above, so that two ways of writing the
 * same request are the same text. Unknown ones are left out (RFC 6749 §3.3 lets the server narrow; the token response
 * says what was granted).
 * @throws OAuthError `invalid_scope` when it is malformed (RFC 6749 §3.3).
 */
export function parseScope(text: string): readonly Scope[] {
  const tokens = text.split(' ')
  if (text.length > 1000 || tokens.some((token) => !TOKEN.test(token))) {
    throw new OAuthError('invalid_scope', 'scope must be words separated by one space (RFC 6749 section 3.3)')
  }
  const asked = new Set(tokens.filter(isKnown))
  return SCOPES.filter((scope) => asked.has(scope))
}

/** The scopes that a registration allows (RFC 7591 §2, `scope`): `openid` always, all of them when it says nothing. */
export const registeredScopes = (registered: string | undefined): readonly Scope[] =>
  registered === undefined ? SCOPES : parseScope(`openid ${registered}`.trim())

/** The scope as the wire writes it. */
export const scopeText = (scopes: readonly Scope[]): string => scopes.join(' ')

/** Whether a granted scope text has this scope. */
export const hasScope = (granted: string, scope: Scope): boolean => granted.split(' ').includes(scope)
