import { type Specification, testsOf } from './requirement.ts'

const introspection = testsOf('test/conformance/rfc7662-introspection/introspection.test.ts')
const exchange = testsOf('test/conformance/rfc8693-token-exchange/token-exchange.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc7662: Specification = {
  id: 'RFC 7662',
  title: 'OAuth 2.0 Token Introspection',
  address: 'https://www.rfc-editor.org/rfc/rfc7662',
  folders: ['rfc7662-introspection'],
  bearing:
    '§2 and §4. What a protected resource does with the answer, and how long it keeps it, is its own matter.',
  requirements: [
    {
      section: '2',
      must: 'The endpoint is reached over TLS',
      heldBy: [settings('production over http')],
    },
    {
      section: '2.1',
      must: 'The request is a POST with a token',
      heldBy: [introspection('§2.1: GET, and a request without a token')],
    },
    {
      section: '2.1',
      must: 'Whoever asks is authorized to ask',
      heldBy: [
        introspection('attack §4: introspection by the uninvited'),
        introspection('attack §2.1: without authentication, and by a public client'),
      ],
    },
    {
      section: '2.1',
      must: 'Where the hint leads to nothing the search goes on over every type of token',
      heldBy: [introspection('§2.1: whatever the hint says, of every type of token')],
    },
    {
      section: '2.2',
      must: 'The answer is JSON and has active',
      heldBy: [introspection('§2.2: an access token, with'), introspection('what was never a token')],
    },
    {
      section: '2.2',
      must: 'A token that is not active, not ours, or not for whoever asks is answered with active: false and 200',
      heldBy: [
        introspection('what was never a token'),
        introspection('a token of a session that ended'),
        introspection('attack: another client’s refresh token'),
        exchange('RFC 7662: the API asks about its tokens, nobody else is told'),
      ],
    },
    {
      section: '2.3',
      must: 'A protected resource that fails to authenticate is answered 401',
      heldBy: [introspection('attack §2.1: without authentication, and by a public client')],
    },
    {
      section: '4',
      must: 'A token is looked at for its end, its beginning, its revocation, its signature and its audience',
      heldBy: [
        introspection('a token %s, although we signed it'),
        introspection('a token that was revoked'),
        introspection('attack: an access token whose signature was changed'),
      ],
    },
  ],
}
