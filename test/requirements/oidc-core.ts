import { type Specification, testsOf } from './requirement.ts'

const tokens = testsOf('test/conformance/oidc-core-tokens/tokens.test.ts')
const basic = testsOf('test/conformance/openid-foundation/basic-op.test.ts')
const requests = testsOf('test/conformance/oidc-core-requests/authentication.test.ts')
const prompt = testsOf('test/conformance/oidc-core-requests/prompt.test.ts')
const claims = testsOf('test/conformance/oidc-core-requests/claims.test.ts')
const pairwise = testsOf('test/conformance/oidc-core-pairwise/pairwise.test.ts')
const encryption = testsOf('test/conformance/oidc-core-encryption/encryption.test.ts')
const authorization = testsOf('test/conformance/rfc6749-authorization-code/authorization.test.ts')
const token = testsOf('test/conformance/rfc6749-authorization-code/token.test.ts')
const objects = testsOf('test/conformance/rfc9101-request-objects/request-objects.test.ts')
const assertions = testsOf('test/conformance/rfc7523-client-assertions/client-assertions.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')
const tampering = testsOf('test/conformance/login-page/tampering.test.ts')
const hints = testsOf('test/protocol/oidc/id-token-hint.test.ts')
const ring = testsOf('test/keys/key-ring.object.test.ts')

export const oidcCore: Specification = {
  id: 'OIDC Core',
  title: 'OpenID Connect Core 1.0, errata set 2',
  address: 'https://openid.net/specs/openid-connect-core-1_0.html',
  folders: [
    'oidc-core-requests',
    'oidc-core-tokens',
    'oidc-core-encryption',
    'oidc-core-keys',
    'oidc-core-pairwise',
    'openid-foundation',
  ],
  bearing:
    'The code flow: §2, §3.1, §5, §6, §8 to §12, §15 and §16. The implicit and hybrid flows (§3.2, §3.3) are not offered, as RFC 9700 §2.1.2 demands; nor are login by a third party (§4), aggregated and distributed claims (§5.6.2), and providers that people run themselves (§7), but for the refusal of `registration`. What a relying party has to check is its own.',
  requirements: [
    {
      section: '2',
      must: 'An ID token has iss, sub, aud with the client’s name, exp and iat',
      heldBy: [tokens('says who issued it, to whom, when and for how long'), basic('oidcc-server')],
    },
    {
      section: '2',
      must: 'sub is never given to anybody else, and is at most 255 ASCII characters long',
      heldBy: [
        tokens('names the person by the same sub each time'),
        pairwise('one person has another sub in each sector'),
      ],
    },
    {
      section: '2',
      must: 'auth_time is there when max_age was sent or require_auth_time registered',
      heldBy: [tokens('has auth_time, asked by max_age or require_auth_time or not')],
    },
    {
      section: '2',
      must: 'A nonce that was sent is in the ID token, unchanged',
      heldBy: [
        tokens('has the nonce as it was: %s'),
        basic('oidcc-ensure-request-without-nonce-succeeds-for-code-flow'),
      ],
    },
    {
      section: '2',
      must: 'acr is a text, and amr a list of texts',
      heldBy: [tokens('has acr as text and amr as a list of texts')],
    },
    {
      section: '2',
      must: 'ID tokens are signed, and none is not used for those that a token endpoint gives unless it was registered',
      heldBy: [
        basic('oidcc-idtoken-unsigned'),
        basic('oidcc-idtoken-signature'),
        discovery('and no other algorithm: %s'),
      ],
    },
    {
      section: '2',
      must: 'What is encrypted is signed first, and the result is a nested JWT',
      heldBy: [encryption('with %s and enc %s'), encryption('oauth4webapi decrypts the ID token')],
    },
    {
      section: '3.1.2.1',
      must: 'The authorization endpoint takes GET and POST',
      heldBy: [
        authorization('RFC 6749 §3.1: GET, and POST with the same parameters in a form'),
        basic('oidcc-ensure-post-request-succeeds'),
      ],
    },
    {
      section: '3.1.2.1',
      must: 'redirect_uri is one of those registered, compared as text',
      heldBy: [
        authorization('RFC 9700 §2.1, RFC 6749 §3.1.2.3: a redirect URI off by one, %s'),
        basic('oidcc-ensure-registered-redirect-uri'),
      ],
    },
    {
      section: '3.1.2.1',
      must: 'prompt=none shows no page at all, and is an error where one would be needed',
      heldBy: [
        prompt('OIDC Core §3.1.2.6: prompt=none without a session'),
        prompt('OIDC Core §3.1.2.6: prompt=none for a service whose data was never shown'),
        requests('§3.1.2.6: prompt=none never shows anything'),
        basic('oidcc-prompt-none-logged-in'),
      ],
    },
    {
      section: '3.1.2.1',
      must: 'prompt=none beside another value is an error',
      heldBy: [
        prompt('OIDC Core §3.1.2.1: prompt=none beside another'),
        requests('§3.1.2.1: refuses prompt=%s'),
      ],
    },
    {
      section: '3.1.2.1',
      must: 'Older than max_age, the person is authenticated anew, and auth_time says when',
      heldBy: [
        requests('§3.1.2.1: older than %s seconds, the mire, and a new auth_time'),
        basic('oidcc-max-age-1'),
        basic('oidcc-max-age-10000'),
      ],
    },
    {
      section: '3.1.2.1',
      must: 'An id_token_hint is one that we issued; its expiry is no objection',
      heldBy: [
        hints('OIDC Core §3.1.2.1: %s'),
        requests('OIDC Core §3.1.2.1: of the person signed in'),
        requests('attack: an ID token of another client'),
        basic('oidcc-id-token-hint'),
      ],
    },
    {
      section: '3.1.2.2',
      must: 'A request without openid in its scope, or without a parameter that is required, is no authentication request and is refused',
      heldBy: [
        basic('oidcc-response-type-missing'),
        testsOf('test/provider/authorization/authorize.test.ts')('OIDC Core §3.1.2.1: without openid'),
        authorization('§3.3: no scope'),
      ],
    },
    {
      section: '3.1.2.2',
      must: 'Where sub is asked with a value, or by id_token_hint, no other person is ever answered with',
      heldBy: [
        tokens('an error where somebody else than the hint names signs in'),
        claims('§5.5.1: sub of somebody else than signs in'),
        claims('§5.5.1: sub and id_token_hint that name different people'),
      ],
    },
    {
      section: '3.1.2.3',
      must: 'The person is authenticated when nobody is signed in, and again with prompt=login',
      heldBy: [
        basic('oidcc-prompt-login'),
        requests('OIDC Core §3.1.2.1: prompt=%s shows the mire afresh'),
        basic('oidcc-prompt-none-not-logged-in'),
      ],
    },
    {
      section: '3.1.2.3',
      must: 'The interaction is protected from forged requests and from being framed',
      heldBy: [
        tampering('RFC 6749 §10.12, OIDC Core §3.1.2.3'),
        tampering('Fetch Metadata §2.3, RFC 6454 §7: a POST from another origin, %s'),
        tokens('cannot be framed'),
      ],
    },
    {
      section: '3.1.2.4',
      must: 'The person decides before anything is told',
      heldBy: [
        claims('§3.1.2.4: the person is shown what is asked by name, before it is told'),
        prompt('OIDC Core §3.1.2.6: prompt=none for a service whose data was never shown'),
      ],
    },
    {
      section: '3.1.2.5',
      must: 'A good answer has the code, and the state as it was sent',
      heldBy: [authorization('OIDC Core §3.1.2.5, RFC 9207 §2'), basic('oidcc-server')],
    },
    {
      section: '3.1.2.6',
      must: 'An error has its code and the state, and goes to the redirect URI only where that is registered',
      heldBy: [
        basic('oidcc-prompt-none-not-logged-in'),
        authorization('RFC 6749 §4.1.2.1: a person who gives up'),
        authorization('RFC 6749 §4.1.2.1: %s'),
      ],
    },
    {
      section: '3.1.3.2',
      must: 'The client is authenticated as it registered',
      heldBy: [
        token('RFC 6749 §5.2, §2.3.1: a wrong secret in both places'),
        discovery('client authentication by %s'),
      ],
    },
    {
      section: '3.1.3.2',
      must: 'The code was given to this client, has not expired and was not used',
      heldBy: [
        token('RFC 6749 §4.1.3, §10.5: the code of another client'),
        token('RFC 6749 §4.1.2: an expired code'),
        basic('oidcc-codereuse'),
        basic('oidcc-codereuse-30seconds'),
      ],
    },
    {
      section: '3.1.3.2',
      must: 'redirect_uri is the one of the authorization request',
      heldBy: [
        token('RFC 6749 §4.1.3: a redirect URI off by one'),
        token('RFC 6749 §4.1.3: no redirect URI'),
      ],
    },
    {
      section: '3.1.3.3',
      must: 'Tokens come as JSON with an ID token, the type Bearer unless another was agreed, and are not to be stored',
      heldBy: [basic('oidcc-server'), token('RFC 6749 §5.1: as JSON that nobody on the way may keep')],
    },
    {
      section: '3.1.3.4',
      must: 'A refused token request is 400 with the error of OAuth 2.0, in JSON',
      heldBy: [basic('oidcc-codereuse'), token('RFC 6749 §5.2: another grant')],
    },
    {
      section: '5.3',
      must: 'Userinfo is given by GET and by POST, to a bearer token in the header',
      heldBy: [
        basic('oidcc-userinfo-get'),
        basic('oidcc-userinfo-post-header'),
        basic('oidcc-userinfo-post-body'),
      ],
    },
    {
      section: '5.3.2',
      must: 'sub is always there, and the same as in the ID token',
      heldBy: [
        tokens('§5.3.2: sub always, whatever the scope'),
        pairwise('OIDC Core §5.3.2: ID token, access token and userinfo agree'),
      ],
    },
    {
      section: '5.3.2',
      must: 'The content type is application/json for JSON, and application/jwt for what is signed or encrypted',
      heldBy: [
        tokens('§5.3.2: sub always, whatever the scope, in JSON that says so'),
        discovery('userinfo signed with %s'),
        encryption('encrypted with %s and enc %s'),
      ],
    },
    {
      section: '5.5',
      must: 'Members of claims that are not understood are ignored',
      heldBy: [
        testsOf('test/protocol/oidc/claims-parameter.test.ts')('OIDC Core §5.5: unknown members are ignored'),
        claims('§5.5.1: what we do not have is left out, essential or not'),
      ],
    },
    {
      section: '5.5.1.1',
      must: 'Where acr is essential with values, one of them is reached, or the sign-in has failed',
      heldBy: [
        requests('§5.5.1.1: an essential class that is reached is stated'),
        requests('Unmet Authentication Requirements §2: essential %s, reached %s'),
      ],
    },
    {
      section: '6.1',
      must: 'What a request object says counts, and not what stands beside it',
      heldBy: [
        objects('§5, §6.3: what stands beside the object does not count'),
        basic('oidcc-ensure-request-object-with-redirect-uri'),
      ],
    },
    {
      section: '6.1',
      must: 'A request object holds neither request nor request_uri',
      heldBy: [
        testsOf('test/conformance/openid-foundation/fapi2-message-signing.test.ts')(
          'fapi2-security-profile-final-par-authorization-request-containing-request_uri',
        ),
      ],
    },
    {
      section: '6.1',
      must: 'response_type and client_id stand beside the object too, and agree with it',
      notHeld:
        'RFC 9101 §5 has replaced this: client_id stands beside it and agrees, response_type need not be there, and what stands there does not count',
    },
    {
      section: '6.2',
      must: 'request_uri, where it is not supported, is refused with request_uri_not_supported',
      heldBy: [basic('oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported')],
    },
    {
      section: '6.3.2',
      must: 'A request object is signed by the algorithm that was registered, with a key of this client',
      heldBy: [
        objects('RFC 8725 §3.2, attack: alg=none'),
        basic('oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported'),
      ],
    },
    {
      section: '7.2.1',
      must: 'registration, where it is not supported, is refused with registration_not_supported',
      heldBy: [discovery('OIDC Core §3.1.2.6: what is said not to be is refused by name, %s')],
    },
    {
      section: '8.1',
      must: 'A pairwise sub cannot be turned back by anybody else, is another in each sector, and is the same each time',
      heldBy: [
        pairwise('one person has another sub in each sector'),
        pairwise('§8.1, §17.3: with the scope %s nothing told is the same in another sector'),
      ],
    },
    {
      section: '8.1',
      must: 'A pairwise client on several hosts registers a sector_identifier_uri',
      heldBy: [
        testsOf('test/conformance/oidc-registration/registration.test.ts')(
          '§2: a pairwise client on two hosts',
        ),
      ],
    },
    {
      section: '9',
      must: 'An assertion of private_key_jwt has iss, sub, aud, jti and exp, and is for us',
      heldBy: [
        testsOf('test/conformance/openid-foundation/fapi2-security-profile.test.ts')(
          'fapi2-security-profile-final-ensure-invalid-client-assertions-fail',
        ),
        assertions('§3 (3) attack, audience injection: an assertion made for %s'),
        assertions('§3 (7) attack: an assertion replayed'),
      ],
    },
    {
      section: '10.1',
      must: 'Where several keys are published, a signature names its own by kid',
      heldBy: [basic('oidcc-idtoken-signature')],
    },
    {
      section: '10.1.1',
      must: 'A key that no longer signs stays published for a while',
      heldBy: [
        testsOf('test/keys/rotation.test.ts')('removes a retired key after a day, not before'),
        ring('turns by alarm: announced, then active, then the old one retired and removed'),
      ],
    },
    {
      section: '10.2',
      must: 'Encryption is to a key that the client published for it',
      heldBy: [encryption('§10.2: to the key that fits, and never to one for signatures')],
    },
    {
      section: '11',
      must: 'offline_access is ignored where its conditions are not met, and never gives without consent what it stands for',
      heldBy: [tokens('gives nothing that outlives the session')],
    },
    {
      section: '12.2',
      must: 'An ID token of a refresh has the same iss, sub, aud, azp and auth_time, and an iat of its own',
      heldBy: [basic('oidcc-refresh-token'), pairwise('OIDC Core §12.2: a refresh keeps it')],
    },
    {
      section: '12.1',
      must: 'A refresh token is for the client that it was given to',
      heldBy: [basic('oidcc-refresh-token'), token('RFC 6749 §6, §10.4: another client’s refresh token')],
    },
    {
      section: '15.1',
      must: 'RS256, prompt, display, ui_locales, claims_locales, auth_time, max_age and acr_values are supported, the latter at least in being no error',
      heldBy: [
        basic('oidcc-idtoken-signature'),
        basic('oidcc-prompt-login'),
        basic('oidcc-display-page'),
        basic('oidcc-display-popup'),
        basic('oidcc-ui-locales'),
        basic('oidcc-claims-locales'),
        basic('oidcc-max-age-10000'),
        basic('oidcc-ensure-request-with-acr-values-succeeds'),
      ],
    },
    {
      section: '15.2',
      must: 'A provider with dynamic registration supports the response types id_token and id_token token',
      notHeld:
        'the implicit flow is not offered to anybody: RFC 9700 §2.1.2 advises against it, and FAPI 2.0 forbids it',
    },
    {
      section: '15.2',
      must: 'A provider with dynamic registration supports request_uri',
      notHeld:
        'no address that somebody names is fetched (RFC 9101 §10.4.1): requests are pushed instead, and discovery says so',
    },
    {
      section: '16.17',
      must: 'Every endpoint is served over TLS',
      heldBy: [
        testsOf('test/conformance/openid-foundation/config-op.test.ts')(
          'Discovery §3, §7.1: every endpoint is https and without fragment',
        ),
      ],
    },
  ],
}
