import type { Certificate } from './certificate.ts'
import { elements, inside, smallInteger, TAG } from './der.ts'
import { sameName } from './distinguished-name.ts'
import { EXTENSION, type Extension } from './extensions.ts'

const ANY_POLICY = '2.5.29.32.0'

/**
 * Why this path does not carry one of the policies asked for, `undefined` when it does (RFC 5280 §6.1.3 (d)–(f),
 * §6.1.4 (h)–(j), §6.1.5 (a), (b), (g)). Mappings are not followed, so the tree of policies is one set.
 *
 * @param path From below the anchor down to the leaf.
 */
export function refusedByPolicy(
  path: readonly Certificate[],
  accepted: readonly string[] | undefined,
): string | undefined {
  const end = path.length
  // §6.1.2 (d), (e): asking for policies is asking for explicit ones.
  let explicit = accepted === undefined ? end + 1 : 0
  let inhibitAny = end + 1
  let valid: ReadonlySet<string> = new Set([ANY_POLICY])
  for (const [at, certificate] of path.entries()) {
    const last = at === end - 1
    const selfIssued = sameName(certificate.subject, certificate.issuer)
    const limits = limitsOf(certificate)
    if (limits === undefined) return 'constraints on policies that cannot be read'
    // §6.1.4 (a), (b): who does not follow mappings must not pass them over, or another domain's policy would count.
    if (certificate.extensions.has(EXTENSION.policyMappings))
      return 'policies are mapped, which is not followed'
    valid = narrowed(valid, certificate.policies, inhibitAny > 0 || (!last && selfIssued))
    if (explicit === 0 && valid.size === 0)
      return `no policy holds down to certificate ${end - at} from the leaf`
    if ((last || !selfIssued) && explicit > 0) explicit--
    if (!last && !selfIssued && inhibitAny > 0) inhibitAny--
    // §6.1.5 (b): of the leaf, only a zero counts.
    if (limits.explicit !== undefined && (!last || limits.explicit === 0)) {
      explicit = Math.min(explicit, limits.explicit)
    }
    if (limits.inhibitAny !== undefined) inhibitAny = Math.min(inhibitAny, limits.inhibitAny)
  }
  if (explicit === 0 && valid.size === 0) return 'no policy holds for the whole path'
  if (accepted === undefined) return undefined
  // Stricter than §6.1.5 (g): the leaf names it itself, "any policy" is not one of ours.
  const named = path.at(-1)?.policies ?? []
  const holds = (policy: string) => named.includes(policy) && (valid.has(policy) || valid.has(ANY_POLICY))
  return accepted.some(holds) ? undefined : 'none of the policies asked for'
}

/** §6.1.3 (d), (e): what of the policies so far this certificate goes on with. */
function narrowed(
  valid: ReadonlySet<string>,
  policies: readonly string[],
  anyCounts: boolean,
): ReadonlySet<string> {
  const kept = policies.filter(
    (policy) => policy !== ANY_POLICY && (valid.has(policy) || valid.has(ANY_POLICY)),
  )
  return new Set(anyCounts && policies.includes(ANY_POLICY) ? [...valid, ...kept] : kept)
}

/** RFC 5280 §4.2.1.11 and §4.2.1.14, `undefined` when either is malformed. */
function limitsOf({ extensions }: Certificate) {
  const explicit = requiredAfter(extensions.get(EXTENSION.policyConstraints))
  const inhibitAny = inhibitedAfter(extensions.get(EXTENSION.inhibitAnyPolicy))
  return explicit === 'malformed' || inhibitAny === 'malformed' ? undefined : { explicit, inhibitAny }
}

/** `requireExplicitPolicy [0]`. What stands beside it limits mappings, and none are followed. */
function requiredAfter(extension: Extension | undefined): number | undefined | 'malformed' {
  if (extension === undefined) return undefined
  const [sequence, beyond] = elements(extension.value) ?? []
  const fields = inside(sequence, TAG.sequence) ?? []
  const tags = fields.map(({ tag }) => tag).join(',')
  if (!/^(?:128|129|128,129)$/.test(tags) || beyond !== undefined) return 'malformed'
  const [first] = fields
  if (first?.tag !== 0x80) return undefined
  return smallInteger({ ...first, tag: TAG.integer }) ?? 'malformed'
}

function inhibitedAfter(extension: Extension | undefined): number | undefined | 'malformed' {
  if (extension === undefined) return undefined
  const [skipped, beyond] = elements(extension.value) ?? []
  return beyond === undefined ? (smallInteger(skipped) ?? 'malformed') : 'malformed'
}
