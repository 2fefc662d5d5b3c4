import { type Context, Hono } from 'hono'
import type { Trail } from '../../audit/trail.ts'
import { anyOrigin } from '../../http/any-origin.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { refusalAsJson } from '../../http/oauth-errors.tsx'
import { placeOf } from '../../http/place.ts'
import type { Mac } from '../../kernel/derived-key.ts'
import { digest } from '../../kernel/digest.ts'
import { addressed, type Entropy, newHandle } from '../../kernel/handle.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import { type ClientCredentials, clientCredentials } from '../../protocol/oauth/client-credentials.ts'
import { deviceAuthorizationResponse } from '../../protocol/oauth/device-authorization.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import type { CertificateOf } from '../../protocol/oauth/mutual-tls.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import { type AuthenticateNeeds, authenticate } from '../client-authentication/authenticate.ts'
import { recordRefusal } from '../client-authentication/refused.ts'
import { postedProof } from '../sender-constraint/posted-proof.ts'
import { addressesOf, type Origins, type ProofNeeds, spend } from '../sender-constraint/proof.ts'
import { accept } from './accept.ts'
import { INTERVAL } from './request.ts'
import type { DeviceRequests } from './requests.ts'
import { newUserCode, objectOfUserCode, shownUserCode } from './user-code.ts'

export interface DeviceAuthorizationNeeds
  extends Omit<AuthenticateNeeds, 'tokenEndpoint'>,
    ProofNeeds,
    Origins {
  readonly certificateOf: CertificateOf
  readonly issuer: string
  readonly clock: Clock
  readonly entropy: Entropy
  readonly trail: Trail
  readonly lifetimes: Pick<Lifetimes, 'deviceRequest'>
  readonly deviceRequests: Pick<DeviceRequests, 'begin'>
  /** Names the object of a user code. */
  readonly userCodeMac: Mac
}

/** RFC 8628 §3.2: the answer must not be kept on the way. */
const NO_STORE = { 'Cache-Control': 'no-store', Pragma: 'no-cache' } as const

/** The device authorization endpoint (RFC 8628 §3.1). Public clients call it too, from browsers of televisions. */
export const deviceAuthorizationRoutes = (needs: DeviceAuthorizationNeeds) =>
  new Hono()
    .use('/device_authorization', anyOrigin('POST'))
    .post('/device_authorization', formLimit, (context) => authorization(context, needs))
    .all('/device_authorization', (context) => {
      const refusal = new OAuthError('invalid_request', 'this endpoint takes POST (RFC 8628 section 3.1)')
      return context.json(refusal.body(), 405, { ...NO_STORE, Allow: 'POST' })
    })

async function authorization(context: Context, needs: DeviceAuthorizationNeeds): Promise<Response> {
  const now = needs.clock()
  let credentials: ClientCredentials | undefined
  let party: RelyingParty | undefined
  try {
    const form = await formOf(context)
    credentials = clientCredentials(context.req.header('authorization'), form)
    const proof = await postedProof(context, needs, now)
    // RFC 8628 §3.1: the client authenticates as at the token endpoint.
    party = await authenticate(
      {
        ...needs,
        tokenEndpoint: `${needs.issuer}/token`,
        endpoints: addressesOf(needs, context.req.url),
      },
      credentials,
      now,
      await needs.certificateOf(context.req.raw),
    )
    const request = accept(form, party)
    await spend(needs, proof, now)
    const begun = await begin(needs, { ...request, place: placeOf(context.req.raw), jkt: proof?.jkt }, party)
    return context.json(begun, 200, NO_STORE)
  } catch (thrown) {
    const refusal = asRefusal(thrown)
    const clientId = party?.clientId ?? credentials?.clientId
    const refused = { at: now, kind: 'authorization.refused', clientId, where: 'device' } as const
    recordRefusal(needs.trail, refusal, refused)
    context.header('Pragma', NO_STORE.Pragma)
    return refusalAsJson(context, refusal, `Basic realm="${needs.issuer}", charset="UTF-8"`)
  }
}

/** Tries to find a code that no live request has. One in twenty thousand millions is taken: three are plenty. */
const MOST_CODES = 3

/** Opens the request: one object call, under the name that its user code leads to. */
async function begin(
  needs: DeviceAuthorizationNeeds,
  asked: Omit<
    Parameters<DeviceRequests['begin']>[0],
    'name' | 'secret' | 'clientId' | 'clientName' | 'lifetime'
  >,
  { clientId, name: clientName }: RelyingParty,
) {
  const { entropy, issuer, lifetimes, deviceRequests, userCodeMac } = needs
  const secret = newHandle(entropy)
  const lifetime = lifetimes.deviceRequest
  for (let tried = 0; tried < MOST_CODES; tried++) {
    const code = newUserCode(entropy)
    const name = await objectOfUserCode(userCodeMac, code)
    const free = await deviceRequests.begin({
      ...asked,
      name,
      secret: await digest(secret),
      clientId,
      clientName,
      lifetime,
    })
    if (!free) continue
    return deviceAuthorizationResponse({
      deviceCode: addressed(name, secret),
      userCode: shownUserCode(code),
      verificationUri: `${issuer}/device`,
      lifetime,
      interval: INTERVAL,
    })
  }
  throw new OAuthError('server_error', 'no code was free; try again', 'every user code was taken')
}
