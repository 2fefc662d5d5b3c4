import type { Clock } from '../../kernel/instant.ts'
import type { Signer } from '../../keys/signer.ts'
import {
  type AuthorizationResponse,
  authorizationResponse,
  inQuery,
  signedResponseClaims,
} from '../../protocol/oauth/authorization-response.ts'
import { isForm, isSigned } from '../../protocol/oauth/response-mode.ts'
import type { ReturnAddress } from '../../protocol/oauth/return-address.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** An answer on its way to a service: where the browser goes, or a form that it posts there. */
export type Delivery =
  | { readonly way: 'redirect'; readonly location: string }
  | {
      readonly way: 'form'
      readonly action: string
      readonly fields: Readonly<Record<string, string>>
      readonly serviceName: string
    }

export interface DeliverNeeds {
  readonly issuer: string
  readonly clock: Clock
  readonly signer: Pick<Signer, 'sign'>
}

/** An answer in the response mode of its address, signed where that says so (JARM §2.2, §2.3). */
export async function deliver(
  { issuer, clock, signer }: DeliverNeeds,
  party: RelyingParty,
  address: ReturnAddress,
  response: AuthorizationResponse,
): Promise<Delivery> {
  const { responseMode, redirectUri } = address
  const fields = isSigned(responseMode)
    ? {
        response: await signer.sign(signedResponseClaims(address, response, issuer, clock()), {
          typ: 'JWT',
          alg: party.metadata.authorization_signed_response_alg,
        }),
      }
    : authorizationResponse(address, response, issuer)
  return isForm(responseMode)
    ? { way: 'form', action: redirectUri, fields, serviceName: party.name }
    : { way: 'redirect', location: inQuery(address, fields) }
}
