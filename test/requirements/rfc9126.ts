import { type Specification, testsOf } from './requirement.ts'

const pushed = testsOf('test/conformance/rfc9126-pushed-authorization/pushed-authorization.test.ts')
const objects = testsOf('test/conformance/rfc9101-request-objects/request-objects.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc9126: Specification = {
  id: 'RFC 9126',
  title: 'OAuth 2.0 Pushed Authorization Requests',
  address: 'https://www.rfc-editor.org/rfc/rfc9126',
  folders: ['rfc9126-pushed-authorization'],
  bearing:
    '§2 to §7. Redirection URIs that only a push would bring (§2.4) are not offered: they are registered.',
  requirements: [
    {
      section: '2',
      must: 'The endpoint takes a POST of a form, over TLS',
      heldBy: [
        pushed('§2.3: GET is 405, a body beyond 64 kB is 413, JSON is no form'),
        settings('production over http'),
      ],
    },
    {
      section: '2',
      must: 'Clients authenticate as at the token endpoint, and the rules for it are the same',
      heldBy: [
        pushed('§2: HTTP Basic alone says who pushes'),
        pushed('§2: a public client pushes too, by its name'),
        pushed('§2.3: a confidential client without its secret'),
      ],
    },
    {
      section: '2',
      must: 'The issuer, the token endpoint and this endpoint are accepted as audience of an assertion',
      heldBy: [pushed('§2: private_key_jwt, addressed to <issuer>%s')],
    },
    {
      section: '2.1',
      must: 'A request with request_uri is refused',
      heldBy: [pushed('§2.1: a request_uri')],
    },
    {
      section: '2.1',
      must: 'The request is validated as one at the authorization endpoint would be',
      heldBy: [
        pushed('§2.3: another response type'),
        pushed('§2.3: no openid'),
        pushed('§2.3: plain'),
        pushed('§2.3: a redirect URI of nobody'),
      ],
    },
    {
      section: '2.2',
      must: 'The answer is 201 with request_uri and expires_in',
      heldBy: [pushed('§2.2: a reference of our own, unguessable, for a minute')],
    },
    {
      section: '2.2',
      must: 'request_uri has a part that nobody can guess',
      heldBy: [
        pushed('§2.2: a reference of our own, unguessable, for a minute'),
        pushed('§7.1, attack: a guessed secret takes nothing'),
      ],
    },
    {
      section: '2.2',
      must: 'request_uri is bound to the client that pushed',
      heldBy: [pushed('§7.2, attack: the reference of another client')],
    },
    {
      section: '2.3',
      must: 'Errors are those of the token endpoint, 405 for another method, 413 for too much',
      heldBy: [
        pushed('§2.3: a wrong secret, with the way to authenticate'),
        pushed('§2.3: GET is 405, a body beyond 64 kB is 413, JSON is no form'),
      ],
    },
    {
      section: '3',
      must: 'A pushed request object is verified, and is the authenticated client’s own',
      heldBy: [
        objects('RFC 9126 §3: a signed request, pushed'),
        objects('§4, attack: another client’s request, with its name inside or outside'),
        objects('§6.2: a claim changed after the signature'),
      ],
    },
    {
      section: '4',
      must: 'What was pushed is used as it was validated, whatever stands beside the reference',
      heldBy: [pushed('§4: what stands beside the reference does not count')],
    },
    {
      section: '4',
      must: 'A reference that expired is refused; it should be good once',
      heldBy: [
        pushed('§4: a reference older than it said, alarm or not'),
        pushed('§7.3, attack: a reference replayed'),
      ],
    },
    {
      section: '5',
      must: 'The metadata name the endpoint, and say whether pushing is required of all',
      heldBy: [pushed('discovery: the endpoint, and that it is not demanded of everybody')],
    },
    {
      section: '6',
      must: 'A client that must push is refused when it does not',
      heldBy: [pushed('is refused when it does not, to its address')],
    },
    {
      section: '7.1',
      must: 'References cannot be guessed',
      heldBy: [
        pushed('§7.1, attack: a guessed secret takes nothing'),
        pushed('§2.2: a reference that never was: %s'),
      ],
    },
  ],
}
