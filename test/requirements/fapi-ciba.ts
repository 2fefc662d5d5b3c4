import { type Specification, testsOf } from './requirement.ts'

const plan = testsOf('test/conformance/openid-foundation/fapi-ciba.test.ts')
const core = testsOf('test/conformance/ciba/ciba-core.test.ts')
const ping = testsOf('test/conformance/ciba/ping.test.ts')
const signed = testsOf('test/conformance/ciba/signed-request.test.ts')
const named = (name: string) => plan(`fapi-ciba-id1-${name}`)

export const fapiCiba: Specification = {
  id: 'FAPI-CIBA',
  title: 'FAPI: Client Initiated Backchannel Authentication Profile, first implementer’s draft',
  address: 'https://openid.net/specs/openid-financial-api-ciba.html',
  folders: ['ciba', 'openid-foundation'],
  bearing:
    '§5.2.2 and §7, for clients registered as strict, with the general rules of FAPI 2.0 for what both share.',
  requirements: [
    {
      section: '5.2.2',
      must: 'Only confidential clients',
      heldBy: [ping('a public client (FAPI-CIBA §5.2.2 (1))')],
    },
    {
      section: '5.2.2',
      must: 'A binding_message is required, or something else that ties the request to its screen',
      heldBy: [core('FAPI-CIBA §5.2.2 no binding_message')],
    },
    { section: '5.2.2', must: 'No push mode', heldBy: [ping('push (FAPI-CIBA §5.2.2 (3))')] },
    { section: '5.2.2', must: 'The poll mode is supported', heldBy: [plan('fapi-ciba-id1: acknowledged')] },
    {
      section: '5.2.2',
      must: 'The person is authenticated as strongly as what the client may do asks for',
      heldBy: [core('a class that a phone cannot reach')],
    },
    {
      section: '5.2.2',
      must: 'acr is in the ID token where it was asked for',
      heldBy: [plan('fapi-ciba-id1: acknowledged')],
    },
    {
      section: '5.2.2',
      must: 'Requests are signed',
      heldBy: [
        named('ensure-backchannel-authorization-request-without-request-fails'),
        signed('FAPI-CIBA §5.2.2 (6): a client that signs, without a signature; and a strict one'),
      ],
    },
    {
      section: '5.2.2',
      must: 'A signed request has nbf and exp, which limit its life to sixty minutes',
      heldBy: [
        named('ensure-request-object-missing-nbf-fails'),
        named('ensure-request-object-missing-exp-fails'),
        named('ensure-request-object-exp-is-70-minutes-in-future-fails'),
        named('ensure-request-object-nbf-is-70-minutes-in-past-fails'),
        named('ensure-request-object-nbf-is-10-minutes-in-future-fails'),
      ],
    },
    {
      section: '5.2.2',
      must: 'Tokens are bound to their holder, and clients authenticate by a key or a certificate',
      heldBy: [
        named('ensure-mtls-holder-of-key-required'),
        named('ensure-without-client-assertion-in-token-endpoint-request'),
        named('ensure-without-client-assertion-in-backchannel-authorization-request'),
      ],
    },
    {
      section: '7.6',
      must: 'Signatures are PS256, ES256 or Ed25519, never none and never RS256',
      heldBy: [
        named('ensure-request-object-signature-algorithm-is-RS256-fails'),
        named('ensure-request-object-signature-algorithm-is-none-fails'),
        named(
          'ensure-client-assertion-signature-algorithm-in-backchannel-authorization-request-is-RS256-fails',
        ),
        named('ensure-client-assertion-signature-algorithm-in-token-endpoint-request-is-RS256-fails'),
      ],
    },
  ],
}
