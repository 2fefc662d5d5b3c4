import { decodeJwt } from 'jose'
import { type NationalId, PractitionerId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { PersonHint } from '../../protocol/ciba/authentication-request.ts'
import { BACKCHANNEL_REQUEST_ALGORITHMS } from '../../protocol/oauth/backchannel-metadata.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { type PublicKeys, readIdTokenHint } from '../../protocol/oidc/id-token-hint.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import { verifySignedByClient } from '../../relying-parties/client-signature.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Directory } from '../../rpps/directory.ts'
import { typedNationalId } from '../../rpps/national-id.ts'
import { subjectOf } from '../claims/subject.ts'

/** Whom a request names. Whether anybody has that name is not asked before the service has its answer. */
export type Named = { readonly nationalId: NationalId } | { readonly practitionerId: PractitionerId }

export interface NamedNeeds {
  readonly issuer: string
  /** URLs by which a client may call us in what it signs. */
  readonly audiences: readonly string[]
  readonly userStoreId: string
  readonly signer: PublicKeys
  readonly clientKeys: ClientKeys
}

/** Seconds by which the client's clock may be wrong. */
const SKEW = 10

/**
 * Whom the hint names (CIBA Core §7.1). What is refused here is wrong whoever exists.
 * @throws OAuthError `unknown_user_id`, `expired_login_hint_token` or `invalid_request` (§13)
 */
export async function named(
  needs: NamedNeeds,
  hint: PersonHint,
  party: RelyingParty,
  now: Instant,
): Promise<Named> {
  switch (hint.means) {
    case 'login_hint':
      return byNationalId(hint.nationalId, 'login_hint')
    case 'login_hint_token':
      return byHintToken(needs, hint.token, party, now)
    case 'id_token_hint':
      return byIdToken(needs, hint.token, party)
  }
}

function byNationalId(text: unknown, where: string): Named {
  const nationalId = typeof text === 'string' ? typedNationalId(text) : undefined
  if (nationalId !== undefined) return { nationalId }
  throw new OAuthError(
    'unknown_user_id',
    `${where} is not a national id: one type digit, then the number (8 and 11 digits for RPPS)`,
  )
}

/** A JWT that the client signed: `iss` its own id, `aud` us, `exp`, and the person in `SubjectNameID`. */
async function byHintToken(
  { audiences, clientKeys }: NamedNeeds,
  token: string,
  party: RelyingParty,
  now: Instant,
): Promise<Named> {
  const verified = await verifySignedByClient(token, party, clientKeys, {
    algorithms: [...BACKCHANNEL_REQUEST_ALGORITHMS],
    issuer: party.clientId,
    audience: [...audiences],
    requiredClaims: ['iss', 'aud', 'exp', 'SubjectNameID'],
    clockTolerance: SKEW,
    currentDate: new Date(now * 1000),
  })
  if ('claims' in verified) return byNationalId(verified.claims.SubjectNameID, 'SubjectNameID')
  if (hasExpired(token, now)) {
    throw new OAuthError('expired_login_hint_token', 'login_hint_token has expired', verified.rejected)
  }
  throw new OAuthError(
    'invalid_request',
    'login_hint_token is not a JWT that this client signed for us',
    verified.rejected,
  )
}

/** By what the token says of itself: nothing is taken from it but which refusal to give. */
function hasExpired(token: string, now: Instant): boolean {
  try {
    const { exp } = decodeJwt(token)
    return exp !== undefined && exp <= now - SKEW
  } catch {
    return false
  }
}

async function byIdToken(
  { signer, issuer, userStoreId }: NamedNeeds,
  token: string,
  party: RelyingParty,
): Promise<Named> {
  const hinted = await readIdTokenHint(token, await signer.jwks(), issuer)
  if (hinted === undefined || !hinted.audience.includes(party.clientId)) {
    throw new OAuthError(
      'invalid_request',
      'id_token_hint is not an ID token that we issued to this client (CIBA Core section 7.1)',
    )
  }
  const prefix = subjectOf(userStoreId, '')
  const id = PractitionerId.safeParse(hinted.subject.slice(prefix.length))
  if (hinted.subject.startsWith(prefix) && id.success) return { practitionerId: id.data }
  throw new OAuthError('unknown_user_id', 'id_token_hint has a pairwise sub: send login_hint instead')
}

/**
 * The name under which a person's phones are rung. Someone who is not there, or is suspended, has a name too, which
 * no phone listens to: what follows is the same for them, call by call.
 */
export async function ringName(directory: Directory, person: Named): Promise<string> {
  const entry =
    'nationalId' in person
      ? await directory.byNationalId(person.nationalId)
      : await directory.byId(person.practitionerId)
  if (entry?.status === 'active') return entry.practitioner.id
  return `nobody:${'nationalId' in person ? person.nationalId : person.practitionerId}`
}
