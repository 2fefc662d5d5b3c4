import { type Specification, testsOf } from './requirement.ts'

const registration = testsOf('test/conformance/oidc-registration/registration.test.ts')
const parser = testsOf('test/protocol/oauth/client-metadata.test.ts')
const keys = testsOf('test/protocol/oauth/key-metadata.test.ts')
const metadata = testsOf('test/conformance/rfc7591-registration/metadata.test.ts')
const management = testsOf('test/conformance/rfc7592-management/management.test.ts')
const encryption = testsOf('test/conformance/oidc-core-encryption/encryption.test.ts')
const requests = testsOf('test/conformance/oidc-core-requests/authentication.test.ts')

export const oidcRegistration: Specification = {
  id: 'OIDC Registration',
  title: 'OpenID Connect Dynamic Client Registration 1.0, errata set 2',
  address: 'https://openid.net/specs/openid-connect-registration-1_0.html',
  folders: ['oidc-registration', 'rfc7591-registration'],
  bearing:
    '§2 to §5 and §9. What it shares with RFC 7591 stands there. Names in several languages (§2.1), initiate_login_uri and request_uris (§2) are left aside, as members that are not known.',
  requirements: [
    {
      section: '2',
      must: 'redirect_uris are required, for the grant that redirects',
      heldBy: [registration('§2: no redirect URI'), parser('RFC 7591 §3.2.2 invalid_redirect_uri: %s')],
    },
    {
      section: '2',
      must: 'A web client has https redirect URIs, a native one custom schemes or http on its own machine',
      heldBy: [
        parser('redirect URI: %s'),
        parser('a private scheme for a web client'),
        parser('http elsewhere'),
      ],
    },
    {
      section: '2',
      must: 'grant_types and response_types have their defaults, and agree with each other',
      heldBy: [parser('RFC 7591 §2, OIDC Registration §2: the defaults'), parser('no response type')],
    },
    {
      section: '2',
      must: 'jwks and jwks_uri are not both there, and hold no private key',
      heldBy: [metadata('§2: jwks and jwks_uri at once'), parser('a private key')],
    },
    {
      section: '2',
      must: 'An encryption method is taken only with the algorithm of its key, and A128CBC-HS256 is the default',
      heldBy: [
        registration('§2: an encryption without its algorithm'),
        keys('an enc without alg'),
        encryption('with %s and enc %s'),
      ],
    },
    {
      section: '2',
      must: 'ID tokens are not unsigned unless the client never gets one from the authorization endpoint and asked for it',
      heldBy: [parser('unsigned ID tokens')],
    },
    {
      section: '2',
      must: 'Request objects of a client that registered an algorithm are refused by any other',
      heldBy: [
        testsOf('test/conformance/rfc9101-request-objects/request-objects.test.ts')(
          'OIDC Registration §2: another algorithm than the one registered',
        ),
      ],
    },
    {
      section: '2',
      must: 'default_max_age holds where the request has no max_age',
      heldBy: [requests('Registration §2: default_max_age')],
    },
    {
      section: '2',
      must: 'auth_time is in ID tokens where require_auth_time is registered',
      heldBy: [
        testsOf('test/conformance/oidc-core-tokens/tokens.test.ts')(
          'has auth_time, asked by max_age or require_auth_time or not',
        ),
      ],
    },
    {
      section: '3.2',
      must: 'The answer is 201 and JSON with client_id, and with client_secret goes client_secret_expires_at',
      heldBy: [registration('§3.2: 201, JSON that nobody may keep')],
    },
    {
      section: '3.2',
      must: 'registration_access_token and registration_client_uri are both there or neither',
      heldBy: [registration('§3.2: 201, JSON that nobody may keep')],
    },
    {
      section: '3.2',
      must: 'client_id and client_secret are nobody else’s',
      heldBy: [
        testsOf('test/provider/registration/registration.test.ts')(
          'names and secrets are never the same twice',
        ),
      ],
    },
    {
      section: '3.3',
      must: 'A refusal is 400 with an error of the specification',
      heldBy: [metadata('%s'), registration('§2: no redirect URI')],
    },
    {
      section: '4.2',
      must: 'A client reads its registration by GET with its own token',
      heldBy: [management('§2.1: a client reads its registration')],
    },
    {
      section: '4.4',
      must: 'A wrong token, or a client that is not there, is 401, and the token is revoked with the client',
      heldBy: [
        management('§2: a client that does not exist, with the same words'),
        management('§2.3: removes the client, and with it its tokens'),
      ],
    },
    {
      section: '5',
      must: 'sector_identifier_uri is https, and its host is the sector',
      heldBy: [
        registration('§5: a sector_identifier_uri without TLS'),
        keys('OIDC Core §8.1: the sector is the host, without its port'),
      ],
    },
    {
      section: '5',
      must: 'The file at sector_identifier_uri holds every redirect URI',
      notHeld:
        'the file is not fetched: the member is taken only where its host is the one host of all redirect URIs, which gives the same sector, and refused otherwise',
    },
  ],
}
