import type { Instant } from '../kernel/instant.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'
import type { ListScope } from '../protocol/pki/crl.ts'
import { speaksOf } from '../protocol/pki/crl-verdict.ts'

/** What is kept of a certificate's issuer's list, and whether the certificate stands on it. */
export interface Standing {
  readonly list: { readonly nextUpdate: Instant; readonly scope: ListScope } | undefined
  readonly revoked: { readonly at: Instant; readonly reason: number | undefined } | undefined
}

/** A certificate as lists name it. */
export interface Listed {
  /** `Authority.issuerKey` of its issuer. */
  readonly issuerKey: string
  readonly serial: string
}

/** The lists in hand. */
export interface Revocations {
  /** How these stand, in this order: one query for all of them, whose cost does not grow with the lists. */
  standing(certificates: readonly Listed[]): Promise<readonly Standing[]>
}

/** What a list says of a certificate, in words of RFC 5280 §6.3.3. */
export type ListFinding =
  | { readonly said: 'good' }
  | { readonly said: 'revoked'; readonly detail: string }
  | { readonly said: 'unknown'; readonly detail: string }

/**
 * What the list in hand says. An entry counts even on a list that is out of date: nobody is unrevoked by their issuer's
 * silence. Its absence counts only on a list that speaks of this certificate and is still current (RFC 5280 §6.3.3).
 */
export function listFinding(
  certificate: Certificate,
  { list, revoked }: Standing,
  now: Instant,
): ListFinding {
  if (revoked !== undefined) {
    const reason = revoked.reason === undefined ? '' : `, reason ${revoked.reason}`
    return { said: 'revoked', detail: `listed since ${revoked.at}${reason}` }
  }
  if (list === undefined) return { said: 'unknown', detail: 'no list' }
  if (!speaksOf(list.scope, certificate)) return { said: 'unknown', detail: 'the list speaks of others' }
  if (list.nextUpdate <= now) return { said: 'unknown', detail: `the list ended at ${list.nextUpdate}` }
  return { said: 'good' }
}
