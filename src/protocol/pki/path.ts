import { type Certificate, readCertificate } from './certificate.ts'
import { sameBytes } from './der.ts'
import { nameKey } from './distinguished-name.ts'
import { faultOf, type PathRejection, type PathRules, type RejectedPath } from './path-rules.ts'
import { sameAlgorithm, verifySigned } from './signature.ts'

export type { PathRejection, PathRules, RejectedPath } from './path-rules.ts'

/** An authority trusted as it is: a self-signed root, or an intermediate pinned as one (RFC 5280 §6.1.1 (d)). */
export interface TrustAnchor {
  readonly id: string
  readonly der: Uint8Array
}

export interface PathInput {
  readonly leaf: Uint8Array
  /** As the holder sent them: in any order, and nothing about them is believed. */
  readonly presented: readonly Uint8Array[]
  readonly anchors: readonly TrustAnchor[]
  readonly intermediates: readonly Uint8Array[]
}

export interface ValidPath {
  /** Leaf first, up to and with the anchor. */
  readonly path: readonly Certificate[]
  readonly anchor: TrustAnchor
}

/** Far more than any real path asks for; a hostile bundle of authorities of one name would ask for more. */
const MOST_PRESENTED = 12
const MOST_STEPS = 64
const LONGEST = 10

interface Authority {
  readonly certificate: Certificate
  readonly anchor: TrustAnchor | undefined
}

/**
 * Whether this certificate leads to an anchor (RFC 5280 §6.1), by whichever of the possible paths does. Revocation is
 * not looked at here. Never throws; at most `MOST_STEPS` signatures are verified.
 */
export async function validatePath(input: PathInput, rules: PathRules): Promise<ValidPath | RejectedPath> {
  const leaf = readCertificate(input.leaf)
  if (leaf === undefined) return { rejected: 'unreadable', detail: 'the leaf is no certificate that we read' }
  const authorities = authoritiesOf(input)
  const longest = Math.min(rules.longest, LONGEST)
  const worst = new Worst(leaf)
  let steps = 0

  /** Goes up from the last of `path`, whose signatures hold so far. Bounded by `longest` and by the steps. */
  async function climb(path: readonly Certificate[], child: Certificate): Promise<ValidPath | undefined> {
    // RFC 5280 §6.1.3 (a) (4): name after name. And no certificate twice.
    for (const { certificate: issuer, anchor } of authorities.get(nameKey(child.issuer)) ?? []) {
      if (!sameKey(issuer, child) || path.includes(issuer)) continue
      const next = [...path, issuer]
      if (next.length > longest || (anchor === undefined && next.length === longest)) {
        worst.note(2, 'too-long', `more than ${longest} certificates`)
        continue
      }
      if (++steps > MOST_STEPS) {
        worst.note(2, 'too-long', 'too many authorities of one name')
        return undefined
      }
      const finding = await signedBy(child, issuer)
      if (finding !== undefined) {
        worst.note(1, finding, `a signature below authority ${path.length}`)
        continue
      }
      // Before going on: the holder of any good certificate could present it as an authority.
      if (!issuer.isAuthority) {
        worst.note(2, 'not-an-authority', `authority ${path.length} is none by its basic constraints`)
        continue
      }
      if (anchor === undefined) {
        const found = await climb(next, issuer)
        if (found !== undefined) return found
        continue
      }
      const fault = faultOf(next, { ...rules, longest })
      if (fault === undefined) return { path: next, anchor }
      worst.note(3, fault.rejected, fault.detail)
    }
    return undefined
  }

  return (await climb([leaf], leaf)) ?? worst.found
}

/** Of several paths that lead nowhere, the one that got furthest says why. */
class Worst {
  #reached = 0
  #found: RejectedPath

  constructor({ authorityKeyId }: Certificate) {
    const key = authorityKeyId === undefined ? 'without an identifier' : authorityKeyId.slice(0, 64)
    this.#found = { rejected: 'unknown-authority', detail: `no authority for the issuer’s key ${key}` }
  }

  get found(): RejectedPath {
    return this.#found
  }

  note(reached: number, rejected: PathRejection, detail: string): void {
    if (reached <= this.#reached) return
    this.#reached = reached
    this.#found = { rejected, detail }
  }
}

/** Who might have issued, by name: anchors first, then those that we know, then those that were presented. */
function authoritiesOf({
  leaf,
  presented,
  anchors,
  intermediates,
}: PathInput): ReadonlyMap<string, Authority[]> {
  const found = new Map<string, Authority[]>()
  const add = (der: Uint8Array, anchor: TrustAnchor | undefined) => {
    const certificate = readCertificate(der)
    // An empty name names nobody, and nobody vouches for themselves.
    if (certificate === undefined || certificate.subject.length === 0 || sameBytes(der, leaf)) return
    const key = nameKey(certificate.subject)
    const known = found.get(key)
    if (known === undefined) found.set(key, [{ certificate, anchor }])
    else if (!known.some((one) => sameBytes(one.certificate.der, der))) known.push({ certificate, anchor })
  }
  for (const anchor of anchors) add(anchor.der, anchor)
  for (const der of [...intermediates, ...presented.slice(0, MOST_PRESENTED)]) add(der, undefined)
  return found
}

/** RFC 5280 §4.2.1.1: the identifiers of the key, where both say them. */
const sameKey = ({ subjectKeyId }: Certificate, { authorityKeyId }: Certificate): boolean =>
  subjectKeyId === undefined || authorityKeyId === undefined || subjectKeyId === authorityKeyId

/** RFC 5280 §6.1.3 (a) (1), §4.1.1.2. */
async function signedBy(
  { signed }: Certificate,
  { publicKey }: Certificate,
): Promise<'broken-signature' | 'unsupported-algorithm' | undefined> {
  if (!sameAlgorithm(signed)) return 'broken-signature'
  const finding = await verifySigned(signed, publicKey)
  if (finding === 'good') return undefined
  return finding === 'broken' ? 'broken-signature' : 'unsupported-algorithm'
}
