import { type Context, Hono } from 'hono'
import type { Trail } from '../../audit/trail.ts'
import { anyOrigin } from '../../http/any-origin.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import type { Clock } from '../../kernel/instant.ts'
import { CIBA_GRANT } from '../../protocol/oauth/backchannel-metadata.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { DEVICE_GRANT } from '../../protocol/oauth/device-authorization.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import { TOKEN_EXCHANGE } from '../../protocol/oauth/token-exchange.ts'
import { type TokenRequest, tokenRequest } from '../../protocol/oauth/token-request.ts'
import type { ClientKeys } from '../../relying-parties/client-keys.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, prove } from '../client-authentication/authenticate.ts'
import { recordRefusal } from '../client-authentication/refused.ts'
import { confirmationFor, holderOf } from '../sender-constraint/confirmation.ts'
import { postedProof } from '../sender-constraint/posted-proof.ts'
import { addressesOf, type Origins, type ProofNeeds, spend } from '../sender-constraint/proof.ts'
import { encryptionOf } from '../tokens/encryption.ts'
import { type IssueNeeds, issue } from '../tokens/issue.ts'
import { authorizationCode } from './authorization-code.ts'
import { type CibaNeeds, ciba } from './ciba.ts'
import { clientCredentialsGrant } from './client-credentials.ts'
import { type DeviceCodeNeeds, deviceCode } from './device-code.ts'
import { type Granted, type GrantNeeds, REUSE, type Shown } from './grant.ts'
import { refreshToken } from './refresh-token.ts'
import { exchange, type TokenExchangeNeeds } from './token-exchange.ts'

export interface TokenNeeds
  extends Omit<AuthenticateNeeds, 'tokenEndpoint' | 'relyingParties'>,
    GrantNeeds,
    Omit<CibaNeeds, 'sessions'>,
    Omit<DeviceCodeNeeds, 'sessions'>,
    Omit<IssueNeeds, 'lifetimes' | 'signer'>,
    Omit<TokenExchangeNeeds, 'lifetimes' | 'relyingParties' | 'sessions'>,
    ProofNeeds,
    Origins {
  readonly certificateOf: CertificateOf
  readonly issuer: string
  readonly clientKeys: ClientKeys
  readonly sessions: GrantNeeds['sessions'] &
    CibaNeeds['sessions'] &
    DeviceCodeNeeds['sessions'] &
    TokenExchangeNeeds['sessions']
  readonly relyingParties: Pick<RelyingParties, 'find' | 'findApi'>
  readonly lifetimes: IssueNeeds['lifetimes'] & TokenExchangeNeeds['lifetimes']
  readonly clock: Clock
  readonly trail: Trail
}

/** RFC 6749 §5.1: neither the tokens nor the refusal may be kept on the way. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

/** The token endpoint (RFC 6749 §3.2): POST `/token`. Any origin may call it: public clients run in browsers. */
export const tokenRoutes = (needs: TokenNeeds) =>
  new Hono()
    .use('/token', anyOrigin('POST'))
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
    // Before the client: a proof without our nonce comes again, and with it the client's own assertion.
    const proof = await postedProof(context, needs, now)
    const certificate = await needs.certificateOf(context.req.raw)
    const proved = await prove(
      // RFC 7523 §3: the endpoint that it called, by whichever of its addresses.
      {
        ...needs,
        tokenEndpoint: `${needs.issuer}/token`,
        endpoints: addressesOf(needs, context.req.url),
      },
      credentials,
      now,
      certificate,
    )
    party = proved.party
    const request = registeredFor(party, tokenRequest(form))
    // Only what the client gets in its own name tells of its structure.
    const structure = request.grantType === 'client_credentials' ? proved.structure : undefined
    const confirmation = confirmationFor(party, { jkt: proof?.jkt, certificate }, structure !== undefined)
    await spend(needs, proof, now)
    const answer = {
      at: now,
      kind: 'token.issued',
      clientId: party.clientId,
      detail: request.grantType,
    } as const
    if (request.grantType === 'client_credentials') {
      const tokens = await clientCredentialsGrant(
        needs,
        { party, structure },
        request.scope,
        confirmation,
        now,
      )
      needs.trail.record(answer)
      return context.json(tokens, 200, NO_STORE)
    }
    if (request.grantType === TOKEN_EXCHANGE) {
      const sender = { jkt: proof?.jkt, certificate }
      const audiences = [needs.issuer, ...addressesOf(needs, context.req.url)]
      const exchanger = { party, sender, confirmation, audiences }
      const { tokens, practitionerId } = await exchange(needs, exchanger, request, now)
      needs.trail.record({ ...answer, practitionerId, detail: `${request.grantType} ${request.audience}` })
      return context.json(tokens, 200, NO_STORE)
    }
    const encryption = await encryptionOf(needs.clientKeys, party, 'id_token')
    const shown = { jkt: proof?.jkt, holder: holderOf(party, confirmation) }
    const { grant, refresh } = await granted(needs, party, request, shown)
    const tokens = await issue(needs, grant, party, refresh, { confirmation, encryption }, now)
    needs.trail.record({ ...answer, practitionerId: grant.subject.practitionerId })
    return context.json(tokens, 200, NO_STORE)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const clientId = party?.clientId ?? credentials?.clientId
    const kind = refusal.detail === REUSE ? 'token.reuse' : 'token.refused'
    recordRefusal(needs.trail, refusal, { at: now, kind, clientId })
    context.header('Pragma', NO_STORE.Pragma)
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

/** RFC 6749 §5.2, `unauthorized_client`: a client gets what it is registered for. */
function registeredFor(party: RelyingParty, request: TokenRequest): TokenRequest {
  const types: readonly string[] = party.metadata.grant_types
  if (types.includes(request.grantType)) return request
  throw new OAuthError('unauthorized_client', `the client is not registered for ${request.grantType}`)
}

function granted(
  needs: GrantNeeds & CibaNeeds & DeviceCodeNeeds,
  party: RelyingParty,
  request: Exclude<TokenRequest, { grantType: 'client_credentials' | typeof TOKEN_EXCHANGE }>,
  shown: Shown,
): Promise<Granted> {
  switch (request.grantType) {
    case 'authorization_code':
      return authorizationCode(needs, party, request, shown)
    case 'refresh_token':
      return refreshToken(needs, party, request, shown)
    case CIBA_GRANT:
      return ciba(needs, party, request, shown)
    case DEVICE_GRANT:
      return deviceCode(needs, party, request, shown)
  }
}
