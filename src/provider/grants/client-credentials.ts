import { newObjectName } from '../../kernel/handle.ts'
import type { Instant } from '../../kernel/instant.ts'
import { ACCESS_TOKEN_TYPE, accessTokenClaims, type Confirmation } from '../../protocol/oauth/access-token.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { SCOPES } from '../../protocol/oauth/scope.ts'
import { structureClaim } from '../../structures/structure.ts'
import type { Proved } from '../client-authentication/authenticate.ts'
import { tokenType } from '../sender-constraint/confirmation.ts'
import type { IssueNeeds, TokenSet } from '../tokens/issue.ts'

/** What a client gets in its own name: no ID token and no refresh token (RFC 6749 §4.4.3), and no session. */
export type ClientTokens = Pick<TokenSet, 'access_token' | 'token_type' | 'expires_in'> & {
  readonly scope?: string
}

/**
 * The client credentials grant (RFC 6749 §4.4): a token in which the client is itself the subject (RFC 9068 §2.2).
 * No person is behind it, so no scope about people can be in it, and no session: it ends by its age alone. One
 * signature, no call. Of the software of a structure, known by its certificate, it says which structure.
 * @throws OAuthError `invalid_scope`
 */
export async function clientCredentialsGrant(
  { signer, entropy, issuer, lifetimes }: Pick<IssueNeeds, 'signer' | 'entropy' | 'issuer' | 'lifetimes'>,
  { party: { clientId, metadata }, structure }: Proved,
  asked: string | undefined,
  confirmation: Confirmation | undefined,
  now: Instant,
): Promise<ClientTokens> {
  const scope = grantedScope(metadata.scope, asked)
  const lifetime = lifetimes.accessToken
  const accessToken = await signer.sign(
    accessTokenClaims({
      issuer,
      audience: issuer,
      clientId,
      subject: clientId,
      issuedAt: now,
      lifetime,
      // One part only: it names no session, so nothing that asks one takes it.
      id: newObjectName(entropy),
      scope,
      confirmation,
      ...(structure === undefined ? {} : { claims: { structure: structureClaim(structure) } }),
    }),
    { typ: ACCESS_TOKEN_TYPE, alg: 'ES256' },
  )
  return {
    access_token: accessToken,
    token_type: tokenType(confirmation),
    expires_in: lifetime,
    ...(scope === '' ? {} : { scope }),
  }
}

const OF_PEOPLE: ReadonlySet<string> = new Set(SCOPES)

/** RFC 6749 §3.3: of the scopes that the client is registered for, those asked; all when none is. */
function grantedScope(registered: string | undefined, asked: string | undefined): string {
  const own = (registered ?? '').split(' ').filter((scope) => scope !== '' && !OF_PEOPLE.has(scope))
  if (asked === undefined) return own.join(' ')
  const wanted = new Set(asked.split(' '))
  if (![...wanted].every((scope) => own.includes(scope))) {
    throw new OAuthError(
      'invalid_scope',
      'scope has what the client is not registered for, or what is about people (RFC 6749 section 4.4)',
    )
  }
  return own.filter((scope) => wanted.has(scope)).join(' ')
}
