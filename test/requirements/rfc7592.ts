import { type Specification, testsOf } from './requirement.ts'

const management = testsOf('test/conformance/rfc7592-management/management.test.ts')
const registration = testsOf('test/conformance/rfc7591-registration/registration.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc7592: Specification = {
  id: 'RFC 7592',
  title: 'OAuth 2.0 Dynamic Client Registration Management Protocol',
  address: 'https://www.rfc-editor.org/rfc/rfc7592',
  folders: ['rfc7592-management'],
  bearing: '§2, §3 and §5, all three methods.',
  requirements: [
    {
      section: '2',
      must: 'The endpoint is reached over TLS',
      heldBy: [settings('production over http')],
    },
    {
      section: '2',
      must: 'The registration access token is presented and is this client’s; else the answer is 401',
      heldBy: [management('attack §2: %s by another client’s token'), management('attack §2: with %s')],
    },
    {
      section: '2',
      must: 'A client that does not exist is answered 401, as a wrong token is',
      heldBy: [management('§2: a client that does not exist, with the same words')],
    },
    {
      section: '2',
      must: 'A client that may not manage its registration is answered 403',
      heldBy: [management('a suspended client, which could otherwise free itself')],
    },
    {
      section: '2.1',
      must: 'A read is answered 200 with the registration as it is',
      heldBy: [management('§2.1: a client reads its registration')],
    },
    {
      section: '2.2',
      must: 'An update has none of registration_access_token, registration_client_uri, client_secret_expires_at, client_id_issued_at',
      heldBy: [
        management('§2.2: registration_access_token'),
        management('§2.2: registration_client_uri'),
        management('§2.2: client_secret_expires_at'),
        management('§2.2: client_id_issued_at'),
      ],
    },
    {
      section: '2.2',
      must: 'An update has the client_id of the client',
      heldBy: [management('§2.2: another client_id'), management('§2.2: no client_id')],
    },
    {
      section: '2.2',
      must: 'A client does not choose its secret: one that is sent is the one that it has',
      heldBy: [management('§2.2: a secret that is not its own')],
    },
    {
      section: '2.2',
      must: 'An update replaces all; what is left out is gone; the answer is 200 with all that holds now',
      heldBy: [management('§2.2: replaces all of it; what is left out is gone')],
    },
    {
      section: '2.2',
      must: 'What could not be registered is refused with the codes of RFC 7591 §3.2.2, and nothing changes',
      heldBy: [management('§2.2: metadata that would not be registered, and keeps what was')],
    },
    {
      section: '2.3',
      must: 'A removal is answered 204 and ends the client’s name, secret and management',
      heldBy: [management('§2.3: removes the client, and with it its tokens')],
    },
    {
      section: '3',
      must: 'The client is told registration_client_uri and registration_access_token',
      heldBy: [registration('a token and an address to manage the registration by (RFC 7592 §3)')],
    },
    {
      section: '5',
      must: 'The registration access token is a secret that others do not guess',
      heldBy: [
        registration('a token and an address to manage the registration by (RFC 7592 §3)'),
        management('attack §2: %s by another client’s token'),
      ],
    },
  ],
}
