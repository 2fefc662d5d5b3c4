import { type Specification, testsOf } from './requirement.ts'

const plan = testsOf('test/conformance/openid-foundation/fapi2-security-profile.test.ts')
const config = testsOf('test/conformance/openid-foundation/config-op.test.ts')
const named = (name: string) => plan(`fapi2-security-profile-final-${name}`)

export const fapi2SecurityProfile: Specification = {
  id: 'FAPI 2.0 Security Profile',
  title: 'FAPI 2.0 Security Profile, final',
  address: 'https://openid.net/specs/fapi-security-profile-2_0-final.html',
  folders: ['openid-foundation'],
  bearing:
    '§5.2 to §5.4, for clients registered as strict: what the profile demands of a server holds for them, and other clients stand beside them. Versions and suites of TLS (§5.2.1, §5.2.2) are the edge’s, and what clients must do (§5.3.3) is theirs.',
  requirements: [
    {
      section: '5.2.1',
      must: 'Every endpoint is served over TLS',
      heldBy: [config('every endpoint is https and without fragment')],
    },
    {
      section: '5.2.3',
      must: 'Browsers cannot be brought down from TLS',
      heldBy: [
        testsOf('test/http/security-headers.test.ts')(
          'RFC 6797 §7.2: Strict-Transport-Security under https only',
        ),
      ],
    },
    {
      section: '5.2.3',
      must: 'The authorization endpoint has no CORS',
      heldBy: [plan('§5.2.3 (3): the authorization endpoint is not for scripts of other origins')],
    },
    {
      section: '5.3.2.1',
      must: 'Metadata is published as OpenID Connect Discovery and RFC 8414 say',
      heldBy: [named('discovery-end-point-verification')],
    },
    {
      section: '5.3.2.1',
      must: 'The password grant is refused',
      heldBy: [plan('§5.3.2.1 (2): the password grant')],
    },
    {
      section: '5.3.2.1',
      must: 'Only confidential clients are served',
      heldBy: [plan('§5.3.2.1 (3): a public client')],
    },
    {
      section: '5.3.2.1',
      must: 'Access tokens are bound to a key or a certificate, and to nothing less',
      heldBy: [
        named('ensure-holder-of-key-required'),
        named('dpop-negative-tests'),
        plan('§5.3.2.1 (4): bearer tokens'),
        testsOf('test/provider/sender-constraint/confirmation.test.ts')('a strict client over mutual TLS'),
      ],
    },
    {
      section: '5.3.2.1',
      must: 'Clients authenticate by private_key_jwt or mutual TLS',
      heldBy: [
        plan('§5.3.2.1 (6): a secret'),
        named('ensure-client-assertion-in-token-endpoint'),
        named('happy-flow'),
      ],
    },
    {
      section: '5.3.2.1',
      must: 'There is no open redirector',
      heldBy: [
        named('ensure-registered-redirect-uri'),
        named('ensure-redirect-uri-in-authorization-request'),
      ],
    },
    {
      section: '5.3.2.1',
      must: 'The issuer, as text, is the only audience that a client assertion may have',
      heldBy: [
        named('ensure-client-assertion-with-wrong-aud-fails'),
        named('par-test-array-as-audience-fails'),
        named('par-test-par-endpoint-as-audience-fails'),
        named('par-test-token-endpoint-url-as-audience-fails'),
      ],
    },
    {
      section: '5.3.2.1',
      must: 'Refresh tokens are not rotated',
      heldBy: [named('refresh-token')],
    },
    {
      section: '5.3.2.1',
      must: 'A code is good for a minute at most',
      heldBy: [named('ensure-token-endpoint-fails-with-expired-auth-code')],
    },
    {
      section: '5.3.2.1',
      must: 'With DPoP, a code can be bound to its key, by dpop_jkt and by a proof of the push',
      heldBy: [
        named('ensure-dpop-auth-code-binding-success'),
        named('ensure-dpopproof-at-par-endpoint-binding-success'),
        named('ensure-mismatched-dpop-jkt-fails'),
        named('ensure-token-endpoint-fails-with-mismatched-dpop-jkt'),
        named('ensure-token-endpoint-fails-with-mismatched-dpop-proof-jkt'),
      ],
    },
    {
      section: '5.3.2.1',
      must: 'iat and nbf up to ten seconds ahead are accepted, and more than sixty refused',
      heldBy: [
        named('par-ensure-jwt-client-assertion-with-iat-nbf-8-seconds-in-the-future-is-accepted'),
        named('par-ensure-jwt-client-assertion-with-iat-nbf-over-60-seconds-in-the-future-fails'),
        named('ensure-dpopproof-with-iat-10seconds-after-succeeds'),
      ],
    },
    {
      section: '5.3.2.2',
      must: 'response_type is code',
      heldBy: [named('ensure-response-type-code-idtoken-fails'), named('ensure-response-type-token-fails')],
    },
    {
      section: '5.3.2.2',
      must: 'Requests are pushed by the authenticated client, and refused otherwise',
      heldBy: [
        named('ensure-unsigned-authorization-request-without-using-par-fails'),
        plan('§5.3.2.2 (3): requests that are not pushed'),
        plan('§5.3.2.2 (4): a push without client authentication'),
        named('par-attempt-to-use-request_uri-for-different-client'),
      ],
    },
    {
      section: '5.3.2.2',
      must: 'PKCE with S256 is required',
      heldBy: [
        named('par-ensure-pkce-required'),
        named('par-plain-pkce-rejected'),
        named('ensure-pkce-code-verifier-required'),
        named('incorrect-pkce-code-verifier-rejected'),
      ],
    },
    {
      section: '5.3.2.2',
      must: 'redirect_uri is in every pushed request',
      heldBy: [named('ensure-redirect-uri-in-authorization-request')],
    },
    {
      section: '5.3.2.2',
      must: 'iss is in every answer',
      heldBy: [
        named('user-rejects-authentication'),
        named('ensure-authorization-request-without-state-success'),
      ],
    },
    {
      section: '5.3.2.2',
      must: 'No answer travels without TLS: http redirect URIs are for native applications on their own machine',
      heldBy: [plan('§5.3.2.2 (8): a redirect URI without TLS')],
    },
    {
      section: '5.3.2.2',
      must: 'A code that was used is refused',
      heldBy: [named('attempt-reuse-authorization-code-after-one-second')],
    },
    {
      section: '5.3.2.2',
      must: '307 is never used',
      heldBy: [plan('§5.3.2.2 (10), (11): browsers are redirected with 303')],
    },
    {
      section: '5.3.2.2',
      must: 'A request_uri is good for less than ten minutes',
      heldBy: [named('par-attempt-to-use-expired-request_uri')],
    },
    {
      section: '5.3.2.2',
      must: 'Nonces of up to 64 characters are supported',
      heldBy: [named('ensure-authorization-request-with-64-char-nonce-success')],
    },
    {
      section: '5.3.2.3',
      must: 'Where a client is told who signed in, it is by OpenID Connect',
      heldBy: [named('happy-flow')],
    },
    {
      section: '5.3.4',
      must: 'The resource takes tokens in the header and not in the query, and checks that they are valid, ours, and bound to the sender',
      heldBy: [
        named('access-token-type-header-case-sensitivity'),
        named('dpop-negative-tests'),
        testsOf('test/conformance/rfc6750-bearer/userinfo.test.ts')('§2.3: a token in the query'),
      ],
    },
    {
      section: '5.4.1',
      must: 'JWTs are signed with PS256, ES256 or Ed25519, and never with none',
      heldBy: [
        plan('§5.4.1: ID tokens by RS256'),
        plan('§5.4.1: assertions by ES384'),
        named('ensure-signed-client-assertion-with-RS256-fails'),
        plan('refused: RS256 (FAPI 2.0 §5.4.1), at the resource and at the token endpoint'),
        named('happy-flow'),
      ],
    },
    {
      section: '5.4.1',
      must: 'RSA keys have at least 2048 bits, and elliptic ones at least 224',
      heldBy: [
        plan('§5.4.1: an assertion by an RSA key of 1024 bits'),
        testsOf('test/conformance/oidc-core-encryption/encryption.test.ts')('an RSA key of 1024 bits'),
      ],
    },
    {
      section: '5.4.1',
      must: 'Codes, tokens and references cannot be guessed: at least 128 bits of chance',
      heldBy: [
        testsOf('test/conformance/rfc6749-authorization-code/token.test.ts')(
          'RFC 6749 §10.10: codes, refresh tokens and secrets of 256 random bits, never the same twice',
        ),
      ],
    },
    {
      section: '5.4.2',
      must: 'A client’s keys come by value or by reference, and a set of ours has a kid for each',
      heldBy: [
        plan('§5.4.2: keys that the client publishes by reference or by value, never both'),
        config('jwks_uri holds public keys, each with a kid of its own, and no other'),
      ],
    },
  ],
}
