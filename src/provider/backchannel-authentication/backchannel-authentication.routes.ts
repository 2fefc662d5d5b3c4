import { type Context, Hono } from 'hono'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import { digest } from '../../kernel/digest.ts'
import { addressed, type Entropy, newHandle, newObjectName } from '../../kernel/handle.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import { dynamicCodeOf } from '../../mire/dynamic-code.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import { statedAcr } from '../../protocol/oidc/acr.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { recordRefusal } from '../client-authentication/refused.ts'
import { type AcceptedRequest, type AcceptNeeds, accept, lifetimeOf } from './accept.ts'
import { type NamedNeeds, named } from './person.ts'
import { INTERVAL } from './request.ts'
import type { BackchannelRequests } from './requests.ts'
import { type RingNeeds, ring } from './ring.ts'

export interface BackchannelAuthenticationNeeds
  extends Omit<AuthenticateNeeds, 'tokenEndpoint'>,
    AcceptNeeds,
    Omit<NamedNeeds, 'audiences'>,
    RingNeeds {
  readonly certificateOf: CertificateOf
  readonly entropy: Entropy
  readonly lifetimes: Pick<Lifetimes, 'ciba'>
  readonly requests: BackchannelRequests
  /** Keeps work going behind the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void
}

/** RFC 6749 §5.1: neither the acknowledgement nor the refusal may be kept on the way. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

/** The backchannel authentication endpoint (CIBA Core §7). */
export const backchannelAuthenticationRoutes = (needs: BackchannelAuthenticationNeeds) =>
  new Hono()
    .post('/bc-authorize', formLimit, (context) => authentication(context, needs))
    .all('/bc-authorize', (context) => {
      const refusal = new OAuthError('invalid_request', 'this endpoint takes POST (CIBA Core section 7.1)')
      return context.json(refusal.body(), 405, { ...NO_STORE, Allow: 'POST' })
    })

async function authentication(context: Context, needs: BackchannelAuthenticationNeeds): Promise<Response> {
  const { issuer, trail } = needs
  const now = needs.clock()
  let credentials: ClientCredentials | undefined
  let party: RelyingParty | undefined
  try {
    const form = await formOf(context)
    credentials = clientCredentials(context.req.header('authorization'), form)
    // CIBA Core §7.1: the issuer, the token endpoint and this endpoint all name us in a client assertion.
    const endpoints = [`${issuer}/bc-authorize`, `${issuer}${new URL(context.req.url).pathname}`]
    const certificate = await needs.certificateOf(context.req.raw)
    party = await authenticate(
      { ...needs, tokenEndpoint: `${issuer}/token`, endpoints },
      credentials,
      now,
      certificate,
    )
    const request = await accept(needs, form, party, now)
    const person = await named({ ...needs, audiences: [issuer, ...endpoints] }, request.hint, party, now)
    const begun = await begin(needs, request, party)
    needs.defer(
      ring(
        needs,
        {
          ...begun,
          channel: request.channel,
          userCode: request.userCode,
          clientId: party.clientId,
          clientName: party.name,
        },
        person,
      ),
    )
    return context.json(
      { auth_req_id: begun.authReqId, expires_in: begun.lifetime, interval: INTERVAL },
      200,
      NO_STORE,
    )
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const clientId = party?.clientId ?? credentials?.clientId
    recordRefusal(trail, refusal, { at: now, kind: 'authorization.refused', clientId, where: 'CIBA' })
    context.header('Pragma', NO_STORE.Pragma)
    return refusalAsJson(context, refusal, `Basic realm="${issuer}", charset="UTF-8"`)
  }
}

/** Opens the request. One object call, the same for everybody: it does not know yet whom it is for. */
async function begin(needs: BackchannelAuthenticationNeeds, request: AcceptedRequest, party: RelyingParty) {
  const name = newObjectName(needs.entropy)
  const secret = newHandle(needs.entropy)
  const authReqId = addressed(name, secret)
  const lifetime = lifetimeOf(request.requestedExpiry, needs.lifetimes.ciba)
  const { backchannel_client_notification_endpoint: endpoint } = party.metadata
  const { notificationToken: token, binding } = request
  await needs.requests.begin({
    name,
    secret: await digest(secret),
    clientId: party.clientId,
    clientName: party.name,
    scope: request.scope,
    channel: request.channel,
    acr: statedAcr('eidas1', request.acrValues),
    shown: 'code' in binding ? dynamicCodeOf(binding.code, needs.entropy) : { message: binding.text },
    lifetime,
    ping: endpoint === undefined || token === undefined ? undefined : { endpoint, token, authReqId },
  })
  return { name, authReqId, lifetime }
}
