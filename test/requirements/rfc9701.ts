import { type Specification, testsOf } from './requirement.ts'

const introspection = testsOf('test/conformance/rfc7662-introspection/introspection.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const rfc9701: Specification = {
  id: 'RFC 9701',
  title: 'JSON Web Token Response for OAuth Token Introspection',
  address: 'https://www.rfc-editor.org/rfc/rfc9701',
  folders: ['rfc7662-introspection'],
  bearing: '§3 to §8. What the resource checks in the answer is its own matter; oauth4webapi does it here.',
  requirements: [
    {
      section: '3',
      must: 'Whoever asks is known, so that the answer is made for it; the uninvited get none',
      heldBy: [introspection('attack: the uninvited gets no signature either')],
    },
    {
      section: '4',
      must: 'A JWT is given where Accept asks for it',
      heldBy: [introspection('§4, §5: to whoever asks, %s'), introspection('§4: JSON for Accept: %s')],
    },
    {
      section: '5',
      must: 'The answer is of type application/token-introspection+jwt, and typ is token-introspection+jwt',
      heldBy: [introspection('§4, §5: to whoever asks, %s')],
    },
    {
      section: '5',
      must: 'The answer is signed, and has iss, aud (whoever asked), iat and token_introspection',
      heldBy: [introspection('§4, §5: to whoever asks, %s')],
    },
    {
      section: '5',
      must: 'Of a token that is not active, or not for whoever asks, token_introspection has active: false alone',
      heldBy: [introspection('§5: of a token that is not active, that alone')],
    },
    {
      section: '5',
      must: 'The answer has no sub and no exp of its own, so that it is no access token',
      heldBy: [
        introspection('§4, §5: to whoever asks, %s'),
        introspection('attack §8.1: an answer is no access token'),
      ],
    },
    {
      section: '6',
      must: 'A client registers its algorithm, which is never none; where it does not, RS256 is taken',
      heldBy: [introspection('§6: RS256 where nothing is registered, and never none')],
    },
    {
      section: '7',
      must: 'The algorithms that are advertised are those that sign',
      heldBy: [
        discovery('the document is the one that these tables hold'),
        introspection('§4, §5: to whoever asks, %s'),
      ],
    },
    {
      section: '5',
      must: 'An answer that is encrypted is signed first, and the result is a nested JWT',
      heldBy: [
        testsOf('test/conformance/rfc7662-introspection/encrypted.test.ts')('with %s and enc %s'),
        testsOf('test/conformance/rfc7662-introspection/encrypted.test.ts')(
          'a resource whose key is gone gets nothing in the clear',
        ),
      ],
    },
    {
      section: '6',
      must: 'introspection_encrypted_response_enc is registered only with its alg, and A128CBC-HS256 is its default',
      heldBy: [
        testsOf('test/conformance/rfc7662-introspection/encrypted.test.ts')('an enc without alg'),
        testsOf('test/conformance/rfc7662-introspection/encrypted.test.ts')('with %s and enc %s'),
      ],
    },
  ],
}
