import type { Authorities } from '../../trust/authority.ts'
import type { TestAuthority } from './authority.ts'
import { hexOf } from './der-writer.ts'
import { AUTHORITY_IDS, AUTHORITY_KINDS, crlUrl, ocspUrl } from './hierarchy.ts'

/**
 * Tells the registry of this sandbox's authorities but the foreign one, in the environment `test`. One that is there is
 * left as it is, so that what an operator retired stays retired.
 */
export async function register(
  origin: string,
  authority: TestAuthority,
  registry: Pick<Authorities, 'add' | 'all'>,
): Promise<void> {
  const known = new Set((await registry.all()).map(({ der }) => hexOf(der)))
  const certificates = await authority.certificates()
  for (const id of AUTHORITY_IDS) {
    const { registered, issuer, range, purpose, policy } = AUTHORITY_KINDS[id]
    const der = certificates[id]
    if (!registered || known.has(hexOf(der))) continue
    await registry.add({
      der,
      role: issuer === id ? 'anchor' : 'intermediate',
      purposes: purpose === undefined ? [] : [purpose],
      range,
      environment: 'test',
      policies: policy === undefined ? [] : [policy],
      crlUrls: [crlUrl(origin, id)],
      ocspUrl: ocspUrl(origin),
    })
  }
}
