import type { Instant } from '../../kernel/instant.ts'
import type { Certificate } from './certificate.ts'
import { sameName } from './distinguished-name.ts'
import { EXTENSION } from './extensions.ts'
import { refusedByPolicy } from './policies.ts'
import { isStrong } from './signature.ts'

export interface PathRules {
  readonly now: Instant
  /** Whose certificate it is to be. A person's never is a server's. */
  readonly purpose: 'person' | 'organisation'
  /** Policies of which the leaf must name one, dotted; left out, none is asked for. */
  readonly policies?: readonly string[] | undefined
  /** Certificates in the path, leaf and anchor included. */
  readonly longest: number
}

export type PathRejection =
  /** The leaf is no certificate that we read. */
  | 'unreadable'
  | 'too-long'
  /** No path to an anchor. */
  | 'unknown-authority'
  | 'broken-signature'
  | 'unsupported-algorithm'
  /** Of the leaf. */
  | 'not-yet-valid'
  | 'expired'
  /** An authority of the path is not valid now: nothing that the holder could mend. */
  | 'authority-out-of-time'
  /** An issuer that may not issue, or a leaf that is an authority. */
  | 'not-an-authority'
  | 'wrong-usage'
  | 'wrong-policy'
  | 'unknown-critical-extension'
  | 'name-constraint'

export interface RejectedPath {
  readonly rejected: PathRejection
  /** For the trail; nothing personal in it. */
  readonly detail: string
}

const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2'
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1'
const ANY_USAGE = '2.5.29.37.0'

/** RFC 5280 §4.2: an extension marked critical is understood, or the certificate is refused. These we hold to. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.basicConstraints,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.policyMappings,
  EXTENSION.policyConstraints,
  EXTENSION.extKeyUsage,
  EXTENSION.inhibitAnyPolicy,
])

/**
 * What is wrong with a path whose names and signatures hold (RFC 5280 §6.1.3–§6.1.5), `undefined` when nothing is.
 * Authorities first, from the anchor down: what a leaf says counts for nothing under one that may not speak.
 *
 * @param path Leaf first, anchor last.
 */
export function faultOf(path: readonly Certificate[], rules: PathRules): RejectedPath | undefined {
  const [leaf, ...authorities] = path
  if (leaf === undefined) return fault('unreadable', 'an empty path')
  for (const [at, authority] of [...authorities.entries()].toReversed()) {
    const below = authorities.slice(0, at)
    const found = faultOfAuthority(authority, below, at === authorities.length - 1, rules)
    if (found !== undefined) return found
  }
  const policy = refusedByPolicy(path.slice(0, -1).toReversed(), rules.policies)
  return (
    faultOfLeaf(leaf, rules) ??
    (policy === undefined ? faultOfTime(leaf, rules) : fault('wrong-policy', policy))
  )
}

function faultOfAuthority(
  authority: Certificate,
  below: readonly Certificate[],
  isAnchor: boolean,
  { now }: PathRules,
): RejectedPath | undefined {
  const which = isAnchor ? 'the anchor' : `authority ${below.length + 1} above the leaf`
  if (now < authority.notBefore || now > authority.notAfter)
    return fault('authority-out-of-time', `${which} is not valid now`)
  // RFC 5280 §6.1.4 (k).
  if (!authority.isAuthority) return fault('not-an-authority', `${which} is none by its basic constraints`)
  // §6.1.4 (n); §4.2.1.3 has every authority carry it. An old root that does not is trusted as it is.
  if (authority.keyUsage === undefined ? !isAnchor : !authority.keyUsage.has('keyCertSign'))
    return fault('not-an-authority', `${which} may not sign certificates`)
  // §6.1.4 (l), (m): certificates that are issued to their own issuer do not count.
  const issuedBelow = below.filter(({ subject, issuer }) => !sameName(subject, issuer)).length
  if (authority.pathLength !== undefined && issuedBelow > authority.pathLength)
    return fault('too-long', `${which} allows ${authority.pathLength} authorities below it`)
  // §4.2.1.12 speaks of leaves; as browsers do, an authority for other purposes issues nothing for this one.
  const usages = isAnchor ? undefined : authority.extendedKeyUsage
  if (usages !== undefined && !usages.includes(CLIENT_AUTH) && !usages.includes(ANY_USAGE))
    return fault('wrong-usage', `${which} does not issue for client authentication`)
  // §4.2.1.10: a constraint is processed or the certificate refused, and no authority of ours has any.
  if (authority.extensions.has(EXTENSION.nameConstraints))
    return fault('name-constraint', `${which} constrains names`)
  return faultOfCritical(authority, which)
}

function faultOfLeaf(leaf: Certificate, { purpose }: PathRules): RejectedPath | undefined {
  if (leaf.isAuthority) return fault('not-an-authority', 'the leaf is an authority itself')
  const { keyUsage, extendedKeyUsage: usages = [] } = leaf
  // §4.2.1.3: a key that signs a handshake signs. PSC §6: on a card this is marked critical.
  if (keyUsage === undefined || !keyUsage.has('digitalSignature') || keyUsage.has('keyCertSign'))
    return fault('wrong-usage', 'the key is not for signing a handshake')
  if (purpose === 'person' && leaf.extensions.get(EXTENSION.keyUsage)?.critical !== true)
    return fault('wrong-usage', 'the key usage is not critical')
  // §4.2.1.12. Any usage is not this usage.
  if (!usages.includes(CLIENT_AUTH)) return fault('wrong-usage', 'not for client authentication')
  if (purpose === 'person' && usages.includes(SERVER_AUTH))
    return fault('wrong-usage', 'the certificate of a server')
  if (leaf.extensions.has(EXTENSION.nameConstraints))
    return fault('name-constraint', 'the leaf constrains names')
  if (!isStrong(leaf.publicKey)) return fault('unsupported-algorithm', 'the key of the leaf')
  return faultOfCritical(leaf, 'the leaf')
}

/** §4.1.2.5: both ends belong to the time. */
function faultOfTime({ notBefore, notAfter }: Certificate, { now }: PathRules): RejectedPath | undefined {
  if (now < notBefore) return fault('not-yet-valid', 'the leaf is not valid yet')
  return now > notAfter ? fault('expired', 'the leaf has expired') : undefined
}

function faultOfCritical({ extensions }: Certificate, which: string): RejectedPath | undefined {
  const unknown = [...extensions].find(([oid, { critical }]) => critical && !UNDERSTOOD.has(oid))?.[0]
  return unknown === undefined
    ? undefined
    : fault('unknown-critical-extension', `${which} has the critical extension ${unknown}`)
}

const fault = (rejected: PathRejection, detail: string): RejectedPath => ({ rejected, detail })
