import { type Digest, digest } from '../../kernel/digest.ts'
import { type AddressedHandle, addressed, type Entropy, newHandle } from '../../kernel/handle.ts'
import type { ObjectName } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Signer } from '../../keys/signer.ts'
import { ACCESS_TOKEN_TYPE, accessTokenClaims, type Confirmation } from '../../protocol/oauth/access-token.ts'
import { hasScope, registeredScopes } from '../../protocol/oauth/scope.ts'
import { type Encryption, encrypted } from '../../protocol/oidc/encryption.ts'
import { idTokenClaims } from '../../protocol/oidc/id-token.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Grant } from '../../sessions/sessions.ts'
import { toldTo } from '../claims/pairwise.ts'
import { authenticationOf, idTokenPerson } from '../claims/release.ts'
import { namedClaims } from '../claims/requested.ts'
import type { Subjects } from '../claims/subject.ts'
import { tokenType } from '../sender-constraint/confirmation.ts'
import { accessTokenId } from './access-token-id.ts'

export interface IssueNeeds {
  readonly signer: Pick<Signer, 'sign'>
  readonly entropy: Entropy
  readonly issuer: string
  readonly subjects: Subjects
  readonly lifetimes: Pick<Lifetimes, 'accessToken' | 'refreshToken'>
}

/** A successful token response (RFC 6749 §5.1, OIDC Core §3.1.3.3), with Pro Santé Connect's members (PSC §3). */
export interface TokenSet {
  readonly access_token: string
  readonly token_type: 'Bearer' | 'DPoP'
  /** Seconds. */
  readonly expires_in: number
  readonly refresh_token?: string
  /** Seconds. */
  readonly refresh_expires_in?: number
  readonly id_token?: string
  readonly scope: string
  /** The `sid`: services of the Espace de confiance tie their own session to it. */
  readonly session_state: string
}

/** A refresh token to hand out, and what is kept of it. It is made before it is known whether there is a grant. */
export interface RefreshToken {
  readonly token: AddressedHandle
  readonly digest: Digest
}

/** A refresh token of this session, if the relying party is registered for them (RFC 7591 §2, `grant_types`). */
export async function newRefreshToken(
  party: RelyingParty,
  session: ObjectName,
  entropy: Entropy,
): Promise<RefreshToken | undefined> {
  if (!party.metadata.grant_types.includes('refresh_token')) return undefined
  const secret = newHandle(entropy)
  return { token: addressed(session, secret), digest: await digest(secret) }
}

/** What the request and the registration say of the tokens' form. */
export interface Form {
  /** The keys that the access token is bound to, `undefined` for a bearer token. */
  readonly confirmation: Confirmation | undefined
  /** How the ID token is encrypted, if it is. */
  readonly encryption: Encryption | undefined
}

/** Signs what a grant gives. Two signatures, nothing else; no token outlives the session. */
export async function issue(
  needs: IssueNeeds,
  grant: Grant,
  party: RelyingParty,
  refresh: RefreshToken | undefined,
  { confirmation, encryption }: Form,
  now: Instant,
): Promise<TokenSet> {
  const { issuer, lifetimes } = needs
  const authentication = authenticationOf(grant.subject.authentication)
  const { amr, authMode, practitioner } = authentication
  const lifetime = Math.min(lifetimes.accessToken, grant.remaining)
  const common = {
    issuer,
    clientId: grant.clientId,
    subject: await needs.subjects.of(party, grant.subject.practitionerId),
    issuedAt: now,
    lifetime,
    authTime: grant.subject.authTime,
    acr: grant.acr,
    amr,
  }
  const accessToken = await needs.signer.sign(
    accessTokenClaims({
      ...common,
      audience: issuer,
      id: accessTokenId(grant, needs.entropy),
      scope: grant.scope,
      confirmation,
      claims: toldTo(party, grant.scope, {
        sid: grant.sid,
        authMode,
        SubjectNameID: practitioner.nationalId,
        preferred_username: practitioner.nationalId,
      }),
    }),
    { typ: ACCESS_TOKEN_TYPE, alg: 'ES256' },
  )
  const alg = party.metadata.id_token_signed_response_alg
  // A refresh may narrow the scope below `openid`: then it is plain OAuth and there is nothing to identify.
  const signed = hasScope(grant.scope, 'openid')
    ? await needs.signer.sign(
        await idTokenClaims({
          ...common,
          nonce: grant.nonce,
          sid: grant.sid,
          accessToken,
          alg,
          claims: toldTo(party, grant.scope, {
            session_state: grant.sid,
            ...namedClaims(authentication, grant.claims?.idToken, registeredScopes(party.metadata.scope)),
            ...idTokenPerson(authentication, grant.scope),
          }),
        }),
        { typ: 'JWT', alg },
      )
    : undefined
  // OIDC Core §2: "signed then encrypted".
  const idToken =
    signed === undefined || encryption === undefined ? signed : await encrypted(signed, encryption, 'JWT')
  return {
    access_token: accessToken,
    token_type: tokenType(confirmation),
    expires_in: lifetime,
    ...(refresh === undefined
      ? {}
      : {
          refresh_token: refresh.token,
          refresh_expires_in: Math.min(lifetimes.refreshToken, grant.remaining),
        }),
    ...(idToken === undefined ? {} : { id_token: idToken }),
    scope: grant.scope,
    session_state: grant.sid,
  }
}
