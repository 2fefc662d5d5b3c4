import { type Specification, testsOf } from './requirement.ts'

const plan = testsOf('test/conformance/openid-foundation/fapi2-message-signing.test.ts')
const named = (name: string) => plan(`fapi2-security-profile-final-${name}`)

export const fapi2MessageSigning: Specification = {
  id: 'FAPI 2.0 Message Signing',
  title: 'FAPI 2.0 Message Signing, final',
  address: 'https://openid.net/specs/fapi-message-signing-2_0-final.html',
  folders: ['openid-foundation'],
  bearing:
    '§5.3 to §5.5: signed requests, signed answers, signed introspection. Each is a strict client’s own choice. HTTP message signatures (§5.6) are between a client and its resource server.',
  requirements: [
    {
      section: '5.3.1',
      must: 'Signed request objects are verified where they are pushed',
      heldBy: [
        named('happy-flow'),
        named('ensure-request-object-with-invalid-signature-fails'),
        named('ensure-request-object-signature-algorithm-is-not-none'),
        named('ensure-matching-key-in-authorization-request'),
        named('ensure-signed-request-object-with-RS256-fails'),
      ],
    },
    {
      section: '5.3.1',
      must: 'aud is our issuer, or has it among others',
      heldBy: [
        named('ensure-request-object-with-bad-aud-fails'),
        named('ensure-request-object-with-multiple-aud-succeeds'),
      ],
    },
    {
      section: '5.3.1',
      must: 'nbf is there, and at most sixty minutes ago',
      heldBy: [
        named('ensure-request-object-without-nbf-fails'),
        named('ensure-request-object-with-nbf-over-60-fails'),
        named('ensure-request-object-with-nbf-8-seconds-in-the-future-is-accepted'),
      ],
    },
    {
      section: '5.3.1',
      must: 'exp is there, and at most sixty minutes after nbf',
      heldBy: [
        named('ensure-request-object-without-exp-fails'),
        named('ensure-request-object-with-exp-over-60-fails'),
        named('ensure-expired-request-object-fails'),
      ],
    },
    {
      section: '5.3.1',
      must: 'The typ oauth-authz-req+jwt is accepted',
      heldBy: [named('happy-flow')],
    },
    {
      section: '5.4.1',
      must: 'Answers are signed where response_mode is jwt, refusals too',
      heldBy: [named('happy-flow'), named('user-rejects-authentication')],
    },
    {
      section: '5.5.1',
      must: 'Introspection is answered with a signed JWT where it is asked so',
      heldBy: [plan('is answered with a JWT, signed as the profile says, when asked so')],
    },
  ],
}
