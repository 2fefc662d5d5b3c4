import { type Context, Hono } from 'hono'
import type { Trail } from '../../audit/trail.ts'
import { anyOrigin } from '../../http/any-origin.ts'
import { formLimit, formOf, isForm } from '../../http/form.ts'
import { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { bearerChallenge, presentedToken } from '../../protocol/oauth/bearer.ts'
import { type DpopProof, dpopChallenge, dpopToken } from '../../protocol/oauth/dpop.ts'
import { asRefusal, OAuthError, type OAuthErrorStatus } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import { hasScope, registeredScopes } from '../../protocol/oauth/scope.ts'
import { encrypted } from '../../protocol/oidc/encryption.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { toldTo } from '../claims/pairwise.ts'
import { authenticationOf, userinfo } from '../claims/release.ts'
import { namedClaims } from '../claims/requested.ts'
import type { Subjects } from '../claims/subject.ts'
import { heldBy, type Sender } from '../sender-constraint/confirmation.ts'
import { addressesOf, type Origins, type ProofNeeds, readProof, spend } from '../sender-constraint/proof.ts'
import { originOf } from '../tokens/access-token-id.ts'
import { encryptionOf } from '../tokens/encryption.ts'
import { verifyAccessToken } from '../tokens/verify.ts'

export interface UserinfoNeeds extends ProofNeeds, Origins {
  readonly certificateOf: CertificateOf
  readonly issuer: string
  readonly userStoreId: string
  readonly subjects: Subjects
  readonly clientKeys: ClientKeys
  readonly clock: Clock
  readonly signer: Signer
  readonly sessions: Pick<Sessions, 'inspect'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly trail: Trail
}

/** An access token as it was presented, and what whoever presented it showed. */
interface Presented {
  readonly token: string
  readonly scheme: 'Bearer' | 'DPoP'
  readonly sender: Sender
  /** Not spent yet. */
  readonly proof: DpopProof | undefined
}

/** Who asked and what to tell them. */
interface Answer {
  readonly party: RelyingParty
  readonly claims: Record<string, unknown>
}

/** The userinfo endpoint (OIDC Core §5.3): GET and POST `/userinfo`. Any origin may call it. */
export const userinfoRoutes = (needs: UserinfoNeeds) =>
  new Hono()
    .use('/userinfo', anyOrigin('GET', 'POST'))
    .get('/userinfo', (context) => respond(context, needs))
    .post('/userinfo', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: UserinfoNeeds): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  try {
    const presented = await read(context, needs)
    // RFC 6750 §3.1: a request without any authentication is told how, and no error.
    if (presented === undefined) {
      return context.body(null, 401, {
        'WWW-Authenticate': `${bearerChallenge(needs.issuer)}, ${dpopChallenge(needs.issuer)}`,
      })
    }
    return await inItsForm(context, needs, await answer(needs, presented))
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const detail = `${refusal.code}: ${refusal.detail ?? refusal.description}`
    needs.trail.record({ at: needs.clock(), kind: 'userinfo.refused', detail })
    // A fault of ours is no reason to authenticate anew.
    if (refusal.status < 500) context.header('WWW-Authenticate', challenge(context, needs.issuer, refusal))
    return context.json(refusal.body(), statusOf(refusal))
  }
}

/** RFC 9449 §7.1: what is wrong is said in the scheme that was used; the other one is named beside it. */
function challenge(context: Context, issuer: string, refusal: OAuthError): string {
  return /^DPoP\b/i.test(context.req.header('authorization') ?? '')
    ? dpopChallenge(issuer, refusal)
    : `${bearerChallenge(issuer, refusal)}, ${dpopChallenge(issuer)}`
}

/** RFC 9449 §7.1, §9: at a resource a refused proof, and a missing nonce, are 401. */
const statusOf = ({ code, status }: OAuthError): OAuthErrorStatus =>
  code === 'invalid_dpop_proof' || code === 'use_dpop_nonce' ? 401 : status

/** The token of the request, header or form (RFC 6750 §2.1, §2.2; RFC 9449 §7.1), with what came with it. */
async function read(context: Context, needs: UserinfoNeeds): Promise<Presented | undefined> {
  // RFC 6750 §2.3 allows the query and advises against it: URLs are kept in too many places.
  if (context.req.query('access_token') !== undefined) {
    throw new OAuthError('invalid_request', 'access_token must not be in the query (RFC 6750 section 2.3)')
  }
  const form = context.req.method === 'POST' && isForm(context) ? await formOf(context) : undefined
  const authorization = context.req.header('authorization')
  const certificate = await needs.certificateOf(context.req.raw)
  const bound = dpopToken(authorization)
  if (bound === undefined) {
    const token = presentedToken(authorization, form)
    if (token === undefined) return undefined
    return { token, scheme: 'Bearer', sender: { jkt: undefined, certificate }, proof: undefined }
  }
  if (form?.has('access_token'))
    throw new OAuthError('invalid_request', 'the access token is there in two ways')
  const proof = await proofOf(context, needs, bound)
  return { token: bound, scheme: 'DPoP', sender: { jkt: proof.jkt, certificate }, proof }
}

/** The proof that comes with this token (RFC 9449 §7.1). With the answer goes the nonce for the next. */
async function proofOf(context: Context, needs: UserinfoNeeds, accessToken: string): Promise<DpopProof> {
  const now = needs.clock()
  context.header('DPoP-Nonce', await needs.nonces.current(now))
  const urls = addressesOf(needs, context.req.url)
  const request = { method: context.req.method, urls, accessToken }
  const proof = await readProof(needs, context.req.header('dpop'), request, now)
  if (proof === undefined) throw new OAuthError('invalid_dpop_proof', 'the DPoP proof is missing')
  return proof
}

/** Verified here, then one call: whether the family that the token came from still lives. A proof costs another. */
async function answer(needs: UserinfoNeeds, presented: Presented): Promise<Answer> {
  const { token, scheme, sender, proof } = presented
  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, needs.clock())
  if ('rejected' in verified) throw invalid(verified.rejected)
  const { client_id, cnf, jti, scope, sub } = verified.claims
  heldBy(cnf, scheme, sender)
  await spend(needs, proof, needs.clock())
  // OIDC Core §5.3.1: an access token obtained by an authentication request, that is with `openid`.
  if (!hasScope(scope, 'openid')) {
    throw new OAuthError('insufficient_scope', 'the access token was not granted the scope openid')
  }
  const origin = originOf(jti)
  if (origin === undefined) throw invalid('jti is not ours')
  const live = await needs.sessions.inspect(origin.session, origin.family)
  if (live === undefined) throw invalid('its session or family ended')
  const party = await needs.relyingParties.find(ClientId.parse(client_id))
  if (party?.status !== 'active' || live.grant.clientId !== party.clientId)
    throw invalid('its client is gone')
  // The token's scope, not the family's: a refresh may have narrowed it.
  const { subject, claims: named } = live.grant
  if (sub !== (await needs.subjects.of(party, subject.practitionerId)))
    throw invalid('its subject is another')
  const authentication = authenticationOf(subject.authentication)
  const claims = {
    ...namedClaims(authentication, named?.userinfo, registeredScopes(party.metadata.scope)),
    ...userinfo(authentication, scope, needs.userStoreId),
  }
  return { party, claims: toldTo(party, scope, { ...claims, sub }) }
}

/** JSON; or signed, encrypted, or signed and then encrypted, as the relying party registered (OIDC Core §5.3.2). */
async function inItsForm(
  context: Context,
  { issuer, signer, clientKeys }: UserinfoNeeds,
  { party, claims }: Answer,
): Promise<Response> {
  const alg = party.metadata.userinfo_signed_response_alg
  const encryption = await encryptionOf(clientKeys, party, 'userinfo')
  if (alg === undefined && encryption === undefined) return context.json(claims)
  const named = { ...claims, iss: issuer, aud: party.clientId }
  const signed = alg === undefined ? undefined : await signer.sign(named, { typ: 'JWT', alg })
  const content = signed ?? JSON.stringify(named)
  const body =
    encryption === undefined
      ? content
      : await encrypted(content, encryption, signed === undefined ? 'JSON' : 'JWT')
  return context.body(body, 200, { 'Content-Type': 'application/jwt' })
}

/** RFC 6750 §3.1: expired, revoked, malformed or foreign are one error outside. */
const invalid = (detail: string) =>
  new OAuthError('invalid_token', 'the access token is not valid, or not any more', detail)
