import { type Specification, testsOf } from './requirement.ts'

const attacks = testsOf('test/conformance/rfc9700-attacks/authorization.test.ts')
const browser = testsOf('test/conformance/rfc9700-attacks/browser.test.ts')
const ends = testsOf('test/conformance/rfc9700-attacks/end-session.test.ts')
const audience = testsOf('test/conformance/rfc9700-attacks/audience.test.ts')
const pkce = testsOf('test/conformance/rfc7636-pkce/pkce.test.ts')
const token = testsOf('test/conformance/rfc6749-authorization-code/token.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const dpop = testsOf('test/conformance/rfc9449-dpop/dpop.test.ts')
const registration = testsOf('test/conformance/rfc7591-registration/registration.test.ts')
const accessTokens = testsOf('test/conformance/rfc9068-access-tokens/access-token.test.ts')
const bearer = testsOf('test/conformance/rfc6750-bearer/userinfo.test.ts')
const addresses = testsOf('test/protocol/oauth/return-address.test.ts')
const metadata = testsOf('test/protocol/oauth/client-metadata.test.ts')
const edge = testsOf('test/http/client-certificate.test.ts')
const tokenRoutes = testsOf('test/provider/grants/token.routes.test.ts')

export const rfc9700: Specification = {
  id: 'RFC 9700',
  title: 'Best Current Practice for OAuth 2.0 Security',
  address: 'https://www.rfc-editor.org/rfc/rfc9700',
  folders: ['rfc9700-attacks'],
  bearing:
    'What §2 and §4 ask of authorization servers. What clients and the resource servers of others must do (§4.4.2, §4.7, §4.9, §4.10.1) is left out; the implicit and the password grant are not offered.',
  requirements: [
    {
      section: '2.1',
      must: 'A redirection URI is compared exactly, but for the port of a native application on the loopback',
      heldBy: [
        attacks('another case in the path'),
        attacks('a wide letter (U+FF44)'),
        addresses('RFC 9700 §2.1: the registered address, character by character'),
        addresses('RFC 8252 §7.3: a native client registered %s answers at %s'),
      ],
    },
    {
      section: '2.1',
      must: 'There is no open redirector',
      heldBy: [
        attacks('RFC 9700 §4.11.2, attack: an error of ours does not send the browser where a stranger says'),
        ends('attack: an address without saying whose'),
      ],
    },
    {
      section: '2.1.1',
      must: 'PKCE is supported, and public clients use it',
      heldBy: [
        pkce('§4.6, app. B: tokens for a code and its verifier'),
        pkce('§4.4.1, RFC 9700 §2.1.1: PKCE missing where it is required, of a public client'),
      ],
    },
    {
      section: '2.1.1',
      must: 'A challenge that was sent makes the verifier required',
      heldBy: [attacks('attack: the verifier left out'), pkce('§4.5: no verifier')],
    },
    {
      section: '2.1.1',
      must: 'PKCE cannot be taken out of a request on its way: a verifier without a challenge is refused',
      heldBy: [
        attacks('attack: the challenge stripped on the way'),
        pkce('RFC 9700 §4.8.2: a verifier without a challenge'),
      ],
    },
    {
      section: '2.1.1',
      must: 'There is a way to learn that PKCE is supported',
      heldBy: [pkce('RFC 8414 §2, RFC 9700 §2.1.1: the metadata say that S256 is supported')],
    },
    {
      section: '2.2.2',
      must: 'A public client’s refresh token is bound to its sender or changes at each use',
      heldBy: [
        dpop('§5 attack: a public client’s stolen refresh token, with %s'),
        token('RFC 9700 §2.2.2: a public client’s refresh token changes at each use'),
      ],
    },
    {
      section: '2.4',
      must: 'The password grant is not used',
      heldBy: [discovery('grant_types: nothing of a password, and nothing without a code')],
    },
    {
      section: '2.6',
      must: 'A client cannot make itself look like a person in the claims of a token',
      heldBy: [accessTokens('§5: the subject of a client is no person’s')],
    },
    {
      section: '2.6',
      must: 'Answers are not sent over http, but to a native application on the loopback',
      heldBy: [registration('RFC 9700 §2.6: people are sent back over TLS'), metadata('http elsewhere')],
    },
    {
      section: '2.6',
      must: 'The authorization endpoint does not take part in CORS',
      heldBy: [browser('§2.6: no page of another origin reads the authorization endpoint')],
    },
    {
      section: '4.2.4',
      must: 'Pages of the sign-in tell nobody where they were left from',
      heldBy: [browser('§4.2.4: none tells where it was left from')],
    },
    {
      section: '4.2.4',
      must: 'A code is worth nothing after its first use at the token endpoint',
      heldBy: [
        attacks('attack: a code used twice ends what it gave'),
        token('of fifty concurrent redemptions'),
      ],
    },
    {
      section: '4.3.2',
      must: 'No access token is taken from the query',
      heldBy: [bearer('§2.3: a token in the query')],
    },
    {
      section: '4.4.2',
      must: 'A client can tell which server answers',
      heldBy: [
        attacks('RFC 9207 §2.4: every answer says who answers'),
        attacks('attack: our answer at a client that thinks it asked another server is thrown away'),
      ],
    },
    {
      section: '4.5.3',
      must: 'A stolen code is worth nothing in a flow of somebody else’s',
      heldBy: [
        attacks('attack: a stolen code at another client'),
        attacks('attack: a stolen code in a flow of the attacker’s own'),
        attacks('attack: a code used twice ends what it gave'),
      ],
    },
    {
      section: '4.8.2',
      must: 'Where the request had no challenge a verifier at the token endpoint is refused',
      heldBy: [pkce('RFC 9700 §4.8.2: a verifier without a challenge')],
    },
    {
      section: '4.10.2',
      must: 'A token for one audience is refused by another',
      heldBy: [
        accessTokens('another audience'),
        audience('attack: written into the registry all the same, gives no wider token'),
      ],
    },
    {
      section: '4.11.2',
      must: 'The browser is not redirected where the redirection URI is not valid',
      heldBy: [attacks('RFC 9700 §4.11.2, attack: an error of ours'), attacks('a domain that begins alike')],
    },
    {
      section: '4.11.2',
      must: 'Unless prompt is none, the person is authenticated before the browser is redirected, errors included',
      notHeld:
        'A request that is refused before the sign-in (another response_type, no PKCE, a scope that is none) goes back at once, as RFC 6749 §4.1.2.1 and OpenID Connect have it: its own developer reads it. It goes to an address of a registered client only, and in production nobody registers without an operator’s token.',
    },
    {
      section: '4.12',
      must: 'No redirect makes a browser repeat a POST with what a person typed: never 307',
      heldBy: [browser('§4.12: no redirect repeats a POST elsewhere: each is a 303')],
    },
    {
      section: '4.13',
      must: 'Headers by which a proxy speaks to the server cannot be sent from outside',
      heldBy: [edge('RFC 8705 §6.5: a forged header %s is not read')],
    },
    {
      section: '4.14.2',
      must: 'A refresh token is bound to the scope that was granted',
      heldBy: [tokenRoutes('RFC 6749 §6: more scope than was granted')],
    },
    {
      section: '4.14.2',
      must: 'A refresh token that is used again ends all that came of its sign-in at this client',
      heldBy: [
        token('RFC 9700 §4.14.2: a refresh token reused'),
        token('RFC 9700 §4.14.2: of fifty concurrent refreshes'),
      ],
    },
    {
      section: '4.16',
      must: 'The pages of the authorization endpoint are shown inside no other',
      heldBy: [browser('§4.16: no page of ours is shown inside another')],
    },
  ],
}
