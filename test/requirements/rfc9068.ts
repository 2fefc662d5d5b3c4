import { type Specification, testsOf } from './requirement.ts'

const tokens = testsOf('test/conformance/rfc9068-access-tokens/access-token.test.ts')
const exchange = testsOf('test/conformance/rfc8693-token-exchange/token-exchange.test.ts')
const confusion = testsOf('test/conformance/rfc9700-attacks/token-confusion.test.ts')

export const rfc9068: Specification = {
  id: 'RFC 9068',
  title: 'JSON Web Token Profile for OAuth 2.0 Access Tokens',
  address: 'https://www.rfc-editor.org/rfc/rfc9068',
  folders: ['rfc9068-access-tokens'],
  bearing:
    '§2 and §3 for every access token, §4 for userinfo, which is a resource server of ours, §5. Encrypted access tokens are not offered.',
  requirements: [
    {
      section: '2.1',
      must: 'Access tokens are signed, and never with none',
      heldBy: [tokens('§2.1: signed, by a key that is published, as at+jwt'), tokens('no signature')],
    },
    {
      section: '2.1',
      must: 'RS256 is among the algorithms that sign and verify access tokens',
      notHeld:
        'Access tokens are ES256 and nothing else: it is smaller and quicker, and one algorithm leaves nothing to confuse. A resource server that knows RS256 alone asks at /introspect. ID tokens, which have RS256 by default, are not concerned.',
    },
    {
      section: '2.1',
      must: 'typ is at+jwt or application/at+jwt',
      heldBy: [tokens('§2.1: signed, by a key that is published, as at+jwt')],
    },
    {
      section: '2.2',
      must: 'iss, exp, aud, sub, client_id, iat and jti are there',
      heldBy: [tokens('§2.2: with every claim that is required')],
    },
    {
      section: '2.2',
      must: 'sub is the person’s, or the client’s where nobody signed in',
      heldBy: [tokens('§5: the subject of a client is no person’s')],
    },
    {
      section: '2.2.1',
      must: 'auth_time, acr and amr are those of the sign-in, for all tokens that come of it',
      heldBy: [tokens('§2.2.1: auth_time, acr and amr are of the sign-in')],
    },
    {
      section: '2.2.3',
      must: 'scope is there where it was asked for',
      heldBy: [tokens('§2.2.3: with the scope that was granted')],
    },
    {
      section: '3',
      must: 'aud is the resource that was named, or a default; never a mixture that leaves a scope in doubt',
      heldBy: [
        tokens('§2.2: with every claim that is required'),
        exchange('§2.1: resource in place of audience'),
        exchange('§2.2.2: two APIs at once'),
      ],
    },
    {
      section: '4',
      must: 'typ is verified, and any other is refused',
      heldBy: [tokens('typ %s is taken'), tokens('another typ'), tokens('the typ of another kind of token')],
    },
    {
      section: '4',
      must: 'iss is exactly the issuer’s',
      heldBy: [tokens('another issuer'), tokens('the issuer with a slash')],
    },
    {
      section: '4',
      must: 'aud names the resource server',
      heldBy: [tokens('another audience'), tokens('no audience')],
    },
    {
      section: '4',
      must: 'The signature is verified with the keys that the server publishes, and none is refused',
      heldBy: [
        tokens('alg none in an honest form'),
        tokens('a key that is not published'),
        tokens('the published key taken for a secret'),
      ],
    },
    {
      section: '4',
      must: 'A token is not accepted after exp',
      heldBy: [tokens('a token that is over'), tokens('a token without an end')],
    },
    {
      section: '5',
      must: 'No JWT of another kind is taken for an access token',
      heldBy: [tokens('an ID token'), confusion('attack: %s as an access token, at userinfo')],
    },
  ],
}
