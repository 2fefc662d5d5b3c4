import { type Specification, testsOf } from './requirement.ts'

const config = testsOf('test/conformance/openid-foundation/config-op.test.ts')
const document = testsOf('test/protocol/oidc/discovery.test.ts')
const truth = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')
const metadata = testsOf('test/conformance/rfc8414-metadata/metadata.test.ts')

export const oidcDiscovery: Specification = {
  id: 'OIDC Discovery',
  title: 'OpenID Connect Discovery 1.0, errata set 2',
  address: 'https://openid.net/specs/openid-connect-discovery-1_0.html',
  folders: ['oidc-discovery', 'openid-foundation'],
  bearing:
    '§3, §4 and §7. Finding the issuer from a person’s address (§2, WebFinger) is not offered: every service is told its issuer.',
  requirements: [
    {
      section: '3',
      must: 'issuer, authorization_endpoint, token_endpoint, jwks_uri, response_types_supported, subject_types_supported and id_token_signing_alg_values_supported are there',
      heldBy: [document('OIDC Discovery §3: %s is required'), config('response_types_supported has code')],
    },
    {
      section: '3',
      must: 'The issuer is https, without query and fragment',
      heldBy: [
        config('Discovery §4.3: the issuer is where it was asked for'),
        settings('an issuer with a path'),
        settings('production over http'),
      ],
    },
    {
      section: '3',
      must: 'jwks_uri and the endpoints are https',
      heldBy: [config('every endpoint is https and without fragment')],
    },
    {
      section: '3',
      must: 'The JWK set says what each key is for, and holds no private key',
      heldBy: [config('jwks_uri holds public keys, each with a kid of its own, and no other')],
    },
    {
      section: '3',
      must: 'RS256 is among id_token_signing_alg_values_supported',
      heldBy: [config('id_token_signing_alg_values_supported has RS256'), truth('ID tokens signed with %s')],
    },
    {
      section: '3',
      must: 'none is not among token_endpoint_auth_signing_alg_values_supported',
      heldBy: [metadata('an endpoint where clients sign has its algorithms, and none is not one of them')],
    },
    {
      section: '3',
      must: 'request_uri_parameter_supported says no, because silence would mean yes',
      heldBy: [
        document('says no where silence means yes'),
        config('which of request, request_uri and claims are taken, is said'),
      ],
    },
    {
      section: '4',
      must: 'The document is at the issuer with /.well-known/openid-configuration behind it',
      heldBy: [config('Discovery §4.2: 200'), config('Discovery §4.3')],
    },
    {
      section: '4.2',
      must: 'It is answered with 200 and application/json, and a list without elements is left out',
      heldBy: [config('200, and JSON by its type'), metadata('§3.2: what would be empty is left out')],
    },
    {
      section: '4.3',
      must: 'issuer is the URL that the document was found by, and the iss of ID tokens',
      heldBy: [
        config('Discovery §4.3: the issuer is where it was asked for'),
        testsOf('test/conformance/oidc-core-tokens/tokens.test.ts')('says who issued it, to whom'),
      ],
    },
  ],
}
