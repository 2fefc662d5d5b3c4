import { type Specification, testsOf } from './requirement.ts'

const form = testsOf('test/conformance/form-post-response-mode/form-post.test.ts')

export const formPost: Specification = {
  id: 'Form Post',
  title: 'OAuth 2.0 Form Post Response Mode',
  address: 'https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html',
  folders: ['form-post-response-mode'],
  bearing: '§2 and §4.',
  requirements: [
    {
      section: '2',
      must: 'The answer is in hidden fields of a form that is posted to the redirect URI, and nowhere else',
      heldBy: [
        form('§2: a code, state and iss in a form for the redirect URI, and nothing in a URL'),
        form('§2: it posts itself by a script of this one answer'),
      ],
    },
    { section: '2', must: 'Errors go the same way', heldBy: [form('§2: refusals too')] },
    {
      section: '4',
      must: 'Neither the browser nor anything on the way keeps the page',
      heldBy: [
        form('§2: a code, state and iss in a form for the redirect URI, and nothing in a URL'),
        form('a page left behind and opened again has no code in it any more'),
      ],
    },
  ],
}
