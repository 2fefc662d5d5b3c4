import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Trail } from '../../audit/trail.ts'
import { formLimit, formOf, isForm } from '../../http/form.ts'
import { ClientId } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import { bearerChallenge, presentedToken } from '../../protocol/oauth/bearer.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import { hasScope } from '../../protocol/oauth/scope.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { Sessions } from '../../sessions/sessions.ts'
import { authenticationOf, userinfo } from '../claims/release.ts'
import { originOf } from '../tokens/access-token-id.ts'
import { verifyAccessToken } from '../tokens/verify.ts'

export interface UserinfoNeeds {
  readonly issuer: string
  readonly userStoreId: string
  readonly clock: Clock
  readonly signer: Signer
  readonly sessions: Pick<Sessions, 'inspect'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly trail: Trail
}

/** Who asked and what to tell them. */
interface Answer {
  readonly party: RelyingParty
  readonly claims: Record<string, unknown>
}

/** The userinfo endpoint (OIDC Core §5.3): GET and POST `/userinfo`. Any origin may call it. */
export const userinfoRoutes = (needs: UserinfoNeeds) =>
  new Hono()
    .use(
      '/userinfo',
      cors({
        origin: '*',
        allowMethods: ['GET', 'POST'],
        allowHeaders: ['Authorization', 'Content-Type'],
        exposeHeaders: ['WWW-Authenticate'],
      }),
    )
    .get('/userinfo', (context) => respond(context, needs))
    .post('/userinfo', formLimit, (context) => respond(context, needs))

async function respond(context: Context, needs: UserinfoNeeds): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  try {
    const token = await read(context)
    // RFC 6750 §3.1: a request without any authentication is told how, and no error.
    if (token === undefined) {
      return context.body(null, 401, { 'WWW-Authenticate': bearerChallenge(needs.issuer) })
    }
    return await signedOrPlain(context, needs, await answer(needs, token))
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const detail = `${refusal.code}: ${refusal.detail ?? refusal.description}`
    needs.trail.record({ at: needs.clock(), kind: 'userinfo.refused', detail })
    // A fault of ours is no reason to authenticate anew.
    if (refusal.status < 500) context.header('WWW-Authenticate', bearerChallenge(needs.issuer, refusal))
    return context.json(refusal.body(), refusal.status)
  }
}

/** The token of the request, header or form (RFC 6750 §2.1, §2.2). */
async function read(context: Context): Promise<string | undefined> {
  // RFC 6750 §2.3 allows the query and advises against it: URLs are kept in too many places.
  if (context.req.query('access_token') !== undefined) {
    throw new OAuthError('invalid_request', 'access_token must not be in the query (RFC 6750 section 2.3)')
  }
  const form = context.req.method === 'POST' && isForm(context) ? await formOf(context) : undefined
  return presentedToken(context.req.header('authorization'), form)
}

/** Verified here, then one call: whether the family that the token came from still lives. */
async function answer(needs: UserinfoNeeds, token: string): Promise<Answer> {
  const verified = await verifyAccessToken(token, await needs.signer.jwks(), needs.issuer, needs.clock())
  if ('rejected' in verified) throw invalid(verified.rejected)
  const { client_id, jti, scope, sub } = verified.claims
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
  const claims = userinfo(authenticationOf(live.grant.subject.authentication), scope, needs.userStoreId)
  if (claims.sub !== sub) throw invalid('its subject is another')
  return { party, claims }
}

/** JSON, or a JWT where the relying party registered an algorithm for it (OIDC Core §5.3.2). */
async function signedOrPlain(
  context: Context,
  { issuer, signer }: UserinfoNeeds,
  { party, claims }: Answer,
): Promise<Response> {
  const alg = party.metadata.userinfo_signed_response_alg
  if (alg === undefined) return context.json(claims)
  const jwt = await signer.sign({ ...claims, iss: issuer, aud: party.clientId }, { typ: 'JWT', alg })
  return context.body(jwt, 200, { 'Content-Type': 'application/jwt' })
}

/** RFC 6750 §3.1: expired, revoked, malformed or foreign are one error outside. */
const invalid = (detail: string) =>
  new OAuthError('invalid_token', 'the access token is not valid, or not any more', detail)
