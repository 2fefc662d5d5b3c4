import type { Authentication } from '../../mire/authentication.ts'
import { SCOPES, type Scope, scopeText } from '../../protocol/oauth/scope.ts'
import { CLAIM_NAMES, RELEASED, userinfo } from './release.ts'

/** Told to everybody by the scope `openid`: asking for them by name adds nothing. */
const ALWAYS: readonly string[] = ['SubjectNameID', 'preferred_username', 'authMode']

/** The parts of `SubjectRefPro`: whoever may have none of them may not have it at all. */
const REF_PRO: readonly Scope[] = ['profession', 'activities', 'contact']

/** From the least to the most that a scope tells: a claim is disclosed to the person under the first that has it. */
const LEAST_FIRST = ['profile', 'identity', 'profession', 'activities'] as const

/**
 * The scopes under which a person is told of this claim, `undefined` when none that is allowed gives it. `scope_all`
 * gives everything.
 */
function scopesOf(name: string, allowed: readonly Scope[]): readonly Scope[] | undefined {
  const all = allowed.includes('scope_all')
  if (name === 'SubjectRefPro') {
    const parts = all ? REF_PRO : REF_PRO.filter((scope) => allowed.includes(scope))
    return parts.length === 0 ? undefined : parts
  }
  const giving = LEAST_FIRST.filter((scope) => RELEASED[scope].some((member) => member === name))
  const first = giving.find((scope) => all || allowed.includes(scope))
  if (first !== undefined) return [first]
  return all && CLAIM_NAMES.includes(name) ? ['scope_all'] : undefined
}

/** Claims that a service asked for by name and may have, and the scopes under which the person is told so. */
export interface NamedWithin {
  readonly names: readonly string[]
  readonly disclosed: readonly Scope[]
}

/** Those of these claims that scopes of the registration give (OIDC Core §5.5: what is not given is left out). */
export function claimsWithin(names: readonly string[], allowed: readonly Scope[]): NamedWithin {
  const found = names.flatMap((name) => {
    const scopes = ALWAYS.includes(name) ? undefined : scopesOf(name, allowed)
    return scopes === undefined ? [] : [{ name, scopes }]
  })
  const disclosed = new Set(found.flatMap(({ scopes }) => scopes))
  return {
    names: found.map(({ name }) => name),
    disclosed: SCOPES.filter((scope) => disclosed.has(scope)),
  }
}

/** The values of claims asked for by name, as far as scopes of the registration give them at this moment. */
export function namedClaims(
  authentication: Authentication,
  names: readonly string[] | undefined,
  allowed: readonly Scope[],
): Record<string, unknown> {
  if (names === undefined || names.length === 0) return {}
  const all = userinfo(authentication, scopeText(allowed), '')
  return Object.fromEntries(
    names.flatMap((name) => (CLAIM_NAMES.includes(name) && name in all ? [[name, all[name]]] : [])),
  )
}
