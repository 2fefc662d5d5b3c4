import { type Specification, testsOf } from './requirement.ts'

export const sessionManagement: Specification = {
  id: 'Session Management',
  title: 'OpenID Connect Session Management 1.0',
  address: 'https://openid.net/specs/openid-connect-session-1_0.html',
  folders: ['ciba'],
  bearing:
    'Nothing of it is offered but the name `session_state`, which services of Pro Santé Connect read in the token response to tie their own session to ours. Browsers that keep third-party cookies apart have ended what its frames did; the two other ways to be told of a logout do not need them.',
  requirements: [
    {
      section: '2',
      must: 'session_state is in the authentication response, opaque and never a word of its own beside it',
      notHeld:
        'it is in the token response and in the ID token, where Pro Santé Connect has it, and is the sid of the session there',
    },
    {
      section: '3.2',
      must: 'A frame at check_session_iframe answers whether the session has changed',
      notHeld: 'there is none, and discovery names none',
    },
    {
      section: '3.3',
      must: 'What is named in the metadata is there',
      heldBy: [
        testsOf('test/conformance/oidc-discovery/discovery.test.ts')(
          'the document is the one that these tables hold to account',
        ),
        testsOf('test/conformance/ciba/ciba-core.test.ts')('§7.3, §10.1: an acknowledgement, then pending'),
      ],
    },
  ],
}
