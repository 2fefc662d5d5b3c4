import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import type { Trail } from '../../audit/trail.ts'
import { clientCertificate } from '../../http/client-certificate.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { ClientId } from '../../kernel/identifiers.ts'
import type { Clock, Instant } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { pushedResponse } from '../../protocol/oauth/pushed-authorization.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import type { PublicKeys } from '../../protocol/oidc/id-token-hint.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AcceptedRequest, accept } from '../authorization/accept.ts'
import { hintReader } from '../authorization/hint.ts'
import type { PushedRequests } from '../authorization/pushed-requests.ts'
import { type RequestedNeeds, requestedByValue } from '../authorization/requested.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'

export interface PushedAuthorizationNeeds extends Omit<AuthenticateNeeds, 'tokenEndpoint'>, RequestedNeeds {
  readonly clock: Clock
  readonly trail: Trail
  readonly lifetimes: Pick<Lifetimes, 'pushedRequest'>
  readonly signer: PublicKeys
  readonly pushed: Pick<PushedRequests, 'keep'>
}

/** RFC 9126 §2.2. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

/** The pushed authorization request endpoint (RFC 9126 §2): POST `/par`. Public clients push too, from browsers. */
export const pushedAuthorizationRoutes = (needs: PushedAuthorizationNeeds) =>
  new Hono()
    .use(
      '/par',
      cors({ origin: '*', allowMethods: ['POST'], allowHeaders: ['Authorization', 'Content-Type'] }),
    )
    .post('/par', formLimit, (context) => push(context, needs))
    .all('/par', (context) => {
      const refusal = new OAuthError(
        'invalid_request',
        'requests are pushed with POST (RFC 9126 section 2.1)',
      )
      return context.json(refusal.body(), 405, { ...NO_STORE, Allow: 'POST' })
    })

async function push(context: Context, needs: PushedAuthorizationNeeds): Promise<Response> {
  const now = needs.clock()
  let credentials: ClientCredentials | undefined
  try {
    const form = await formOf(context)
    credentials = clientCredentials(context.req.header('authorization'), form)
    const party = await authenticate(
      { ...needs, tokenEndpoint: `${needs.issuer}/token` },
      credentials,
      now,
      await clientCertificate(context.req.raw),
    )
    const lifetime = needs.lifetimes.pushedRequest
    const handle = await needs.pushed.keep(await accepted(needs, party, form), lifetime)
    return context.json(pushedResponse(handle, lifetime), 201, NO_STORE)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    recordRefusal(needs.trail, refusal, credentials?.clientId, now)
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

/** Held to everything that `/authorize` holds it to, so that a client learns of it here (RFC 9126 §2.1). */
async function accepted(
  needs: PushedAuthorizationNeeds,
  party: RelyingParty,
  form: Parameters,
): Promise<AcceptedRequest> {
  // RFC 9126 §2.1: "The request_uri authorization request parameter ... MUST NOT be provided in this case."
  if (form.has('request_uri')) {
    throw new OAuthError('invalid_request', 'request_uri must not be pushed (RFC 9126 section 2.1)')
  }
  const { sent, signed } = await requestedByValue(needs, party, form)
  const redirectUri = sent.get('redirect_uri')
  const address = returnAddress(party, redirectUri, sent.get('state'))
  if (address === undefined) {
    const why = redirectUri === undefined ? 'is missing' : 'is not registered for this client'
    throw new OAuthError('invalid_request', `redirect_uri ${why}`)
  }
  return accept(sent, party, address, hintReader(needs), { pushed: true, signed })
}

function recordRefusal(trail: Trail, refusal: OAuthError, clientId: ClientId | undefined, at: Instant): void {
  const kind = refusal.code === 'invalid_client' ? 'client.refused' : 'authorization.refused'
  const detail = `pushed: ${refusal.code}: ${refusal.detail ?? refusal.description}`
  trail.record({ at, kind, ...(clientId === undefined ? {} : { clientId }), detail })
}

/** What is not a refusal is a fault of ours: the client learns that, the trail learns which. */
const asRefusal = (thrown: unknown): OAuthError =>
  thrown instanceof OAuthError
    ? thrown
    : new OAuthError('server_error', 'the request could not be answered; try again', String(thrown))
