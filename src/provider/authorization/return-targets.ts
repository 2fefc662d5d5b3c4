import { returning } from './answer.ts'

/**
 * Where a form of the mire may end once the provider has answered, for `form-action` (CSP3 §6.4.2): the origin of the
 * service's redirect URI, or its scheme where there is no origin (`org.example.app:`) or CSP cannot write it (IPv6).
 */
export function returnTargets(returnTo: string): readonly string[] {
  const { origin, protocol, hostname } = new URL(returning(returnTo).request.redirectUri)
  return [origin === 'null' || hostname.startsWith('[') ? protocol : origin]
}
