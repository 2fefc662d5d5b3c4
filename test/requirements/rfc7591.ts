import { type Specification, testsOf } from './requirement.ts'

const registration = testsOf('test/conformance/rfc7591-registration/registration.test.ts')
const metadata = testsOf('test/conformance/rfc7591-registration/metadata.test.ts')
const parser = testsOf('test/protocol/oauth/client-metadata.test.ts')
const routes = testsOf('test/provider/registration/registration.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc7591: Specification = {
  id: 'RFC 7591',
  title: 'OAuth 2.0 Dynamic Client Registration Protocol',
  address: 'https://www.rfc-editor.org/rfc/rfc7591',
  folders: ['rfc7591-registration'],
  bearing:
    '§2, §3 and §5. Members in several languages (§2.2) are left aside, as members that are not known. How an initial access token is handed out is not OAuth’s.',
  requirements: [
    {
      section: '2',
      must: 'Metadata that is not understood is ignored',
      heldBy: [
        metadata('§2: a member that is not known here is left out'),
        parser('RFC 7591 §2: members unknown here are left out'),
      ],
    },
    {
      section: '2',
      must: 'token_endpoint_auth_method, grant_types and response_types have their defaults where they are not said',
      heldBy: [metadata('§2: what is not said has the default of the specification')],
    },
    {
      section: '2',
      must: 'Clients of flows that redirect register their redirection URIs',
      heldBy: [metadata('§5: no address for a grant that redirects')],
    },
    {
      section: '2',
      must: 'jwks and jwks_uri are not both there',
      heldBy: [
        metadata('§2: jwks and jwks_uri at once'),
        parser('keys by value and by reference (RFC 7591 §2)'),
      ],
    },
    {
      section: '2.1',
      must: 'grant_types and response_types agree with each other',
      heldBy: [parser('refreshing without the code (RFC 7591 §2.1)'), parser('no response type')],
    },
    {
      section: '2.3',
      must: 'A software statement is signed, by someone who is trusted, and has iss',
      heldBy: [
        registration('are refused %s'),
        registration('that nobody trusted signed'),
        registration('without iss'),
        metadata('§2.3: a statement that nobody signed'),
      ],
    },
    {
      section: '2.3',
      must: 'What a software statement says comes before what the client says of itself',
      heldBy: [registration('come before what the client says of itself')],
    },
    {
      section: '3',
      must: 'The endpoint is reached over TLS',
      heldBy: [settings('production over http')],
    },
    {
      section: '3',
      must: 'POST with application/json is accepted',
      heldBy: [
        metadata('§3.2.1: all that was registered is told back'),
        routes('RFC 7591 §3.1: another content type'),
      ],
    },
    {
      section: '3.1',
      must: 'Where an initial access token is needed it is presented as RFC 6750 has it',
      heldBy: [
        registration('in production with one: whoever presents it'),
        registration('attack: in production, with %s'),
      ],
    },
    {
      section: '3.2.1',
      must: 'The answer is 201, JSON, with a client_id that is unique',
      heldBy: [
        metadata('§3.2.1: all that was registered is told back'),
        metadata('§3.2.1: a client_id of its own for each'),
      ],
    },
    {
      section: '3.2.1',
      must: 'client_secret_expires_at is there with a secret; a secret is unique, and a public client has none',
      heldBy: [
        metadata('§3.2.1: all that was registered is told back'),
        metadata('§3.2.1: a client_id of its own for each'),
        routes('RFC 7591 §3.2.1: no secret for a public client'),
      ],
    },
    {
      section: '3.2.1',
      must: 'All registered metadata is told back, also what was replaced',
      heldBy: [
        metadata('§3.2.1: all that was registered is told back'),
        routes('told everything that was registered'),
        registration('in production: the strict profile, unless a statement says otherwise'),
      ],
    },
    {
      section: '3.2.1',
      must: 'A software statement is told back unmodified',
      heldBy: [registration('and are told back as they came')],
    },
    {
      section: '3.2.2',
      must: 'Errors are 400, JSON, with one of the registered codes in ASCII',
      heldBy: [
        metadata('§5: an address without TLS elsewhere than on the machine'),
        metadata('§2: a grant that is not offered'),
        metadata('§2.3: a statement that nobody signed'),
        registration('are refused %s'),
      ],
    },
    {
      section: '5',
      must: 'A redirection URI is https, loopback http, or of the application’s own scheme',
      heldBy: [
        metadata('§5: an address without TLS elsewhere than on the machine'),
        parser('RFC 7591 §3.2.2 invalid_redirect_uri: %s'),
        parser('redirect URI: %s'),
      ],
    },
    {
      section: '5',
      must: 'What a client says of itself is not believed for being said: rights come from a statement or an operator',
      heldBy: [registration('attack: nobody gives %s to themselves')],
    },
    {
      section: '5',
      must: 'Private keys are never registered',
      heldBy: [parser('a private key'), parser('a symmetric key')],
    },
  ],
}
