import { type Specification, testsOf } from './requirement.ts'

const jwts = testsOf('test/conformance/rfc7519-json-web-tokens/of-clients.test.ts')
const assertions = testsOf('test/provider/client-authentication/authenticate.test.ts')

export const rfc7519: Specification = {
  id: 'RFC 7519',
  title: 'JSON Web Token',
  address: 'https://www.rfc-editor.org/rfc/rfc7519',
  folders: ['rfc7519-json-web-tokens'],
  bearing:
    'What whoever reads a JWT must check (§4, §7.2). The claims of each kind of token are under its own specification.',
  requirements: [
    {
      section: '4',
      must: 'Claims are an object; one that is there twice is refused, or its last alone counts',
      heldBy: [
        jwts('RFC 7519 §4: a claim twice, whose last does not hold'),
        jwts('RFC 7519 §7.2: claims that are a list'),
      ],
    },
    {
      section: '4',
      must: 'Claims that are not understood are ignored',
      heldBy: [jwts('RFC 7519 §4.2, §4.3: with claims and header parameters that are not known')],
    },
    {
      section: '4.1.3',
      must: 'A JWT whose aud does not name us is refused',
      heldBy: [
        jwts('RFC 7519 §4.1.3: another audience'),
        jwts('RFC 7519 §4.1.3: an audience that is no text'),
        jwts('RFC 7519 §4.1.3: our name in a list of one'),
      ],
    },
    {
      section: '4.1.4',
      must: 'A JWT is not accepted after exp, which is a number; a few seconds are allowed for clocks',
      heldBy: [
        jwts('RFC 7519 §4.1.4: over'),
        jwts('RFC 7519 §4.1.4: an end that is no number'),
        jwts('RFC 7519 §4.1.4: a few seconds after its end'),
      ],
    },
    {
      section: '4.1.5',
      must: 'A JWT is not accepted before nbf, which is a number',
      heldBy: [jwts('RFC 7519 §4.1.5: not yet'), jwts('RFC 7519 §4.1.5: a beginning that is no number')],
    },
    {
      section: '4.1.7',
      must: 'A jti is ours once: what has been seen is not accepted again',
      heldBy: [assertions('RFC 7523 §3 (7): an assertion a second time')],
    },
    {
      section: '7.2',
      must: 'Header and claims are UTF-8 JSON objects, and the signature is validated as RFC 7515 says',
      heldBy: [
        jwts('RFC 7519 §7.2: a header that is a list'),
        jwts('RFC 7519 §7.2: claims that are not JSON'),
        jwts('RFC 7515 §5.2: another signature'),
      ],
    },
    {
      section: '8',
      must: 'HS256 and none are implemented',
      notHeld:
        'On purpose: RFC 8725 §3.1 and §3.2 supersede it. A client’s secret is kept as a digest only, so that nothing could be verified under it, and an unsigned JWT proves nothing.',
    },
  ],
}
