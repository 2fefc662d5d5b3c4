import { type Specification, testsOf } from './requirement.ts'

const assertions = testsOf('test/conformance/rfc7523-client-assertions/client-assertions.test.ts')
const authenticate = testsOf('test/provider/client-authentication/authenticate.test.ts')
const presented = testsOf('test/protocol/oauth/client-credentials.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const rfc7521: Specification = {
  id: 'RFC 7521',
  title: 'Assertion Framework for OAuth 2.0 Client Authentication and Authorization Grants',
  address: 'https://www.rfc-editor.org/rfc/rfc7521',
  folders: ['rfc7523-client-assertions'],
  bearing:
    'Client authentication (§4.2) and what every assertion is held to (§5). Assertions as grants (§4.1) are not offered: such a grant_type is not supported.',
  requirements: [
    {
      section: '4.1',
      must: 'A grant type that is not offered is refused',
      heldBy: [discovery('grant_types: nothing of a password, and nothing without a code')],
    },
    {
      section: '4.2',
      must: 'client_assertion and client_assertion_type come together, one assertion alone',
      heldBy: [
        presented('an assertion without its type'),
        presented('an assertion of another type'),
        presented('a type without its assertion'),
        presented('an assertion that is no JWT'),
      ],
    },
    {
      section: '4.2',
      must: 'A client_id beside an assertion names the same client',
      heldBy: [
        presented('RFC 7521 §4.2: a client_id that names the same client'),
        presented('RFC 7521 §4.2: another client_id beside an assertion'),
      ],
    },
    {
      section: '4.2',
      must: 'An assertion is not joined with another way to authenticate',
      heldBy: [presented('header and assertion'), presented('form and assertion')],
    },
    {
      section: '4.2.1',
      must: 'An assertion that does not hold is answered with invalid_client',
      heldBy: [
        assertions('§3 (3) attack, audience injection: an assertion made for %s'),
        authenticate('one without exp'),
      ],
    },
    {
      section: '5.2',
      must: 'An assertion has an issuer, a subject that is the client, an audience that is us, and an end',
      heldBy: [
        authenticate('RFC 7523 §3 (1): another issuer'),
        authenticate('RFC 7523 §3 (2): an assertion about another client'),
        authenticate('RFC 7523 §3 (3): another audience'),
        authenticate('one without exp'),
      ],
    },
    {
      section: '5.2',
      must: 'An assertion that is over, or not signed by the issuer’s key, is refused',
      heldBy: [
        authenticate('RFC 7523 §3 (4): an expired one'),
        authenticate('RFC 7523 §3 (9): the key of somebody else'),
        assertions('attack: another client’s key'),
      ],
    },
  ],
}
