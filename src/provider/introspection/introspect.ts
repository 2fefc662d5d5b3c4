import { digest } from '../../kernel/digest.ts'
import { address } from '../../kernel/handle.ts'
import { ClientId } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { INACTIVE, type Introspection } from '../../protocol/oauth/introspection.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Grant, Sessions } from '../../sessions/sessions.ts'
import { toldTo } from '../claims/pairwise.ts'
import { authenticationOf } from '../claims/release.ts'
import type { Subjects } from '../claims/subject.ts'
import { tokenType } from '../sender-constraint/confirmation.ts'
import { originOf } from '../tokens/access-token-id.ts'
import { verifyAccessToken } from '../tokens/verify.ts'

export interface IntrospectNeeds {
  readonly issuer: string
  readonly subjects: Subjects
  readonly signer: Pick<Signer, 'jwks'>
  readonly sessions: Pick<Sessions, 'inspect' | 'inspectRefresh'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
}

/**
 * What this party may know of a token: one call of the session's object at most. An access token for whoever is
 * registered for introspection, an API's token for that API, a refresh token for its own client; anything else,
 * whatever the reason, is not active (RFC 7662 §2.2, §4).
 */
export async function introspect(
  needs: IntrospectNeeds,
  party: RelyingParty,
  token: string,
  now: Instant,
): Promise<Introspection> {
  const refresh = address(token)
  return refresh === undefined
    ? accessToken(needs, party, token, now)
    : refreshToken(needs, party, refresh, now)
}

async function accessToken(
  needs: IntrospectNeeds,
  asking: RelyingParty,
  token: string,
  now: Instant,
): Promise<Introspection> {
  const { metadata } = asking
  const audiences = [
    ...(metadata.serment_introspection ? [needs.issuer] : []),
    ...(metadata.serment_api === undefined ? [] : [metadata.serment_api.audience]),
  ].filter((audience) => audience !== needs.issuer || metadata.serment_introspection)
  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, now, audiences)
  if ('rejected' in verified) return INACTIVE
  const { claims } = verified
  const issuedTo = ClientId.safeParse(claims.client_id)
  const client = issuedTo.success ? await active(needs, issuedTo.data) : undefined
  if (client === undefined) return INACTIVE
  const token_type = tokenType(claims.cnf)
  const origin = originOf(claims.jti)
  // Of its own name (RFC 6749 §4.4): there is neither a person nor a session behind it.
  if (origin === undefined && claims.sub === client.clientId) {
    return { ...claims, active: true, token_type, typ: 'Bearer', azp: client.clientId }
  }
  const live = origin && (await needs.sessions.inspect(origin.session, origin.family))
  if (live === undefined || live.grant.clientId !== client.clientId) return INACTIVE
  const { practitioner } = authenticationOf(live.grant.subject.authentication)
  // Of an API's own token, what the API may be told; of others, what their client may be.
  const told = claims.aud === needs.issuer ? client : asking
  return {
    ...claims,
    // An API's own name for the person, which its token does not carry where the client may not read it.
    sub: await needs.subjects.of(told, live.grant.subject.practitionerId),
    ...toldTo(told, claims.scope, {
      ...common(live.grant),
      SubjectNameID: practitioner.nationalId,
      username: practitioner.nationalId,
      preferred_username: practitioner.nationalId,
    }),
    active: true,
    token_type,
    typ: 'Bearer',
    email_verified: false,
    // The token's, not the family's: a refresh may have narrowed it.
    scope: claims.scope,
  }
}

/** A refresh token is a secret between us and its client: nobody else learns that there is one. */
async function refreshToken(
  needs: IntrospectNeeds,
  party: RelyingParty,
  { object, secret }: NonNullable<ReturnType<typeof address>>,
  now: Instant,
): Promise<Introspection> {
  const { clientId, metadata } = party
  if (!metadata.serment_introspection) return INACTIVE
  const live = await needs.sessions.inspectRefresh(object, await digest(secret))
  if (live === undefined || live.grant.clientId !== clientId || now >= live.expiresAt) return INACTIVE
  const { nationalId } = authenticationOf(live.grant.subject.authentication).practitioner
  return {
    ...toldTo(party, live.grant.scope, {
      ...common(live.grant),
      username: nationalId,
      preferred_username: nationalId,
    }),
    active: true,
    iss: needs.issuer,
    sub: await needs.subjects.of(party, live.grant.subject.practitionerId),
    exp: live.expiresAt,
    iat: live.issuedAt,
    auth_time: live.grant.subject.authTime,
    typ: 'Refresh',
    client_id: clientId,
    scope: live.grant.scope,
  }
}

/** Members that Pro Santé Connect's answer has besides RFC 7662's (PSC §1.4). */
function common(grant: Grant): Readonly<Record<string, unknown>> {
  const { authMode } = authenticationOf(grant.subject.authentication)
  return {
    azp: grant.clientId,
    acr: grant.acr,
    sid: grant.sid,
    session_state: grant.sid,
    nonce: grant.nonce ?? '',
    authMode,
  }
}

async function active({ relyingParties }: IntrospectNeeds, id: ClientId): Promise<RelyingParty | undefined> {
  const party = await relyingParties.find(id)
  return party?.status === 'active' ? party : undefined
}
