import { backchannelLogout } from './backchannel-logout.ts'
import { cibaCore } from './ciba-core.ts'
import { eapAcrValues } from './eap-acr-values.ts'
import { fapiCiba } from './fapi-ciba.ts'
import { fapi2MessageSigning } from './fapi2-message-signing.ts'
import { fapi2SecurityProfile } from './fapi2-security-profile.ts'
import { formPost } from './form-post.ts'
import { frontchannelLogout } from './frontchannel-logout.ts'
import { jarmSpecification } from './jarm.ts'
import { multipleResponseTypes } from './multiple-response-types.ts'
import { oidcCore } from './oidc-core.ts'
import { oidcDiscovery } from './oidc-discovery.ts'
import { oidcRegistration } from './oidc-registration.ts'
import type { Specification } from './requirement.ts'
import { rfc6749 } from './rfc6749.ts'
import { rfc6750 } from './rfc6750.ts'
import { rfc7009 } from './rfc7009.ts'
import { rfc7515 } from './rfc7515.ts'
import { rfc7519 } from './rfc7519.ts'
import { rfc7521 } from './rfc7521.ts'
import { rfc7523 } from './rfc7523.ts'
import { rfc7591 } from './rfc7591.ts'
import { rfc7592 } from './rfc7592.ts'
import { rfc7636 } from './rfc7636.ts'
import { rfc7662 } from './rfc7662.ts'
import { rfc8414 } from './rfc8414.ts'
import { rfc8628 } from './rfc8628.ts'
import { rfc8693 } from './rfc8693.ts'
import { rfc8705 } from './rfc8705.ts'
import { rfc9068 } from './rfc9068.ts'
import { rfc9101 } from './rfc9101.ts'
import { rfc9126 } from './rfc9126.ts'
import { rfc9207 } from './rfc9207.ts'
import { rfc9449 } from './rfc9449.ts'
import { rfc9700 } from './rfc9700.ts'
import { rfc9701 } from './rfc9701.ts'
import { rpInitiatedLogout } from './rp-initiated-logout.ts'
import { sessionManagement } from './session-management.ts'

/** Every specification that the table in `docs/conformance.md` covers, in its order. */
export const SPECIFICATIONS: readonly Specification[] = [
  rfc6749,
  rfc6750,
  rfc7009,
  rfc7515,
  rfc7519,
  rfc7521,
  rfc7523,
  rfc7591,
  rfc7592,
  rfc7636,
  rfc7662,
  rfc8414,
  rfc8628,
  rfc8693,
  rfc8705,
  rfc9068,
  rfc9101,
  rfc9126,
  rfc9207,
  rfc9449,
  rfc9700,
  rfc9701,
  oidcCore,
  oidcDiscovery,
  oidcRegistration,
  rpInitiatedLogout,
  backchannelLogout,
  frontchannelLogout,
  sessionManagement,
  formPost,
  multipleResponseTypes,
  jarmSpecification,
  cibaCore,
  fapi2SecurityProfile,
  fapi2MessageSigning,
  fapiCiba,
  eapAcrValues,
]
