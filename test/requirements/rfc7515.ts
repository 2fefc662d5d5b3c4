import { type Specification, testsOf } from './requirement.ts'

const jwts = testsOf('test/conformance/rfc7519-json-web-tokens/of-clients.test.ts')
const objects = testsOf('test/conformance/rfc9101-request-objects/request-objects.test.ts')
const jwksUris = testsOf('test/protocol/oauth/client-jwks.test.ts')
const keys = testsOf('test/relying-parties/client-keys.test.ts')
const ring = testsOf('test/keys/key-ring.object.test.ts')

export const rfc7515: Specification = {
  id: 'RFC 7515',
  title: 'JSON Web Signature',
  address: 'https://www.rfc-editor.org/rfc/rfc7515',
  folders: ['rfc7519-json-web-tokens'],
  bearing:
    'What whoever verifies a signature must do (§4.1, §5.2, §10), in the compact serialization, which alone OAuth uses. What jose holds when it signs is jose’s; that our signatures verify is tested.',
  requirements: [
    {
      section: '4',
      must: 'A header with a parameter twice is refused, or its last alone counts',
      heldBy: [jwts('RFC 7515 §4: a parameter twice, whose last does not hold')],
    },
    {
      section: '4.1.1',
      must: 'A signature counts only under an algorithm that is known, wanted, and of the key',
      heldBy: [
        jwts('RFC 7515 §4.1.1: an algorithm that is not known'),
        jwts('RFC 7515 §4.1.1: no algorithm'),
        jwts('RFC 7515 §4.1.1: another algorithm than the key’s'),
        keys('RFC 8725 §3.1: alg none, and a public key taken for a secret'),
      ],
    },
    {
      section: '4.1.2',
      must: 'A key set is fetched with the integrity of TLS; here from registered places only, never from jku',
      heldBy: [
        jwksUris('a jwks_uri that points inward or aside: %s'),
        jwksUris('whatever is registered or published'),
        objects('RFC 8725 §3.10, attack: a key of the object’s own'),
      ],
    },
    {
      section: '4.1.11',
      must: 'A JWS with an extension in crit that is not understood is refused, and so is a crit that is malformed',
      heldBy: [
        jwts('RFC 7515 §4.1.11: an extension that is not known'),
        jwts('RFC 7515 §4.1.11: an extension that is not there'),
        jwts('RFC 7515 §4.1.11: an empty list of extensions'),
      ],
    },
    {
      section: '5.2',
      must: 'Each part is base64url without line breaks, blanks or padding; the header is a JSON object',
      heldBy: [
        jwts('RFC 7515 §5.2: a line break in it'),
        jwts('RFC 7515 §5.2: a blank at its end'),
        jwts('RFC 7515 §2: padding'),
        jwts('RFC 7515 §5.2: a header that is not JSON'),
      ],
    },
    {
      section: '5.2',
      must: 'The signature is validated over what was received; where that fails the JWS is refused',
      heldBy: [
        jwts('RFC 7515 §5.2: another signature'),
        jwts('RFC 7515 §5.2: no signature'),
        jwts('RFC 7515 §5.2: what was signed here'),
      ],
    },
    {
      section: '5.1',
      must: 'Our own signatures are made with the algorithm of their header',
      heldBy: [ring('signs %s so that the published keys verify it')],
    },
  ],
}
