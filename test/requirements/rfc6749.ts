import { type Specification, testsOf } from './requirement.ts'

const authorization = testsOf('test/conformance/rfc6749-authorization-code/authorization.test.ts')
const token = testsOf('test/conformance/rfc6749-authorization-code/token.test.ts')
const credentials = testsOf('test/conformance/rfc6749-client-credentials/client-credentials.test.ts')
const tampering = testsOf('test/conformance/login-page/tampering.test.ts')
const attacks = testsOf('test/conformance/rfc9700-attacks/authorization.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const tokenRoutes = testsOf('test/provider/grants/token.routes.test.ts')
const registering = testsOf('test/conformance/rfc7591-registration/metadata.test.ts')
const metadata = testsOf('test/protocol/oauth/client-metadata.test.ts')
const presented = testsOf('test/protocol/oauth/client-credentials.test.ts')
const answers = testsOf('test/protocol/oauth/authorization-response.test.ts')
const errors = testsOf('test/protocol/oauth/errors.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')
const sessions = testsOf('test/sessions/session.test.ts')
const headers = testsOf('test/http/security-headers.test.ts')

export const rfc6749: Specification = {
  id: 'RFC 6749',
  title: 'The OAuth 2.0 Authorization Framework',
  address: 'https://www.rfc-editor.org/rfc/rfc6749',
  folders: ['rfc6749-authorization-code', 'rfc6749-client-credentials'],
  bearing:
    '§2 to §6 and §10, for the grants of codes, refresh tokens and client credentials. The implicit grant (§4.2) and the password grant (§4.3) are not offered, as RFC 9700 §2.1.2 and §2.4 demand. What binds clients (§10.12 at the redirection endpoint) and resource servers of others is left out; TLS itself is the edge’s.',
  requirements: [
    {
      section: '2.2',
      must: 'A client_id alone does not authenticate a client that has a secret',
      heldBy: [token('a wrong secret in both places, an empty one, none, an unknown client')],
    },
    {
      section: '2.3',
      must: 'A client does not use more than one way to authenticate in a request',
      heldBy: [token('RFC 6749 §2.3: a client that authenticates in two ways')],
    },
    {
      section: '2.3.1',
      must: 'HTTP Basic is supported for clients that were given a secret',
      heldBy: [
        presented('RFC 6749 §2.3.1: the example'),
        presented('RFC 6749 §2.3.1: both halves are form-urlencoded'),
        token('RFC 6749 §5.1: as JSON that nobody on the way may keep'),
      ],
    },
    {
      section: '2.3.1',
      must: 'Credentials are never taken from the request’s URL',
      heldBy: [token('RFC 6749 §2.3.1: a client’s secret in the URL')],
    },
    {
      section: '2.3.1',
      must: 'Endpoints that take secrets are protected against guessing: here by secrets of 256 bits that no client chooses',
      heldBy: [
        token('RFC 6749 §10.10: codes, refresh tokens and secrets of 256 random bits'),
        testsOf('test/conformance/rfc7592-management/management.test.ts')(
          '§2.2: a secret that is not its own',
        ),
      ],
    },
    {
      section: '3.1',
      must: 'The person’s identity is verified first',
      heldBy: [authorization('OIDC Core §3.1.2.5, RFC 9207 §2: a code'), tampering('a forged challenge')],
    },
    {
      section: '3.1',
      must: 'Both endpoints are reached over TLS',
      heldBy: [settings('production over http'), headers('Strict-Transport-Security under https only')],
    },
    {
      section: '3.1',
      must: 'GET is supported at the authorization endpoint',
      heldBy: [authorization('RFC 6749 §3.1: GET, and POST')],
    },
    {
      section: '3.1',
      must: 'A parameter without a value is treated as omitted',
      heldBy: [authorization('RFC 6749 §3.1: a parameter without a value')],
    },
    {
      section: '3.1',
      must: 'Parameters that are not known are ignored',
      heldBy: [authorization('RFC 6749 §3.1: past a parameter that it does not know')],
    },
    {
      section: '3.1',
      must: 'No parameter is there more than once in a request',
      heldBy: [authorization('RFC 6749 §3.1: a duplicated parameter, %s, by GET and by POST')],
    },
    {
      section: '3.1',
      must: 'No parameter is there more than once in a response',
      notHeld:
        'Held but for one case: a client may register a redirection URI that has state, iss or code in a query of its own. That query is retained (§3.1.2), and the answer comes behind it. Such an address is the client’s own choice, and a client library refuses what comes of it.',
    },
    {
      section: '3.1.1',
      must: 'A missing or unknown response_type is answered with an error',
      heldBy: [
        authorization('§3.1.1: no response_type'),
        authorization('§3.1.1: a response type that is not ours'),
        authorization('§3.1.1: one that nobody has'),
      ],
    },
    {
      section: '3.1.2',
      must: 'A redirection URI is absolute and has no fragment',
      heldBy: [metadata('RFC 6749 §3.1.2: a fragment'), metadata('RFC 6749 §3.1.2: a relative one')],
    },
    {
      section: '3.1.2',
      must: 'The query of a redirection URI is retained',
      heldBy: [answers('an answer to %s keeps its query')],
    },
    {
      section: '3.1.2.2',
      must: 'Public clients register their redirection URIs; here every client of codes does',
      heldBy: [metadata('an empty list'), registering('§5: no address for a grant that redirects')],
    },
    {
      section: '3.1.2.3',
      must: 'A redirection URI in a request is compared with those that are registered, as a simple string',
      heldBy: [authorization('a redirect URI off by one, %s'), attacks('another case in the path')],
    },
    {
      section: '3.1.2.4',
      must: 'The browser is not redirected to an invalid redirection URI',
      heldBy: [authorization('a redirect URI off by one, %s'), attacks('a domain that ends alike')],
    },
    {
      section: '3.2',
      must: 'The token endpoint takes POST',
      heldBy: [tokenRoutes('RFC 6749 §3.2: GET')],
    },
    {
      section: '3.2',
      must: 'The token endpoint treats parameters without a value as omitted and ignores those it does not know',
      heldBy: [token('RFC 6749 §3.2: past a parameter that it does not know')],
    },
    {
      section: '3.2',
      must: 'No parameter is there more than once at the token endpoint',
      heldBy: [token('RFC 6749 §3.2: a duplicated parameter, %s; the code stays good')],
    },
    {
      section: '3.2.1',
      must: 'Confidential clients authenticate at the token endpoint',
      heldBy: [token('a wrong secret in both places, an empty one, none, an unknown client')],
    },
    {
      section: '3.2.1',
      must: 'A client that does not authenticate sends its client_id with a code',
      heldBy: [token('RFC 6749 §3.2.1: a public client that does not say which it is')],
    },
    {
      section: '3.3',
      must: 'The response says which scope was granted when it is not the one that was asked for',
      heldBy: [discovery('RFC 6749 §3.3: another is left out, and the response says so')],
    },
    {
      section: '3.3',
      must: 'A request without scope is given a default or fails: here it fails, because OpenID Connect asks for openid',
      heldBy: [authorization('§3.3: no scope')],
    },
    {
      section: '4.1.1',
      must: 'A request has response_type and client_id, and is checked whole before anyone is asked',
      heldBy: [authorization('§3.1.1: no response_type'), authorization('no client')],
    },
    {
      section: '4.1.2',
      must: 'A code expires shortly after it was issued; at most ten minutes is recommended, here one',
      heldBy: [token('RFC 6749 §4.1.2: an expired code, after sixty seconds and not before')],
    },
    {
      section: '4.1.2',
      must: 'A code that is used more than once is denied',
      heldBy: [
        token('RFC 6749 §4.1.2: a code used twice'),
        token('RFC 6749 §4.1.2, §10.5: of fifty concurrent redemptions'),
      ],
    },
    {
      section: '4.1.2',
      must: 'A code is bound to the client and to the redirection URI',
      heldBy: [
        token('RFC 6749 §4.1.3, §10.5: the code of another client'),
        token('RFC 6749 §4.1.3: a redirect URI off by one'),
      ],
    },
    {
      section: '4.1.2',
      must: 'state comes back exactly as it was sent, and not at all where none was',
      heldBy: [
        answers('RFC 6749 §4.1.2: state comes back exactly'),
        answers('RFC 6749 §4.1.2: no state where none was sent'),
        authorization('RFC 6749 §3.1: a parameter without a value'),
      ],
    },
    {
      section: '4.1.2.1',
      must: 'Where the client or its redirection URI is not valid the browser is not redirected',
      heldBy: [authorization('RFC 6749 §4.1.2.1: %s')],
    },
    {
      section: '4.1.2.1',
      must: 'error and error_description keep to the allowed characters',
      heldBy: [
        errors('RFC 6749 §4.1.2.1: a description keeps to'),
        authorization('§4.1.2.1: text that no description may hold'),
      ],
    },
    {
      section: '4.1.2.1',
      must: 'An error response has the state of its request',
      heldBy: [answers('RFC 6749 §4.1.2.1, RFC 9207 §2: a refusal, with state and iss')],
    },
    {
      section: '4.1.3',
      must: 'Confidential clients are authenticated before a code is looked at',
      heldBy: [token('none, an unknown client; the code stays good')],
    },
    {
      section: '4.1.3',
      must: 'The code was issued to the client that authenticated, or to the public client that is named',
      heldBy: [token('RFC 6749 §4.1.3, §10.5: the code of another client')],
    },
    {
      section: '4.1.3',
      must: 'The code is valid',
      heldBy: [attacks('attack: a code that never was: %s')],
    },
    {
      section: '4.1.3',
      must: 'redirect_uri is there when it was in the authorization request, and is identical',
      heldBy: [
        token('RFC 6749 §4.1.3: a redirect URI off by one'),
        token('RFC 6749 §4.1.3: no redirect URI'),
        attacks('attack: a code of one redirect URI redeemed with another'),
      ],
    },
    {
      section: '4.4',
      must: 'Client credentials are for confidential clients only',
      heldBy: [credentials('§4.4.2: a public client cannot be registered for it')],
    },
    {
      section: '4.4.2',
      must: 'The client is authenticated',
      heldBy: [credentials('§5.2: a wrong secret')],
    },
    {
      section: '5.1',
      must: 'A response with tokens is JSON with access_token and token_type',
      heldBy: [token('RFC 6749 §5.1: as JSON that nobody on the way may keep')],
    },
    {
      section: '5.1',
      must: 'A response with tokens has Cache-Control: no-store and Pragma: no-cache',
      heldBy: [token('RFC 6749 §5.1: as JSON that nobody on the way may keep')],
    },
    {
      section: '5.2',
      must: 'Errors are 400 with one of the registered codes, unless it is said otherwise',
      heldBy: [errors('RFC 6749 §5.2: %s has status %d'), tokenRoutes('%s, and the code stays good')],
    },
    {
      section: '5.2',
      must: 'A client that failed in the Authorization header is answered 401 with the scheme that it used',
      heldBy: [token('RFC 6749 §5.2: with 401 goes the scheme that would do')],
    },
    {
      section: '6',
      must: 'Confidential clients are authenticated when they refresh',
      heldBy: [token('RFC 6749 §3.2.1, §6: a refresh without authentication')],
    },
    {
      section: '6',
      must: 'A refresh token was issued to the client that authenticated',
      heldBy: [token('RFC 6749 §6, §10.4: another client’s refresh token')],
    },
    {
      section: '6',
      must: 'A refresh does not give more scope than was granted',
      heldBy: [tokenRoutes('RFC 6749 §6: more scope than was granted')],
    },
    {
      section: '6',
      must: 'A new refresh token has the scope of the one before',
      heldBy: [sessions('RFC 6749 §6: gives the next token the whole scope again')],
    },
    {
      section: '10.1',
      must: 'No secret is issued that several installations of an application would share',
      notHeld:
        'A native application that registers as confidential gets a secret. By dynamic registration it is that one installation’s, which this section allows; an operator who writes one registration for all installations is not stopped.',
    },
    {
      section: '10.2',
      must: 'A client that cannot be authenticated has registered its redirection URIs',
      heldBy: [metadata('an empty list'), registering('§5: no address for a grant that redirects')],
    },
    {
      section: '10.3',
      must: 'Access tokens cannot be generated, changed or guessed by others',
      heldBy: [
        testsOf('test/provider/userinfo/userinfo.routes.test.ts')('RFC 9068 §4: a token of another signer'),
      ],
    },
    {
      section: '10.3, 10.4',
      must: 'Tokens are kept confidential where they are stored: here by their digests, or not at all',
      heldBy: [token('RFC 6749 §10.3, §10.4: no code, token or secret lies where it could be read')],
    },
    {
      section: '10.4',
      must: 'A refresh token is bound to its client, and the binding is verified',
      heldBy: [token('RFC 6749 §6, §10.4: another client’s refresh token')],
    },
    {
      section: '10.5',
      must: 'Codes are short-lived and for one use',
      heldBy: [
        token('RFC 6749 §4.1.2: an expired code'),
        token('RFC 6749 §4.1.2, §10.5: of fifty concurrent redemptions'),
      ],
    },
    {
      section: '10.6',
      must: 'The redirection URI of a code is the one of its request, and is a registered one',
      heldBy: [attacks('attack: a code of one redirect URI redeemed with another')],
    },
    {
      section: '10.10',
      must: 'Whoever guesses a code, a token or a secret succeeds with at most one in 2^128',
      heldBy: [token('RFC 6749 §10.10: codes, refresh tokens and secrets of 256 random bits')],
    },
    {
      section: '10.12',
      must: 'The authorization endpoint is protected against forged requests across sites',
      heldBy: [
        tampering('RFC 6749 §10.12, OIDC Core §3.1.2.3: no cookie'),
        tampering('a POST from another origin, %s'),
      ],
    },
    {
      section: '10.14',
      must: 'What is received is sanitized, state and redirect_uri above all',
      heldBy: [authorization('RFC 6749 §10.14: a state as text alone'), attacks('javascript')],
    },
  ],
}
