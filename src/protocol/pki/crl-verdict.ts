import type { Instant } from '../../kernel/instant.ts'
import type { Certificate } from './certificate.ts'
import type { ListRejection, ListScope, RevocationList } from './crl.ts'
import { sameName } from './distinguished-name.ts'
import { verifySigned } from './signature.ts'

/** Seconds by which clocks may differ. */
export const SKEW = 300

/**
 * Why this list is not one of this authority's for now, `undefined` when it is (RFC 5280 §6.3.3 (b), (f), (g)). That it
 * is newer than the one in hand is another question.
 */
export async function verifyRevocationList(
  list: RevocationList,
  authority: Certificate,
  now: Instant,
): Promise<ListRejection | undefined> {
  if (!sameName(list.issuer, authority.subject)) return 'other-issuer'
  const { authorityKeyId: key } = list
  // §5.2.1: the key identifier tells two keys of one name apart.
  if (key !== undefined && authority.subjectKeyId !== undefined && key !== authority.subjectKeyId)
    return 'other-issuer'
  // §6.3.3 (f): "If a key usage extension is present in the CRL issuer's certificate, verify that the cRLSign bit is set."
  if (authority.keyUsage !== undefined && !authority.keyUsage.has('cRLSign')) return 'not-a-list-signer'
  const finding = await verifySigned(list.signed, authority.publicKey)
  if (finding !== 'good') return finding === 'broken' ? 'broken-signature' : 'unsupported-algorithm'
  if (list.thisUpdate > now + SKEW) return 'not-yet-valid'
  return list.nextUpdate <= now ? 'out-of-date' : undefined
}

/** Whether a list of this scope says anything of this certificate (RFC 5280 §6.3.3 (b)(2)). */
export function speaksOf({ of, points }: ListScope, certificate: Certificate): boolean {
  if (of !== 'all' && certificate.isAuthority !== (of === 'authorities')) return false
  return points.length === 0 || certificate.crlDistributionPoints.some((point) => points.includes(point))
}
