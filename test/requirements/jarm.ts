import { type Specification, testsOf } from './requirement.ts'

const jarm = testsOf('test/conformance/jarm/jarm.test.ts')
const parser = testsOf('test/protocol/oauth/authorization-response.test.ts')
const plan = testsOf('test/conformance/openid-foundation/fapi2-message-signing.test.ts')

export const jarmSpecification: Specification = {
  id: 'JARM',
  title: 'JWT Secured Authorization Response Mode for OAuth 2.0, final',
  address: 'https://openid.net/specs/oauth-v2-jarm-final.html',
  folders: ['jarm', 'openid-foundation'],
  bearing:
    '§2 to §4. Answers are signed and not encrypted: nothing in them is a secret from the browser that carries them.',
  requirements: [
    {
      section: '2.1',
      must: 'The JWT has iss, aud with the client’s name, and exp',
      heldBy: [
        parser('JARM §2.1: a signed answer says from whom, for whom, and for ten minutes'),
        plan('fapi2-security-profile-final-happy-flow'),
      ],
    },
    {
      section: '2.1',
      must: 'All parameters of the answer, and of an error, are inside the JWT',
      heldBy: [
        jarm('§2.3.1, §2.3.4: response_mode=%s, one signed parameter in the query'),
        jarm('§2.1: refusals are signed too'),
        plan('fapi2-security-profile-final-user-rejects-authentication'),
      ],
    },
    {
      section: '2.2',
      must: 'The JWT is signed, and never with none',
      heldBy: [
        jarm('§3: unsigned, or under a secret, cannot be registered'),
        jarm('§3: signed %s where it is registered'),
      ],
    },
    {
      section: '2.3.1',
      must: 'query.jwt puts it as response into the query',
      heldBy: [jarm('§2.3.1, §2.3.4: response_mode=%s')],
    },
    {
      section: '2.3.3',
      must: 'form_post.jwt posts it as response in a form',
      heldBy: [jarm('§2.3.3: response_mode=form_post.jwt, in a form')],
    },
    {
      section: '2.3.4',
      must: 'jwt stands for query.jwt with the response type code',
      heldBy: [jarm('§2.3.1, §2.3.4: response_mode=%s'), parser('JARM §2.3.4: the default of the code flow')],
    },
    {
      section: '2.3.2',
      must: 'fragment.jwt puts it into the fragment',
      notHeld:
        'the mode is not offered, as fragment is not, and is refused: every script of the page would read the code',
    },
    {
      section: '3',
      must: 'The algorithm is the registered one, and RS256 where none was',
      heldBy: [jarm('§3: signed %s where it is registered'), jarm('§3: RS256 where nothing is registered')],
    },
    {
      section: '4',
      must: 'The algorithms are in the metadata',
      heldBy: [jarm('discovery: the algorithms that are shown here')],
    },
  ],
}
