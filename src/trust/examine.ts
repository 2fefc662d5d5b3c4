import type { Trail } from '../audit/trail.ts'
import type { Clock, Instant } from '../kernel/instant.ts'
import { type Certificate, readCertificate } from '../protocol/pki/certificate.ts'
import { sameBytes } from '../protocol/pki/der.ts'
import { sameName } from '../protocol/pki/distinguished-name.ts'
import { validatePath } from '../protocol/pki/path.ts'
import type { Authority, Purpose } from './authority.ts'
import { issuerKeyOf } from './entry.ts'
import type { KnownAuthority, Registry } from './registry.ts'
import type { Responders } from './responders.ts'
import { listFinding, type Revocations, type Standing } from './revocation.ts'
import type { Examination, Trust } from './trust.ts'

/** Whether a certificate of which nothing says that it is not revoked is accepted. */
export const REVOCATION_UNKNOWN = ['refuse', 'accept'] as const
export type RevocationUnknown = (typeof REVOCATION_UNKNOWN)[number]

export interface ExamineNeeds {
  readonly registry: Registry
  readonly revocations: Revocations
  readonly responders: Responders
  readonly clock: Clock
  readonly trail: Trail
  readonly revocationUnknown: RevocationUnknown
}

/** What the edge hands on of a certificate, and of those beside it; no card's is near it. */
const LARGEST_LEAF = 10 * 1024
const LARGEST_CHAIN = 16 * 1024
/** Leaf, two authorities and a root are what there is; one more for what there will be. */
const LONGEST_PATH = 5

/** A certificate of the path and who issued it, as the registry has them. */
interface Link {
  readonly certificate: Certificate
  readonly issuer: KnownAuthority
}

/** The registry, the paths and the lists, as one question. */
export function examiner(needs: ExamineNeeds): Trust {
  const { registry, clock } = needs
  return {
    async examine({ leaf, chain }, purpose) {
      const refused = (
        why: 'too-large' | 'unknown-authority' | 'wrong-usage' | 'wrong-policy',
        detail: string,
      ) => ({ refused: why, detail }) as const
      if (leaf.length > LARGEST_LEAF || chain.reduce((sum, { length }) => sum + length, 0) > LARGEST_CHAIN)
        return refused('too-large', `${leaf.length} bytes, ${chain.length} beside it`)

      const known = await registry.active()
      const now = clock()
      const found = await validatePath(
        {
          leaf,
          presented: chain.filter((der) => isOfAKnownKey(der, known)),
          anchors: known
            .filter(({ authority }) => authority.role === 'anchor')
            .map(({ authority }) => authority),
          intermediates: known.flatMap(({ authority: { role, der } }) => (role === 'anchor' ? [] : [der])),
        },
        { now, purpose, policies: policiesOf(leaf, known, purpose), longest: LONGEST_PATH },
      )
      if ('rejected' in found) return { refused: found.rejected, detail: found.detail }
      const links = await linksOf(found.path, known)
      const [first] = links ?? []
      // An authority that only the holder presented has no list here, and may be one that was retired.
      if (links === undefined || first === undefined)
        return refused('unknown-authority', 'an authority of the path is not in the registry')
      const { authority } = first.issuer
      if (!authority.purposes.includes(purpose))
        return refused('wrong-usage', `${authority.name} does not issue for a ${purpose}`)
      const { policies } = first.certificate
      if (authority.policies.length > 0 && !policies.some((policy) => authority.policies.includes(policy)))
        return refused('wrong-policy', `none of ${authority.name}’s policies`)
      return revocation(needs, links, now)
    },
  }
}

/**
 * Whether a presented certificate is of an authority of the registry, as one that was renewed is. Others could not be in
 * a path that counts, so strangers do not make us verify what they signed for each other.
 */
function isOfAKnownKey(der: Uint8Array, known: readonly KnownAuthority[]): boolean {
  const key = readCertificate(der)?.publicKey.der
  return key !== undefined && known.some(({ certificate }) => sameBytes(certificate.publicKey.der, key))
}

/** What a certificate of this issuer has to name; nothing when an issuer of that name asks for nothing. */
function policiesOf(
  leaf: Uint8Array,
  known: readonly KnownAuthority[],
  purpose: Purpose,
): readonly string[] | undefined {
  const issuer = readCertificate(leaf)?.issuer
  if (issuer === undefined) return undefined
  const candidates = known.filter(
    ({ authority, certificate }) =>
      authority.purposes.includes(purpose) && sameName(certificate.subject, issuer),
  )
  return candidates.length === 0 || candidates.some(({ authority }) => authority.policies.length === 0)
    ? undefined
    : candidates.flatMap(({ authority }) => authority.policies)
}

/** The path with its issuers out of the registry, found by name and key; `undefined` when one is not there. */
async function linksOf(
  path: readonly Certificate[],
  known: readonly KnownAuthority[],
): Promise<readonly Link[] | undefined> {
  const links: Link[] = []
  for (const [at, issuing] of path.slice(1).entries()) {
    const key = await issuerKeyOf(issuing)
    const issuer = known.find(
      ({ authority, certificate }) =>
        authority.issuerKey === key && sameName(certificate.subject, issuing.subject),
    )
    const certificate = path[at]
    if (issuer === undefined || certificate === undefined) return undefined
    links.push({ certificate, issuer })
  }
  return links
}

const tellsRevocations = ({ crlUrls, ocspUrl }: Authority): boolean =>
  crlUrls.length > 0 || ocspUrl !== undefined

/**
 * Nobody of the path is revoked (RFC 5280 §6.1.3 (a)(3)). An authority above whose issuer publishes nothing is vouched for
 * by standing in the registry, from which an operator can retire it; for the holder's own certificate that is unknown.
 */
async function revocation(needs: ExamineNeeds, links: readonly Link[], now: Instant): Promise<Examination> {
  const { revocations, trail, revocationUnknown } = needs
  const asked = links.filter(({ issuer }, at) => at === 0 || tellsRevocations(issuer.authority))
  const standings = await revocations.standing(
    asked.map(({ certificate, issuer }) => ({
      issuerKey: issuer.authority.issuerKey,
      serial: certificate.serial,
    })),
  )
  let said: 'ocsp' | 'crl' | 'unknown' | undefined
  for (const [at, link] of asked.entries()) {
    const found = await findingOf(needs, link, standings[at] ?? NO_LIST, at === 0, now)
    const { name } = link.issuer.authority
    // Which one, for whoever looks into it: its issuer knows whose it was.
    if ('revoked' in found)
      return { refused: 'revoked', detail: `${link.certificate.serial} by ${name}: ${found.revoked}` }
    if ('unknown' in found) {
      const detail = `by ${name}: ${found.unknown}`
      const done = revocationUnknown === 'refuse' ? 'refused' : 'accepted'
      trail.record({ at: now, kind: 'trust.revocation-unknown', detail: `${done}, ${detail}` })
      if (revocationUnknown === 'refuse') return { refused: 'revocation-unknown', detail }
      said = 'unknown'
    } else said ??= found.good
  }
  const [first] = links
  if (first === undefined) return { refused: 'unknown-authority', detail: 'no issuer' }
  const { id, range } = first.issuer.authority
  return {
    trusted: { certificate: first.certificate, range, authority: id, revocation: said ?? 'unknown' },
  }
}

const NO_LIST: Standing = { list: undefined, revoked: undefined }

/**
 * The list first, for what it says of revoked ones is in hand; then the responder, whose word is younger than the list's;
 * then the list's silence. For authorities the list's silence is enough: they are revoked once in ten years.
 */
async function findingOf(
  { responders }: ExamineNeeds,
  { certificate, issuer }: Link,
  standing: Standing,
  isLeaf: boolean,
  now: Instant,
): Promise<{ readonly good: 'ocsp' | 'crl' } | { readonly revoked: string } | { readonly unknown: string }> {
  const listed = listFinding(certificate, standing, now)
  if (listed.said === 'revoked') return { revoked: listed.detail }
  const { ocspUrl } = issuer.authority
  if (ocspUrl === undefined || (!isLeaf && listed.said === 'good'))
    return listed.said === 'good' ? { good: 'crl' } : { unknown: listed.detail }
  const answer = await responders.ask(ocspUrl, certificate, issuer.certificate)
  if (answer.said !== 'nothing')
    return answer.said === 'good' ? { good: 'ocsp' } : { revoked: 'its responder says so' }
  return listed.said === 'good'
    ? { good: 'crl' }
    : { unknown: `${listed.detail}; responder ${answer.detail}` }
}
