import { hasScope } from '../../protocol/oauth/scope.ts'
import type { SubjectHolder } from './subject.ts'

/** Claims by which any service knows the person: beside them a `sub` of one's own would be for nothing. */
const IDENTIFYING: ReadonlySet<string> = new Set([
  'SubjectNameID',
  'preferred_username',
  'username',
  'otherIds',
])

/** Whether a relying party may be told who the person is outside of its own sector. */
export const mayIdentify = ({ metadata }: SubjectHolder, scope: string): boolean =>
  metadata.subject_type !== 'pairwise' || hasScope(scope, 'identity') || hasScope(scope, 'scope_all')

/**
 * What of these claims a relying party may be told. Who registered pairwise subjects gets what identifies the person
 * only with the scope `identity` or `scope_all` (OIDC Core §8.1, §17.3); for all others nothing changes.
 */
export function toldTo(
  party: SubjectHolder,
  scope: string,
  claims: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return mayIdentify(party, scope)
    ? { ...claims }
    : Object.fromEntries(Object.entries(claims).filter(([name]) => !IDENTIFYING.has(name)))
}
