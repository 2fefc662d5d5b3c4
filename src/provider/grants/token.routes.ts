import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Trail } from '../../audit/trail.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock, Instant } from '../../kernel/instant.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import { type TokenRequest, tokenRequest } from '../../protocol/oauth/token-request.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { type IssueNeeds, issue } from '../tokens/issue.ts'
import { authorizationCode } from './authorization-code.ts'
import { type Granted, type GrantNeeds, REUSE } from './grant.ts'
import { refreshToken } from './refresh-token.ts'

export interface TokenNeeds extends Omit<AuthenticateNeeds, 'tokenEndpoint'>, GrantNeeds, IssueNeeds {
  readonly clock: Clock
  readonly trail: Trail
}

/** RFC 6749 §5.1: neither the tokens nor the refusal may be kept on the way. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

/** The token endpoint (RFC 6749 §3.2): POST `/token`. Any origin may call it: public clients run in browsers. */
export const tokenRoutes = (needs: TokenNeeds) =>
  new Hono()
    .use(
      '/token',
      cors({ origin: '*', allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type'] }),
    )
    .post('/token', formLimit, (context) => token(context, needs))
    .all('/token', (context) => {
      const refusal = new OAuthError(
        'invalid_request',
        'the token endpoint takes POST (RFC 6749 section 3.2)',
      )
      return context.json(refusal.body(), 405, { ...NO_STORE, Allow: 'POST' })
    })

async function token(context: Context, needs: TokenNeeds): Promise<Response> {
  const now = needs.clock()
  let credentials: ClientCredentials | undefined
  let party: RelyingParty | undefined
  try {
    const form = await formOf(context)
    credentials = clientCredentials(context.req.header('authorization'), form)
    party = await authenticate({ ...needs, tokenEndpoint: `${needs.issuer}/token` }, credentials, now)
    const request = tokenRequest(form)
    const { grant, refresh } = await granted(needs, party, request)
    const tokens = await issue(needs, grant, party, refresh, now)
    const { practitionerId } = grant.subject
    needs.trail.record({
      at: now,
      kind: 'token.issued',
      clientId: party.clientId,
      practitionerId,
      detail: request.grantType,
    })
    return context.json(tokens, 200, NO_STORE)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    // An unproved client is named too: a secret that is tried again and again should be seen.
    recordRefusal(needs.trail, refusal, party?.clientId ?? credentials?.clientId, now)
    context.header('Pragma', NO_STORE.Pragma)
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

function granted(needs: GrantNeeds, party: RelyingParty, request: TokenRequest): Promise<Granted> {
  switch (request.grantType) {
    case 'authorization_code':
      return authorizationCode(needs, party, request)
    case 'refresh_token':
      return refreshToken(needs, party, request)
  }
}

function recordRefusal(trail: Trail, refusal: OAuthError, clientId: ClientId | undefined, at: Instant): void {
  const kind =
    refusal.code === 'invalid_client'
      ? 'client.refused'
      : refusal.detail === REUSE
        ? 'token.reuse'
        : 'token.refused'
  const detail = `${refusal.code}: ${refusal.detail ?? refusal.description}`
  trail.record({ at, kind, ...(clientId === undefined ? {} : { clientId }), detail })
}
