import { type Specification, testsOf } from './requirement.ts'

const metadata = testsOf('test/conformance/rfc8414-metadata/metadata.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc8414: Specification = {
  id: 'RFC 8414',
  title: 'OAuth 2.0 Authorization Server Metadata',
  address: 'https://www.rfc-editor.org/rfc/rfc8414',
  folders: ['rfc8414-metadata'],
  bearing: '§2 and §3. Signed metadata (§2.1) is not offered; an issuer with a path (§3.1) is not either.',
  requirements: [
    {
      section: '2',
      must: 'issuer is a URL with https, without query and fragment',
      heldBy: [
        metadata('§3.3: the issuer is the one in whose place it was found'),
        settings('production over http'),
        settings('an issuer with a slash at the end'),
      ],
    },
    {
      section: '2',
      must: 'authorization_endpoint, token_endpoint and response_types_supported are there',
      heldBy: [metadata('§2: what is required is there')],
    },
    {
      section: '2',
      must: 'Where private_key_jwt is offered the algorithms of that endpoint are there, and none is not among them',
      heldBy: [metadata('§2: an endpoint where clients sign has its algorithms')],
    },
    {
      section: '2',
      must: 'Where keys for signing and for encryption are published each says its use',
      heldBy: [metadata('§2: every key at jwks_uri says what it is for')],
    },
    {
      section: '2',
      must: 'What is said is so',
      heldBy: [
        discovery('the document is the one that these tables hold to account'),
        discovery('%s answers at %s'),
        discovery('client authentication by %s'),
        discovery('grant_type=%s is known'),
      ],
    },
    {
      section: '3',
      must: 'The document is at a place made of the issuer and a well-known name, over https',
      heldBy: [
        metadata('§3, §3.2: at the well-known place, by GET, as application/json'),
        settings('production over http'),
      ],
    },
    {
      section: '3.2',
      must: 'The answer is 200, application/json; claims without elements are left out',
      heldBy: [
        metadata('§3, §3.2: at the well-known place, by GET, as application/json'),
        metadata('§3.2: what would be empty is left out'),
      ],
    },
    {
      section: '3.3',
      must: 'issuer is identical to the one whose name the place is made of',
      heldBy: [metadata('§3.3: the issuer is the one in whose place it was found')],
    },
  ],
}
