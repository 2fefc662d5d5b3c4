import { type Specification, testsOf } from './requirement.ts'

const pkce = testsOf('test/conformance/rfc7636-pkce/pkce.test.ts')
const parser = testsOf('test/protocol/oauth/pkce.test.ts')

export const rfc7636: Specification = {
  id: 'RFC 7636',
  title: 'Proof Key for Code Exchange by OAuth Public Clients',
  address: 'https://www.rfc-editor.org/rfc/rfc7636',
  folders: ['rfc7636-pkce'],
  bearing:
    '§4.3 to §4.6, §5 and §7.2. How a client makes its verifier (§4.1, §4.2, §7.1) is its own matter: here only what is not of that form is refused. `plain` is not offered, which RFC 9700 §2.1.1 recommends.',
  requirements: [
    {
      section: '4.1',
      must: 'A verifier is 43 to 128 unreserved characters',
      heldBy: [
        pkce('§4.1: a verifier too short'),
        parser('RFC 7636 §4.1: a verifier of %d characters'),
        parser('RFC 7636 §4.1: a verifier %s'),
      ],
    },
    {
      section: '4.2',
      must: 'S256, which every server supports, is BASE64URL(SHA256(ASCII(verifier))), without padding',
      heldBy: [
        parser('RFC 7636 app. B: the challenge of the verifier'),
        pkce('§4.6, app. B: tokens for a code and its verifier'),
        pkce('§4.2: a challenge %s'),
      ],
    },
    {
      section: '4.3',
      must: 'A challenge without a method means plain',
      heldBy: [pkce('§4.3, RFC 9700 §2.1.1: plain, %s')],
    },
    {
      section: '4.4',
      must: 'The challenge and its method are bound to the code, and are kept where no other entity can read them',
      heldBy: [pkce('§4.4: a code that says nothing of its challenge'), pkce('§4.6: a wrong verifier')],
    },
    {
      section: '4.4.1',
      must: 'Where PKCE is required, a request without a challenge is answered with invalid_request',
      heldBy: [pkce('§4.4.1, RFC 9700 §2.1.1: PKCE missing where it is required')],
    },
    {
      section: '4.4.1',
      must: 'A method that is not supported is answered with invalid_request',
      heldBy: [pkce('§4.3, RFC 9700 §2.1.1: plain, %s')],
    },
    {
      section: '4.6',
      must: 'The verifier is transformed by the method and compared; equal goes on',
      heldBy: [pkce('§4.6, app. B: tokens for a code and its verifier')],
    },
    {
      section: '4.6',
      must: 'When they are not equal the answer is invalid_grant',
      heldBy: [
        pkce('§4.6: a wrong verifier'),
        pkce('§4.6: a verifier with one character changed'),
        pkce('§4.6: the challenge as its own verifier'),
        pkce('§4.5: no verifier'),
      ],
    },
  ],
}
