import { type Specification, testsOf } from './requirement.ts'

const exchange = testsOf('test/conformance/rfc8693-token-exchange/token-exchange.test.ts')

export const rfc8693: Specification = {
  id: 'RFC 8693',
  title: 'OAuth 2.0 Token Exchange',
  address: 'https://www.rfc-editor.org/rfc/rfc8693',
  folders: ['rfc8693-token-exchange'],
  bearing:
    '§2, §3 and §4.1, for the one exchange that is offered: a professional’s access token for one of a registered API, whose resource or audience (RFC 8707 §2) is one at a time. may_act (§4.4) is in no token of ours, so nobody acts by it.',
  requirements: [
    {
      section: '2.1',
      must: 'The request has grant_type, subject_token and subject_token_type',
      heldBy: [exchange('§2.1: no subject token'), exchange('§2.1: no type of it')],
    },
    {
      section: '2.1',
      must: 'actor_token_type is there with actor_token and never without it',
      heldBy: [exchange('a type without a token'), exchange('a token without its type')],
    },
    {
      section: '2.1',
      must: 'The tokens are validated as their type demands: signature, end, revocation, and whose they are',
      heldBy: [
        exchange('attack: exchanging another client’s token'),
        exchange('attack: the token of a session that ended'),
        exchange('attack: the token of a family that was revoked'),
        exchange('attack: an ID token'),
        exchange('§2.2.2: refuses an actor token %s'),
        exchange('attack: signed by somebody else'),
      ],
    },
    {
      section: '2.1',
      must: 'A client that authenticates is authenticated; here none else may exchange',
      heldBy: [
        exchange('a public client is not registered for it'),
        exchange('RFC 6749 §5.2: a client that is not registered for it'),
        exchange('attack: a suspended client'),
      ],
    },
    {
      section: '2.2.1',
      must: 'The answer has access_token, issued_token_type and token_type, and is kept by nobody',
      heldBy: [exchange('§2.2.1: a professional’s token for one of the API')],
    },
    {
      section: '2.2.1',
      must: 'scope is there where it is not the one that was asked for; here always',
      heldBy: [exchange('§2.2.1: a professional’s token for one of the API')],
    },
    {
      section: '2.2.2',
      must: 'A request that is not valid, or a token that cannot be accepted, is answered with invalid_request and 400',
      heldBy: [
        exchange('§3: a type that we do not make'),
        exchange('attack: an API token, exchanged once more'),
        exchange('that is no JWT'),
      ],
    },
    {
      section: '2.2.2',
      must: 'A target that no token is issued for is answered with invalid_target',
      heldBy: [exchange('§2.2.2: an audience that no API has'), exchange('§2.2.2: two APIs at once')],
    },
    {
      section: '4.1',
      must: 'act is an object that names the actor, without exp, nbf or aud',
      heldBy: [exchange('are in act, as the client signed them')],
    },
  ],
}
