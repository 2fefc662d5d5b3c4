import { returning } from './answer.ts'

/**
 * Where a form of the mire may end once the provider has answered, for `form-action` (CSP3 §6.4.2).
 */
export const returnTargets = (returnTo: string): readonly string[] => [
  formTarget(returning(returnTo).request.redirectUri),
]

/**
 * A redirect URI as CSP names it: its origin, or its scheme where there is no origin (`org.example.app:`) or CSP cannot
 * write it (IPv6).
 */
export function formTarget(redirectUri: string): string {
  const { origin, protocol, hostname } = new URL(redirectUri)
  return origin === 'null' || hostname.startsWith('[') ? protocol : origin
}
