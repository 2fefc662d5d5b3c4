import { type Specification, testsOf } from './requirement.ts'

const userinfo = testsOf('test/conformance/rfc6750-bearer/userinfo.test.ts')
const routes = testsOf('test/provider/userinfo/userinfo.routes.test.ts')
const parser = testsOf('test/protocol/oauth/bearer.test.ts')
const errors = testsOf('test/protocol/oauth/errors.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc6750: Specification = {
  id: 'RFC 6750',
  title: 'The OAuth 2.0 Authorization Framework: Bearer Token Usage',
  address: 'https://www.rfc-editor.org/rfc/rfc6750',
  folders: ['rfc6750-bearer'],
  bearing:
    '§2, §3 and §5 at userinfo, the one protected resource that is ours. How clients send and keep their tokens (§5.3) is left out. A token in the query (§2.3) is refused, as RFC 9700 §4.3.2 demands.',
  requirements: [
    {
      section: '2',
      must: 'A token is not sent in more than one way',
      heldBy: [userinfo('§2: a token in two ways'), parser('RFC 6750 §2: two ways')],
    },
    {
      section: '2.1',
      must: 'The Authorization header is supported',
      heldBy: [userinfo('§2.1: the Authorization header'), parser('RFC 6750 §2.1: header')],
    },
    {
      section: '2.2',
      must: 'A form is read only where it is application/x-www-form-urlencoded and of one part',
      heldBy: [
        userinfo('§2.2: a form, by POST'),
        userinfo('§2.2: a form that is none: JSON, and several parts'),
      ],
    },
    {
      section: '3',
      must: 'A request without a token, or with one that does not give access, is answered with WWW-Authenticate',
      heldBy: [
        userinfo('§3, §3.1: a request without a token'),
        userinfo('§3.1: a token that is none'),
        routes('OIDC Core §5.3.1: a token without openid'),
      ],
    },
    {
      section: '3',
      must: 'The challenge uses the scheme Bearer and has at least one parameter',
      heldBy: [
        userinfo('§3, §3.1: a request without a token'),
        parser('§3.1: without an error when nothing was'),
      ],
    },
    {
      section: '3',
      must: 'realm, scope, error, error_description and error_uri are there at most once each',
      heldBy: [userinfo('§3.1: a token that is none'), userinfo('§3.1: a malformed request')],
    },
    {
      section: '3',
      must: 'The values keep to the allowed characters',
      heldBy: [
        parser('nothing quoted in a description closes the quotes'),
        userinfo('§3.1: a malformed request'),
      ],
    },
    {
      section: '3.1',
      must: 'invalid_request is 400, invalid_token 401, insufficient_scope 403, and no error is named where nothing was presented',
      heldBy: [
        errors('RFC 6750 §3.1: %s has status %d'),
        userinfo('§3.1: a malformed request'),
        userinfo('§3.1: a token that is none'),
        userinfo('§3, §3.1: a request without a token'),
        routes('OIDC Core §5.3.1: a token without openid'),
      ],
    },
    {
      section: '5.2',
      must: 'Tokens are protected against being changed',
      heldBy: [
        userinfo('§3.1: a token of which a letter was changed'),
        routes('RFC 9068 §4: a token of another signer'),
      ],
    },
    {
      section: '5.2',
      must: 'TLS is used for every request with a token',
      heldBy: [settings('production over http')],
    },
    {
      section: '5.2',
      must: 'A token for another audience is refused',
      heldBy: [routes('RFC 9068 §4: a token for another audience')],
    },
  ],
}
