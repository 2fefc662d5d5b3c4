import { type Specification, testsOf } from './requirement.ts'

const revocation = testsOf('test/conformance/rfc7009-revocation/revocation.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc7009: Specification = {
  id: 'RFC 7009',
  title: 'OAuth 2.0 Token Revocation',
  address: 'https://www.rfc-editor.org/rfc/rfc7009',
  folders: ['rfc7009-revocation'],
  bearing:
    'All of §2. JSONP (§2.3) is not offered; pages of other origins are answered by CORS. What clients do after a 503 is left out.',
  requirements: [
    {
      section: '2',
      must: 'Refresh tokens can be revoked; access tokens should be',
      heldBy: [revocation('§2.1: a %s takes its whole family along')],
    },
    {
      section: '2',
      must: 'The endpoint is reached over TLS',
      heldBy: [settings('production over http')],
    },
    {
      section: '2.1',
      must: 'The request has a token',
      heldBy: [revocation('§2.1: no token')],
    },
    {
      section: '2.1',
      must: 'The credentials of confidential clients are validated first',
      heldBy: [
        revocation('attack §2.1: a wrong secret revokes nothing'),
        revocation('attack §2.1: a confidential client by its name alone'),
      ],
    },
    {
      section: '2.1',
      must: 'A token of another client is not revoked, and the client is told of the error',
      heldBy: [revocation('attack §2.1: revoking another client’s %s, which stays good')],
    },
    {
      section: '2.1',
      must: 'The token is invalid at once',
      heldBy: [revocation('§2.1: a %s takes its whole family along')],
    },
    {
      section: '2.1',
      must: 'Where the hint leads to nothing the search goes on over every type of token',
      heldBy: [revocation('§2.1: a wrong or unknown token_type_hint changes nothing')],
    },
    {
      section: '2.2',
      must: 'The answer is 200 for what was revoked, and for a token that is not valid',
      heldBy: [
        revocation('§2.2: 200 for a token that is %s'),
        revocation('§2.2: 200 again for one revoked before'),
      ],
    },
    {
      section: '2.2.1',
      must: 'Errors are those of RFC 6749 §5.2; a type of token that cannot be revoked is unsupported_token_type',
      heldBy: [
        revocation('attack §2.1: a wrong secret revokes nothing'),
        revocation('§2.2.1: a token that nothing can end'),
      ],
    },
  ],
}
