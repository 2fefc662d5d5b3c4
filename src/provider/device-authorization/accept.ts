import { DEVICE_GRANT } from '../../protocol/oauth/device-authorization.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import type { Parameters } from '../../protocol/oauth/parameters.ts'
import { parseScope, registeredScopes, scopeText } from '../../protocol/oauth/scope.ts'
import { type Acr, parseAcrValues } from '../../protocol/oidc/acr.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'

/** A device's request held to its client's registration. */
export interface AcceptedRequest {
  readonly scope: string
  readonly acrValues: readonly Acr[]
  readonly maxAge: number | undefined
}

/** Longest `acr_values` that is read, as at the authorization endpoint. */
const LONGEST_ACR_VALUES = 512

/**
 * Accepts a device authorization request of a client that has proved itself (RFC 8628 §3.1). Parameters that it does
 * not know are left aside.
 * @throws OAuthError `unauthorized_client`, `invalid_scope` or `invalid_request` (RFC 8628 §3.1, RFC 6749 §5.2)
 */
export function accept(sent: Parameters, { metadata }: RelyingParty): AcceptedRequest {
  if (!metadata.grant_types.includes(DEVICE_GRANT)) {
    throw new OAuthError('unauthorized_client', `the client is not registered for ${DEVICE_GRANT}`)
  }
  const asked = parseScope(sent.get('scope') ?? '-')
  // OIDC Core §3.1.2.1: what is given here is always a sign-in.
  if (!asked.includes('openid')) {
    throw new OAuthError('invalid_scope', 'scope must have openid (OIDC Core section 3.1.2.1)')
  }
  const acrValues = sent.get('acr_values')
  if (acrValues !== undefined && acrValues.length > LONGEST_ACR_VALUES) {
    throw new OAuthError('invalid_request', `parameter 'acr_values' is longer than ${LONGEST_ACR_VALUES}`)
  }
  const allowed = registeredScopes(metadata.scope)
  return {
    scope: scopeText(asked.filter((scope) => allowed.includes(scope))),
    acrValues: parseAcrValues(acrValues),
    maxAge: metadata.default_max_age,
  }
}
