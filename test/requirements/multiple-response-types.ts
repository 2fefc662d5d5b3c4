import { type Specification, testsOf } from './requirement.ts'

const parser = testsOf('test/protocol/oauth/authorization-response.test.ts')
const form = testsOf('test/conformance/form-post-response-mode/form-post.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const multipleResponseTypes: Specification = {
  id: 'Multiple Response Types',
  title: 'OAuth 2.0 Multiple Response Type Encoding Practices',
  address: 'https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html',
  folders: ['form-post-response-mode', 'oidc-discovery'],
  bearing: '§2. The response types that it defines (§3 to §5) are not offered.',
  requirements: [
    {
      section: '2.1',
      must: 'The default of response_mode for code is the query',
      heldBy: [parser('Multiple Response Types §2.1: the query where nothing is said')],
    },
    {
      section: '2.1',
      must: 'A response mode that is not supported is an error',
      heldBy: [
        form('Multiple Response Types §2.1: %s, said in the query'),
        parser('Multiple Response Types §2.1: response_mode=%s'),
      ],
    },
    {
      section: '3',
      must: 'A response type that is not supported is refused, in whatever order its words are',
      heldBy: [discovery('response_types: code, and no other')],
    },
  ],
}
