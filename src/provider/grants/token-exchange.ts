import type { Entropy } from '../../kernel/handle.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Signer } from '../../keys/signer.ts'
import { ACCESS_TOKEN_TYPE, accessTokenClaims, type Confirmation } from '../../protocol/oauth/access-token.ts'
import type { RegisteredApi } from '../../protocol/oauth/api-metadata.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { ACCESS_TOKEN, type TokenExchange } from '../../protocol/oauth/token-exchange.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Grant, Sessions } from '../../sessions/sessions.ts'
import { mayIdentify, toldTo } from '../claims/pairwise.ts'
import { authenticationOf } from '../claims/release.ts'
import type { Subjects } from '../claims/subject.ts'
import { heldBy, type Sender, tokenType } from '../sender-constraint/confirmation.ts'
import { accessTokenId, originOf } from '../tokens/access-token-id.ts'
import type { TokenSet } from '../tokens/issue.ts'
import { verifyAccessToken } from '../tokens/verify.ts'
import { type Actor, readActor } from './actor.ts'

export interface TokenExchangeNeeds {
  readonly issuer: string
  readonly signer: Signer
  readonly entropy: Entropy
  readonly subjects: Subjects
  readonly clientKeys: ClientKeys
  readonly relyingParties: Pick<RelyingParties, 'findApi'>
  readonly sessions: Pick<Sessions, 'lend'>
  readonly lifetimes: Pick<Lifetimes, 'apiToken'>
}

/** A successful exchange (RFC 8693 §2.2.1). There is no refresh token: the person's own session says how long. */
export type ApiTokens = Pick<TokenSet, 'access_token' | 'token_type' | 'expires_in' | 'scope'> & {
  readonly issued_token_type: typeof ACCESS_TOKEN
}

/** A registered API, and its own registration. */
interface Target {
  readonly party: RelyingParty
  readonly api: RegisteredApi
}

/** Who exchanges, and what they showed. */
export interface Exchanger {
  readonly party: RelyingParty
  readonly sender: Sender
  readonly confirmation: Confirmation | undefined
  /** What the client may call us in an actor token. */
  readonly audiences: readonly string[]
}

/**
 * Exchanges a professional's access token for one of an API (RFC 8693 §2): one call of the session's object, which
 * must still live. The token must have been issued to the client that exchanges it, and shown with the key that it is
 * bound to.
 * @throws OAuthError `invalid_request` for a token that is not good (§2.2.2 says so), `invalid_target`, `invalid_scope`
 */
export async function exchange(
  needs: TokenExchangeNeeds,
  exchanger: Exchanger,
  request: TokenExchange,
  now: Instant,
): Promise<{ readonly tokens: ApiTokens; readonly practitionerId: string }> {
  const target = await targetOf(needs, exchanger.party, request.audience)
  const scope = scopeOf(target.api, request.scope)
  const grant = await grantOf(needs, exchanger, request.subjectToken, now)
  const actor = await actorOf(needs, exchanger, request.actorToken, grant, now)
  const lifetime = Math.min(needs.lifetimes.apiToken, grant.remaining)
  const accessToken = await needs.signer.sign(
    accessTokenClaims({
      issuer: needs.issuer,
      audience: target.api.audience,
      clientId: grant.clientId,
      subject: await needs.subjects.of(
        subjectFor(exchanger.party, target.party, grant),
        grant.subject.practitionerId,
      ),
      issuedAt: now,
      lifetime,
      id: accessTokenId(grant, needs.entropy),
      scope,
      authTime: grant.subject.authTime,
      acr: grant.acr,
      amr: authenticationOf(grant.subject.authentication).amr,
      confirmation: exchanger.confirmation,
      claims: personFor(exchanger.party, target.party, scope, grant, actor),
    }),
    { typ: ACCESS_TOKEN_TYPE, alg: 'ES256' },
  )
  const tokens: ApiTokens = {
    access_token: accessToken,
    issued_token_type: ACCESS_TOKEN,
    token_type: tokenType(exchanger.confirmation),
    expires_in: lifetime,
    scope,
  }
  return { tokens, practitionerId: grant.subject.practitionerId }
}

/** RFC 8693 §2.2.2: an API that there is not, and one that this client may not call, are the same. */
async function targetOf(
  { relyingParties, issuer }: TokenExchangeNeeds,
  { clientId }: RelyingParty,
  audience: string,
): Promise<Target> {
  // We are nobody's API: such a token would be good at userinfo, with scopes that the person was never told of.
  const party = audience === issuer ? undefined : await relyingParties.findApi(audience)
  const api = party?.metadata.serment_api
  const isOpen = api?.clients === undefined || api.clients.includes(clientId)
  if (party?.status !== 'active' || api === undefined || !isOpen) {
    throw new OAuthError('invalid_target', 'no API of this audience takes tokens from this client', audience)
  }
  return { party, api }
}

/** RFC 6749 §3.3: of the API's scopes, those asked, each once and in the API's order. */
function scopeOf({ scopes }: RegisteredApi, asked: string): string {
  const wanted = new Set(asked.split(' '))
  if (![...wanted].every((scope) => scopes.includes(scope))) {
    throw new OAuthError('invalid_scope', 'scope has what the API does not have')
  }
  return scopes.filter((scope) => wanted.has(scope)).join(' ')
}

/** What stands behind the token presented, for whoever it was issued to and no other. */
async function grantOf(
  needs: TokenExchangeNeeds,
  { party, sender }: Exchanger,
  token: string,
  now: Instant,
): Promise<Grant> {
  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, now)
  if ('rejected' in verified) throw refused('subject_token', verified.rejected)
  const { client_id, cnf, jti } = verified.claims
  if (client_id !== party.clientId) throw refused('subject_token', 'issued to another client')
  try {
    heldBy(cnf, tokenType(cnf), sender)
  } catch (thrown) {
    throw refused('subject_token', thrown instanceof OAuthError ? String(thrown.detail) : 'not held')
  }
  const origin = originOf(jti)
  const live = origin && (await needs.sessions.lend(origin.session, origin.family, needs.lifetimes.apiToken))
  if (live === undefined) throw refused('subject_token', 'no person’s, or its session or family ended')
  if (live.grant.clientId !== party.clientId) throw refused('subject_token', 'its family is another client’s')
  return live.grant
}

async function actorOf(
  { clientKeys }: TokenExchangeNeeds,
  { party, audiences }: Exchanger,
  token: string | undefined,
  { subject }: Grant,
  now: Instant,
): Promise<Actor | undefined> {
  if (token === undefined) return undefined
  const read = await readActor(token, party, clientKeys, audiences, subject.authentication, now)
  if ('rejected' in read) throw refused('actor_token', read.rejected)
  return read.actor
}

/**
 * Whose name for the person the token carries. The client holds it and can read it, so one that knows people by names of
 * its own sector alone finds no other there (OIDC Core §8.1); the API learns its own by introspection.
 */
const subjectFor = (client: RelyingParty, api: RelyingParty, { scope }: Grant): RelyingParty =>
  mayIdentify(client, scope) ? api : client

/** Who acts, for the API: the person, and by which software and in which activity (RFC 8693 §4.1). */
function personFor(
  client: RelyingParty,
  api: RelyingParty,
  scope: string,
  grant: Grant,
  actor: Actor | undefined,
) {
  const { authMode, practitioner } = authenticationOf(grant.subject.authentication)
  const person = { SubjectNameID: practitioner.nationalId, preferred_username: practitioner.nationalId }
  return {
    ...toldTo(api, scope, toldTo(client, grant.scope, person)),
    sid: grant.sid,
    azp: grant.clientId,
    authMode,
    ...(actor === undefined ? {} : { act: { sub: actor.lps_id, ...actor } }),
  }
}

/** One description for all of them: what is wrong with a token that was found is nobody's business. */
const refused = (which: string, detail: string) =>
  new OAuthError('invalid_request', `${which} is not valid for this client, or not any more`, detail)
