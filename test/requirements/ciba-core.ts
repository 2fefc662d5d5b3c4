import { type Specification, testsOf } from './requirement.ts'

const core = testsOf('test/conformance/ciba/ciba-core.test.ts')
const userCode = testsOf('test/conformance/ciba/user-code.test.ts')
const ping = testsOf('test/conformance/ciba/ping.test.ts')
const signed = testsOf('test/conformance/ciba/signed-request.test.ts')
const attacks = testsOf('test/conformance/ciba/attacks.test.ts')
const sectors = testsOf('test/conformance/rfc9700-attacks/pairwise.test.ts')
const plan = testsOf('test/conformance/openid-foundation/fapi-ciba.test.ts')

export const cibaCore: Specification = {
  id: 'CIBA Core',
  title: 'OpenID Connect Client-Initiated Backchannel Authentication Flow, Core 1.0',
  address: 'https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html',
  folders: ['ciba', 'openid-foundation'],
  bearing:
    '§4, §7 to §11 and §13. The push mode (§10.3, §12) is not offered, which FAPI-CIBA §5.2.2 forbids.',
  requirements: [
    {
      section: '4',
      must: 'The endpoint, the delivery modes and the grant type are in the metadata',
      heldBy: [plan('fapi-ciba-id1-discovery-end-point-verification')],
    },
    {
      section: '4',
      must: 'A client of the ping mode registers an https address to be told at',
      heldBy: [
        ping('ping without an endpoint'),
        ping('a ping that points inward goes nowhere, and cannot be registered: %s'),
      ],
    },
    {
      section: '4',
      must: 'Requests are signed by asymmetric algorithms only',
      heldBy: [ping('an HMAC'), signed('alg=none, an HMAC under the public key')],
    },
    {
      section: '4',
      must: 'A pairwise client whose grants redirect nobody shows its sector by keys at a jwks_uri in it',
      heldBy: [
        sectors('grants who signs with keys that are published in the sector'),
        sectors('with keys published elsewhere'),
        sectors('with keys of one’s own, by value'),
      ],
    },
    {
      section: '7.1',
      must: 'The client authenticates as at the token endpoint; the issuer, the token endpoint and this endpoint are all accepted as audience of its assertion',
      heldBy: [
        signed('may name us as <issuer>%s'),
        core('§13: a wrong secret, and a client that is not known'),
        core('§7.1: client_secret_post authenticates as at the token endpoint'),
      ],
    },
    {
      section: '7.1',
      must: 'A client that registered for user codes sends one, and a wrong one does not reach the phone of whoever has set one',
      heldBy: [
        userCode('the right code rings, and the rest goes as ever'),
        userCode('§13 missing_user_code, of everybody alike'),
        userCode('a wrong code rings nobody, and the service learns no more than of somebody unknown'),
        userCode('§4: from a client that does not ask for codes it is left aside'),
      ],
    },
    {
      section: '7.1',
      must: 'Requests come by POST in a form',
      heldBy: [core('§7.1: anything but POST'), core('RFC 6749 §3.1: a parameter twice')],
    },
    {
      section: '7.1',
      must: 'scope is there and has openid',
      heldBy: [core('§7.1 no openid'), core('§7.1 no scope')],
    },
    {
      section: '7.1',
      must: 'Exactly one hint says who is meant',
      heldBy: [
        core('§7.1 no hint'),
        core('§7.1 two hints'),
        core('§7.1 three hints'),
        plan('fapi-ciba-id1-ensure-authorization-request-with-multiple-hints-fails'),
      ],
    },
    {
      section: '7.1',
      must: 'In ping mode a client_notification_token is required, of the form of a bearer token and of 1024 characters at most',
      heldBy: [
        ping('§7.1: ping without client_notification_token'),
        core('a notification token with a space'),
        core('a long notification token'),
      ],
    },
    {
      section: '7.1',
      must: 'requested_expiry is a positive whole number, as a number or as text',
      heldBy: [
        core('§7.1 a zero expiry'),
        core('§7.1 a negative expiry'),
        core('§7.1 a fractional expiry'),
        plan('fapi-ciba-id1-ensure-requested-expiry-as-string-succeeds'),
      ],
    },
    {
      section: '7.1',
      must: 'A binding_message that cannot be shown is refused with invalid_binding_message',
      heldBy: [
        plan('fapi-ciba-id1-ensure-authorization-request-with-potentially-bad-binding-message'),
        core('§7.1 a long binding_message'),
      ],
    },
    {
      section: '7.1.1',
      must: 'A signed request has iss, aud, exp, iat, nbf and jti',
      heldBy: [
        plan('fapi-ciba-id1-ensure-request-object-missing-aud-fails'),
        plan('fapi-ciba-id1-ensure-request-object-missing-iss-fails'),
        plan('fapi-ciba-id1-ensure-request-object-missing-exp-fails'),
        plan('fapi-ciba-id1-ensure-request-object-missing-iat-fails'),
        plan('fapi-ciba-id1-ensure-request-object-missing-nbf-fails'),
        plan('fapi-ciba-id1-ensure-request-object-missing-jti-fails'),
      ],
    },
    {
      section: '7.1.1',
      must: 'aud is our issuer, and iss the client',
      heldBy: [
        plan('fapi-ciba-id1-ensure-request-object-bad-aud-fails'),
        plan('fapi-ciba-id1-ensure-request-object-bad-iss-fails'),
      ],
    },
    {
      section: '7.1.1',
      must: 'No parameter of the request stands outside the signed one',
      heldBy: [signed('a parameter beside it')],
    },
    {
      section: '7.2',
      must: 'A signature that does not hold, or is of another key or algorithm, is refused',
      heldBy: [
        plan('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-bad-fails'),
        plan('fapi-ciba-id1-ensure-request-object-signature-algorithm-is-none-fails'),
        plan('fapi-ciba-id1-ensure-request-object-signed-by-other-client-fails'),
      ],
    },
    {
      section: '7.2',
      must: 'A hint is valid: an id_token_hint is one that we issued to this client, a login_hint_token one that it signed for us',
      heldBy: [
        core('§7.1: an id_token_hint of another client, and one that we never signed'),
        core('§7.1 id_token_hint: the person of an ID token of ours, expired or not'),
        signed('grants: the person in SubjectNameID of a JWT that the client signed for us'),
        signed('refuses what another key signed'),
      ],
    },
    {
      section: '7.3',
      must: 'The acknowledgement is JSON with auth_req_id, expires_in and, where polling is slower than five seconds, interval',
      heldBy: [core('§7.3, §10.1: an acknowledgement, then pending'), plan('fapi-ciba-id1: acknowledged')],
    },
    {
      section: '7.3',
      must: 'An auth_req_id has at least 128 bits that nobody can guess, of letters, digits, dot, dash and underscore',
      heldBy: [
        core('§7.3, §10.1: an acknowledgement, then pending'),
        core('§11: a wrong secret for a request that exists'),
      ],
    },
    {
      section: '8',
      must: 'The person is authenticated and agrees before tokens are given',
      heldBy: [
        core('§11 access_denied: the person picks %s'),
        plan('fapi-ciba-id1-user-rejects-authentication'),
      ],
    },
    {
      section: '10.1',
      must: 'The client authenticates and shows an auth_req_id of its own',
      heldBy: [
        plan('fapi-ciba-id1-ensure-wrong-auth-req-id-in-token-endpoint-request'),
        plan('fapi-ciba-id1-ensure-without-client-assertion-in-token-endpoint-request'),
        core('§10.1: a token request %s'),
      ],
    },
    {
      section: '10.1.1',
      must: 'A result is given as a token response of OpenID Connect, once',
      heldBy: [plan('fapi-ciba-id1: acknowledged'), plan('fapi-ciba-id1-multiple-call-to-token-endpoint')],
    },
    {
      section: '10.2',
      must: 'A ping is a POST of auth_req_id in JSON, with the client’s own token as bearer',
      heldBy: [
        ping('after a decision (%s): one POST with the client’s own token'),
        plan('fapi-ciba-id1: in ping mode'),
      ],
    },
    {
      section: '10.2',
      must: 'A redirect in the answer to a ping is not followed',
      heldBy: [
        ping('302: not followed, given up'),
        plan('fapi-ciba-id1-ping-backchannel-notification-endpoint-return-redirect-request'),
      ],
    },
    {
      section: '10.2',
      must: 'A client that answers a ping with an error, or with a body, can still fetch its result',
      heldBy: [
        plan('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-has-body'),
        plan('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-401'),
        plan('fapi-ciba-id1-ping-backchannel-notification-endpoint-response-403'),
      ],
    },
    {
      section: '11',
      must: 'authorization_pending while nobody has decided, slow_down for polling too fast, which adds five seconds',
      heldBy: [
        plan('fapi-ciba-id1-multiple-call-to-token-endpoint'),
        attacks('§11 slow_down: polling faster than allowed costs five seconds more each time'),
      ],
    },
    {
      section: '11',
      must: 'expired_token after the time is over, access_denied after a refusal, invalid_grant for what is not this client’s',
      heldBy: [
        plan('fapi-ciba-id1-auth-req-id-expired'),
        core('§11 access_denied: the person picks %s'),
        core('§11: a wrong secret for a request that exists'),
      ],
    },
    {
      section: '13',
      must: 'A refused request is told with the error of the specification and its status, and is not to be stored',
      heldBy: [
        core('§13: a wrong secret, and a client that is not known'),
        core('§13 unauthorized_client'),
        core('a hint that can be nobody'),
      ],
    },
  ],
}
