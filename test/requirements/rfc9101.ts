import { type Specification, testsOf } from './requirement.ts'

const objects = testsOf('test/conformance/rfc9101-request-objects/request-objects.test.ts')
const pushed = testsOf('test/conformance/rfc9126-pushed-authorization/pushed-authorization.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const rfc9101: Specification = {
  id: 'RFC 9101',
  title: 'The OAuth 2.0 Authorization Framework: JWT-Secured Authorization Request (JAR)',
  address: 'https://www.rfc-editor.org/rfc/rfc9101',
  folders: ['rfc9101-request-objects'],
  bearing:
    '§4 to §7 and §10, for signed objects by value and pushed. Encrypted objects (§6.1) and objects that would have to be fetched (§5.2) are not offered, and are refused in the specification’s words.',
  requirements: [
    {
      section: '4',
      must: 'request and request_uri are in no request object',
      heldBy: [objects('§4: a request in a request'), objects('§4: a request_uri in a request')],
    },
    {
      section: '4',
      must: 'A request object has client_id, and all the parameters that count',
      heldBy: [
        objects('§4: no client_id'),
        objects('§5, §6.3: what stands beside the object does not count'),
      ],
    },
    {
      section: '5',
      must: 'request and request_uri are not both there',
      heldBy: [pushed('RFC 9101 §5: request and request_uri at once')],
    },
    {
      section: '5',
      must: 'client_id is there beside the object, and is the one inside it',
      heldBy: [
        objects('§5: no client_id beside the object'),
        objects('§6.3, attack: another client_id inside'),
        objects('§4, attack: another client’s request, with its name inside or outside'),
      ],
    },
    {
      section: '5.2',
      must: 'A request_uri that is not supported is refused, and nothing is fetched',
      heldBy: [
        pushed('RFC 9101 §10.4.1, attack: request_uri pointing inward or outward'),
        discovery('OIDC Core §3.1.2.6: what is said not to be is refused by name, %s'),
      ],
    },
    {
      section: '6.1',
      must: 'An object that cannot be decrypted is answered with invalid_request_object',
      heldBy: [objects('an encrypted one, which we do not have')],
    },
    {
      section: '6.2',
      must: 'The signature is verified with a key of the client and the algorithm that it registered',
      heldBy: [
        objects('§6.2: a request signed %s, by value'),
        objects('§6.2, attack: somebody else’s key under a name of ours'),
        objects('OIDC Registration §2: another algorithm than the one registered'),
      ],
    },
    {
      section: '6.2',
      must: 'An object whose signature does not hold is answered with invalid_request_object',
      heldBy: [
        objects('§6.2: a claim changed after the signature'),
        objects('RFC 8725 §3.2, attack: alg=none'),
      ],
    },
    {
      section: '6.3',
      must: 'Only the parameters inside the object count, although the same are beside it',
      heldBy: [objects('§5, §6.3: what stands beside the object does not count')],
    },
    {
      section: '6.3',
      must: 'The parameters are validated as those of any request',
      heldBy: [
        objects('errors within a good object go to the address inside of it'),
        objects('RFC 9700 §2.1, attack: an address inside the object that is not registered'),
      ],
    },
    {
      section: '7',
      must: 'The errors are those that this section registers',
      heldBy: [objects('§4: no iss'), pushed('RFC 9101 §7: a request object that is none')],
    },
    {
      section: '10.1',
      must: 'An object is signed; unsigned ones are refused',
      heldBy: [objects('RFC 8725 §3.2, attack: alg=none')],
    },
    {
      section: '10.2',
      must: 'Who made the request is verified by its signature and its iss',
      heldBy: [
        objects('§4, attack: another client’s request, with its name inside or outside'),
        objects('§4: no iss'),
      ],
    },
    {
      section: '10.3',
      must: 'An object for another server is refused',
      heldBy: [objects('§4, attack: a request for another server'), objects('§4: no aud')],
    },
    {
      section: '10.5',
      must: 'Where signed requests are required all others are refused',
      heldBy: [objects('§10.5: a client that signs all its requests')],
    },
    {
      section: '10.8',
      must: 'An object is taken for no other JWT, and no other JWT for it',
      heldBy: [
        objects('RFC 8725 §3.11, attack: a JWT of another kind, typ %s'),
        objects('RFC 8725 §3.11, attack: a request object as a client assertion'),
        objects('§10.8, attack: what could be a client assertion'),
      ],
    },
  ],
}
