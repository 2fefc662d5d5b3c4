import { returning } from './answer.ts'

/**
 * Where a form of the mire may end once the provider has answered: the service's redirect URI, and nowhere else but here
 * for a login that leads to no service.
 */
export function returnTargets(returnTo: string): readonly string[] {
  const kept = returning(returnTo)
  return kept === undefined ? [] : [kept.request.redirectUri]
}
