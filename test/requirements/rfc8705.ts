import { type Specification, testsOf } from './requirement.ts'

const tls = testsOf('test/conformance/rfc8705-mutual-tls/mutual-tls.test.ts')
const introspection = testsOf('test/conformance/rfc8705-mutual-tls/introspection.test.ts')
const certificates = testsOf('test/protocol/oauth/mutual-tls.test.ts')
const metadata = testsOf('test/protocol/oauth/key-metadata.test.ts')
const edge = testsOf('test/http/client-certificate.test.ts')

export const rfc8705: Specification = {
  id: 'RFC 8705',
  title: 'OAuth 2.0 Mutual-TLS Client Authentication and Certificate-Bound Access Tokens',
  address: 'https://www.rfc-editor.org/rfc/rfc8705',
  folders: ['rfc8705-mutual-tls'],
  bearing:
    '§2 to §7. The handshake is the edge’s, and the certificate arrives with the connection and nowhere else; the path to an authority of the registry, and revocation, are ours to find. Tokens from the authorization endpoint (§7.2) are not offered.',
  requirements: [
    {
      section: '2',
      must: 'A client is found by its client_id, and its certificate is held to what it registered',
      heldBy: [
        tls('§2: by its client_id in the request'),
        tls('attack: another certificate of the same authority'),
        tls('§2, §6.5: at %s, on the host that asks for certificates and on no other'),
      ],
    },
    {
      section: '2',
      must: 'A client without its certificate, or with another, is answered with invalid_client',
      heldBy: [
        tls('attack: no certificate'),
        tls('attack: none was asked for'),
        tls('attack: another certificate of the same authority'),
      ],
    },
    {
      section: '2.1',
      must: 'With tls_client_auth the certificate has a path to a trusted authority and is not revoked',
      heldBy: [
        tls('attack: the same name from an authority that is not registered'),
        tls('attack: the same name from an authority that issues for people only'),
        tls('attack: a revoked certificate, whatever the edge says'),
        certificates('asks the registry only about a certificate with the right name'),
      ],
    },
    {
      section: '2.1.2',
      must: 'Exactly one expected subject is registered, and it is the certificate’s',
      heldBy: [
        metadata('RFC 8705 §2.1.2: no name'),
        metadata('RFC 8705 §2.1.2: two names'),
        tls('§2.1.2 its subject'),
        tls('§2.1.2 a host in it'),
        tls('§2.1.2 a URI in it'),
        tls('§2.1.2 an address in it'),
        tls('§2.1.2 a mailbox in it'),
      ],
    },
    {
      section: '2.2',
      must: 'With self_signed_tls_client_auth the certificate is one that was registered, whoever vouches for it',
      heldBy: [
        tls('grants to the registered certificate, although nobody vouches for it'),
        tls('another certificate, be it verified'),
        certificates('one that only signed the registered one'),
        metadata('RFC 8705 §2.2.2: no keys'),
      ],
    },
    {
      section: '3',
      must: 'A bound token is good over a connection with its certificate only; else 401 and invalid_token',
      heldBy: [tls('§3 attack: %s'), tls('a stolen token over another certificate')],
    },
    {
      section: '3',
      must: 'The certificate is taken from the TLS layer',
      heldBy: [
        tls('attack: a forged header'),
        tls('a stolen token with a forged header'),
        tls('a stolen token with its certificate, on a host that asks for none'),
        edge('RFC 8705 §6.5: nothing on %s, which asks nobody for a certificate'),
      ],
    },
    {
      section: '3.1',
      must: 'cnf has x5t#S256: base64url of the SHA-256 of the DER, without padding or line breaks',
      heldBy: [tls('§3.1: cnf x5t#S256'), certificates('is the SHA-256 of the DER, as openssl gives it')],
    },
    {
      section: '3.2',
      must: 'Introspection tells cnf with the same member',
      heldBy: [introspection('RFC 8705 §3.2: introspection tells the certificate of a token')],
    },
    {
      section: '3.4',
      must: 'A client that registered for bound tokens gets such tokens',
      heldBy: [
        tls('§3.4: only where it is registered'),
        tls('§3.4: a client registered for it comes without a certificate'),
      ],
    },
    {
      section: '4',
      must: 'A public client’s refresh token is bound to the certificate too, and the binding is verified',
      heldBy: [
        tls('§4, §7.1: a public client: bound tokens, and a refresh token for this certificate alone'),
      ],
    },
    {
      section: '5',
      must: 'mtls_endpoint_aliases name endpoints that are also there without',
      heldBy: [tls('names the host for certificates')],
    },
    {
      section: '6.5',
      must: 'What a proxy says of a certificate cannot be forged by who sends a request',
      heldBy: [edge('RFC 8705 §6.5: a forged header %s is not read')],
    },
  ],
}
