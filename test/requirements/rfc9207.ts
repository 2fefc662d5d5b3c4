import { type Specification, testsOf } from './requirement.ts'

const issuer = testsOf('test/conformance/rfc9207-issuer-identification/issuer.test.ts')
const attacks = testsOf('test/conformance/rfc9700-attacks/authorization.test.ts')
const settings = testsOf('test/kernel/settings.test.ts')

export const rfc9207: Specification = {
  id: 'RFC 9207',
  title: 'OAuth 2.0 Authorization Server Issuer Identification',
  address: 'https://www.rfc-editor.org/rfc/rfc9207',
  folders: ['rfc9207-issuer-identification'],
  bearing: '§2 and §3. The comparison (§2.4) is the client’s; two strict client libraries make it here.',
  requirements: [
    {
      section: '2',
      must: 'iss is in every authorization response, errors included',
      heldBy: [issuer('§2: with a code'), issuer('§2: with an error, %s'), issuer('§2: in a form')],
    },
    {
      section: '2',
      must: 'iss is the issuer: a URL with https, without query and fragment',
      heldBy: [
        issuer('§2, §2.3, §3: it is the issuer of the metadata'),
        settings('production over http'),
        attacks('attack: iss in the request, or in the redirect URI’s query'),
      ],
    },
    {
      section: '2',
      must: 'In a signed answer the claim iss stands for it',
      heldBy: [issuer('§2: in a signed answer by its claim')],
    },
    {
      section: '2.3',
      must: 'It is identical to issuer in the metadata, which say that it is there',
      heldBy: [issuer('§2, §2.3, §3: it is the issuer of the metadata')],
    },
  ],
}
