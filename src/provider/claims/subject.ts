import { base64url } from 'jose'
import type { Mac } from '../../kernel/derived-key.ts'
import { isLoopback } from '../../protocol/oauth/redirect-uri.ts'
import { sectorOf } from '../../protocol/oauth/subject-metadata.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/**
 * `sub` of a practitioner, in Pro Santé Connect's form (PSC §1.4): `f:<uuid of the deployment>:<id>`. The id is the
 * first one under which the directory knew the person, so `sub` survives a change of national id.
 */
export const subjectOf = (userStoreId: string, practitionerId: string): string =>
  `f:${userStoreId}:${practitionerId}`

/** What of a relying party decides which `sub` it sees. */
export type SubjectHolder = {
  readonly metadata: Pick<RelyingParty['metadata'], 'subject_type' | 'redirect_uris'>
}

/** The names by which relying parties know people. */
export interface Subjects {
  /** `sub` of a practitioner for this party: the public one, or its sector's own (OIDC Core §8). */
  of(party: SubjectHolder & Pick<RelyingParty, 'clientId'>, practitionerId: string): Promise<string>
}

/**
 * The subjects of a deployment. A pairwise one is a keyed digest of sector and person: without the key two services
 * cannot tell that they see the same person, nor find the person behind it (OIDC Core §8.1).
 */
export const subjects = ({ userStoreId, mac }: { userStoreId: string; mac: Mac }): Subjects => ({
  async of({ clientId, metadata }, practitionerId) {
    if (metadata.subject_type !== 'pairwise') return subjectOf(userStoreId, practitionerId)
    // Registration held it to one host. The loopback is everybody's: there each application is a sector of its own, or
    // all of them would know a person by one name. Neither a host nor an id has a line break in it.
    const host = sectorOf(metadata) ?? ''
    const sector = isLoopback(host) ? `client ${clientId}` : host
    return base64url.encode(await mac(`${sector}\n${practitionerId}`))
  },
})
