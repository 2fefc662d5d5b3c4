import { type Specification, testsOf } from './requirement.ts'

const requests = testsOf('test/conformance/oidc-core-requests/authentication.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const acr = testsOf('test/protocol/oidc/acr.test.ts')

export const eapAcrValues: Specification = {
  id: 'EAP ACR Values',
  title: 'OpenID Connect Extended Authentication Profile (EAP) ACR Values 1.0',
  address: 'https://openid.net/specs/openid-connect-eap-acr-values-1_0.html',
  folders: ['oidc-core-requests', 'oidc-discovery'],
  bearing: '§2, `phr` and `phrh`. The value `pop` of `amr` (§3) is stated with every passkey.',
  requirements: [
    {
      section: '2',
      must: 'phr is stated only of an authentication that cannot be phished: a passkey on this device or beside it, and not a question on the phone',
      heldBy: [
        requests('OIDC Core §3.1.2.1: a session of %s, acr_values=%s'),
        discovery('acr_values=%s can be reached, and is stated'),
        testsOf('test/conformance/ciba/ciba-core.test.ts')('a class that a phone cannot reach'),
      ],
    },
    {
      section: '2',
      must: 'phrh is stated only where the key is kept in hardware',
      heldBy: [
        discovery('EAP ACR Values 1.0 §2: phrh is not stated of a passkey that is copied between devices'),
        acr('asked %j, reached %j: enough %j, stated %j'),
      ],
    },
  ],
}
