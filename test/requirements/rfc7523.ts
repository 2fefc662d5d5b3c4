import { type Specification, testsOf } from './requirement.ts'

const assertions = testsOf('test/conformance/rfc7523-client-assertions/client-assertions.test.ts')
const authenticate = testsOf('test/provider/client-authentication/authenticate.test.ts')
const jwts = testsOf('test/conformance/rfc7519-json-web-tokens/of-clients.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const rfc7523: Specification = {
  id: 'RFC 7523',
  title: 'JWT Profile for OAuth 2.0 Client Authentication and Authorization Grants',
  address: 'https://www.rfc-editor.org/rfc/rfc7523',
  folders: ['rfc7523-client-assertions'],
  bearing: '§2.2, §3 and §3.2, for client authentication. JWTs as grants (§2.1, §3.1) are not offered.',
  requirements: [
    {
      section: '3 (1)',
      must: 'iss is there and is the client; it is compared as a simple string',
      heldBy: [authenticate('RFC 7523 §3 (1): another issuer')],
    },
    {
      section: '3 (2)',
      must: 'sub is the client_id of the client',
      heldBy: [authenticate('RFC 7523 §3 (2): an assertion about another client')],
    },
    {
      section: '3 (3)',
      must: 'aud names us, compared as a simple string; an assertion for others is refused',
      heldBy: [
        assertions('§3 (3): %s as audience of a compatible client'),
        assertions('§3 (3) attack, audience injection: an assertion made for %s'),
      ],
    },
    {
      section: '3 (4)',
      must: 'exp is there, and is not over but for a small leeway; an end unreasonably far ahead may be refused',
      heldBy: [
        authenticate('RFC 7523 §3 (4): an expired one'),
        authenticate('one without exp'),
        authenticate('one that lives too long'),
      ],
    },
    {
      section: '3 (5)',
      must: 'An assertion is not accepted before nbf',
      heldBy: [authenticate('RFC 7523 §3 (5): one that is not yet valid')],
    },
    {
      section: '3 (7)',
      must: 'A jti, which may be demanded to be there, is accepted once for as long as its assertion lives',
      heldBy: [assertions('§3 (7) attack: an assertion replayed'), authenticate('one without jti')],
    },
    {
      section: '3 (9)',
      must: 'The JWT is signed by its issuer; an invalid signature is refused',
      heldBy: [
        authenticate('RFC 7523 §3 (9): the key of somebody else'),
        authenticate('RFC 8725 §3.1: alg none'),
        jwts('RFC 7515 §5.2: another signature'),
      ],
    },
    {
      section: '3 (10)',
      must: 'The JWT is valid in all other respects',
      heldBy: [
        jwts('RFC 7515 §4.1.11: an extension that is not known'),
        jwts('RFC 7519 §7.2: claims that are a list'),
      ],
    },
    {
      section: '3.2',
      must: 'A JWT that is not valid is answered with invalid_client',
      heldBy: [jwts('RFC 7519 §4.1.4: over'), assertions('attack: another client’s key')],
    },
    {
      section: '5',
      must: 'RS256 is supported',
      heldBy: [discovery('client authentication by private_key_jwt, signed with %s')],
    },
  ],
}
