import { type Context, Hono } from 'hono'
import type { Trail } from '../../audit/trail.ts'
import { anyOrigin } from '../../http/any-origin.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { Clock } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import type { DpopProof } from '../../protocol/oauth/dpop.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { pushedResponse } from '../../protocol/oauth/pushed-authorization.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import type { PublicKeys } from '../../protocol/oidc/id-token-hint.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AcceptedRequest, accept } from '../authorization/accept.ts'
import { hintReader } from '../authorization/hint.ts'
import type { PushedRequests } from '../authorization/pushed-requests.ts'
import { type RequestedNeeds, requestedByValue } from '../authorization/requested.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { recordRefusal } from '../client-authentication/refused.ts'
import { postedProof } from '../sender-constraint/posted-proof.ts'
import { addressesOf, type Origins, type ProofNeeds, spend } from '../sender-constraint/proof.ts'

export interface PushedAuthorizationNeeds
  extends Omit<AuthenticateNeeds, 'tokenEndpoint'>,
    RequestedNeeds,
    ProofNeeds,
    Origins {
  readonly certificateOf: CertificateOf
  readonly issuer: string
  readonly clientKeys: ClientKeys
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
    .use('/par', anyOrigin('POST'))
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
    // Before the client: a proof without our nonce comes again, and with it the client's own assertion.
    const proof = await postedProof(context, needs, now)
    const party = await authenticate(
      // RFC 9126 §2: the issuer, the token endpoint and this endpoint are all good names for us.
      {
        ...needs,
        tokenEndpoint: `${needs.issuer}/token`,
        endpoints: addressesOf(needs, context.req.url),
      },
      credentials,
      now,
      await needs.certificateOf(context.req.raw),
    )
    const request = boundTo(await accepted(needs, party, form), proof)
    await spend(needs, proof, now)
    const lifetime = needs.lifetimes.pushedRequest
    const handle = await needs.pushed.keep(request, lifetime)
    return context.json(pushedResponse(handle, lifetime), 201, NO_STORE)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const clientId = credentials?.clientId
    const refused = { at: now, kind: 'authorization.refused', clientId, where: 'pushed' } as const
    recordRefusal(needs.trail, refusal, refused)
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

/** RFC 9449 §10.1: a proof that comes with a pushed request binds its code, as `dpop_jkt` does; both must agree. */
function boundTo(request: AcceptedRequest, proof: DpopProof | undefined): AcceptedRequest {
  if (proof === undefined) return request
  if (request.dpopJkt !== undefined && request.dpopJkt !== proof.jkt) {
    throw new OAuthError('invalid_dpop_proof', 'dpop_jkt is another key than the one of the proof')
  }
  return { ...request, dpopJkt: proof.jkt }
}
