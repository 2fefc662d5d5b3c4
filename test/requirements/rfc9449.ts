import { type Specification, testsOf } from './requirement.ts'

const dpop = testsOf('test/conformance/rfc9449-dpop/dpop.test.ts')
const authorization = testsOf('test/conformance/rfc9449-dpop/authorization.test.ts')
const pushed = testsOf('test/conformance/rfc9126-pushed-authorization/pushed-authorization.test.ts')
const exchange = testsOf('test/conformance/rfc8693-token-exchange/token-exchange.test.ts')
const proof = testsOf('test/protocol/oauth/dpop.test.ts')
const nonces = testsOf('test/provider/sender-constraint/nonces.test.ts')
const discovery = testsOf('test/conformance/oidc-discovery/discovery.test.ts')

export const rfc9449: Specification = {
  id: 'RFC 9449',
  title: 'OAuth 2.0 Demonstrating Proof of Possession (DPoP)',
  address: 'https://www.rfc-editor.org/rfc/rfc9449',
  folders: ['rfc9449-dpop'],
  bearing:
    '§4.3 to §11 at the token endpoint, at /par, and at userinfo as a protected resource. How a client makes and keeps its key is left out.',
  requirements: [
    {
      section: '4.3 (1)',
      must: 'There is not more than one DPoP header',
      heldBy: [dpop('§4.3 (1): two DPoP headers'), proof('(1) two proofs in one header')],
    },
    {
      section: '4.3 (2)',
      must: 'It is one well-formed JWT',
      heldBy: [proof('any text is refused as a proof, and never throws')],
    },
    {
      section: '4.3 (3)',
      must: 'All the claims of §4.2 are there',
      heldBy: [
        proof('(3) without jti'),
        proof('(3) without htm'),
        proof('(3) without htu'),
        proof('(3) without iat'),
        dpop('no jti'),
      ],
    },
    {
      section: '4.3 (4)',
      must: 'typ is dpop+jwt',
      heldBy: [proof('(4) another typ: a token is no proof'), proof('(4) no typ')],
    },
    {
      section: '4.3 (5)',
      must: 'alg is an asymmetric signature that is supported, and not none',
      heldBy: [
        proof('(5) alg none'),
        proof('(5) an HMAC under the public key'),
        proof('a proof signed with %s'),
      ],
    },
    {
      section: '4.3 (6)',
      must: 'The signature is of the key in jwk',
      heldBy: [proof('(6) the signature of another key'), proof('(6) without its key')],
    },
    {
      section: '4.3 (7)',
      must: 'jwk has no private key',
      heldBy: [proof('(7) a private key in jwk')],
    },
    {
      section: '4.3 (8)',
      must: 'htm is the method of the request',
      heldBy: [dpop('wrong htm'), proof('(8) another method')],
    },
    {
      section: '4.3 (9)',
      must: 'htu is the URI of the request, without query and fragment',
      heldBy: [
        dpop('wrong htu: another endpoint'),
        dpop('wrong htu: another server'),
        proof('(9) another port'),
        proof('(9) htu with %s'),
      ],
    },
    {
      section: '4.3 (10)',
      must: 'Where the server gave a nonce, nonce is that one',
      heldBy: [dpop('§8: %s, and says which one to use'), dpop('§9: no nonce, and says which one to use')],
    },
    {
      section: '4.3 (11)',
      must: 'iat, or the nonce, lies within an acceptable time',
      heldBy: [
        dpop('a proof from yesterday'),
        dpop('a proof for tomorrow'),
        proof('(11) made long ago'),
        proof('(11) made for later'),
      ],
    },
    {
      section: '4.3 (12)',
      must: 'With an access token, ath is its hash and the token is bound to the key of the proof',
      heldBy: [
        dpop('wrong ath: another token'),
        dpop('no ath'),
        dpop('§7.1 attack: a stolen token with a proof of the thief’s key'),
      ],
    },
    {
      section: '5',
      must: 'A proof that does not hold is answered with invalid_dpop_proof and 400',
      heldBy: [dpop('§4.3: %s'), dpop('wrong htm')],
    },
    {
      section: '5',
      must: 'The tokens that a proof gets are bound to its key, and token_type is DPoP',
      heldBy: [dpop('§5: a token bound to the key of the proof')],
    },
    {
      section: '5',
      must: 'A public client’s refresh token is bound to the key, and is good with a proof of it only',
      heldBy: [
        dpop('§5: a public client refreshes with the same key'),
        dpop('§5 attack: a public client’s stolen refresh token, with %s'),
      ],
    },
    {
      section: '5.1',
      must: 'The algorithms that are advertised are asymmetric, and are those that are taken',
      heldBy: [
        discovery('the document is the one that these tables hold to account'),
        proof('a proof signed with %s'),
      ],
    },
    {
      section: '5.2',
      must: 'A client registered for bound tokens is refused without a proof',
      heldBy: [dpop('§5.2: a client registered for DPoP without a proof')],
    },
    {
      section: '6.1',
      must: 'cnf has jkt: the SHA-256 thumbprint of the key',
      heldBy: [dpop('and §6.1: its cnf')],
    },
    {
      section: '6.2',
      must: 'Introspection tells cnf, and token_type DPoP',
      heldBy: [exchange('RFC 9449 §5: is exchanged with the key’s proof only')],
    },
    {
      section: '7.1',
      must: 'A bound token is good with a valid proof only; else 401 with a DPoP challenge that names algs',
      heldBy: [
        dpop('§7.1: userinfo, with the proof of the token'),
        dpop('§7.1: the token without a proof'),
        dpop('§7.1 attack: a stolen token with a proof of the thief’s key'),
        proof('§7.1: the challenge names the algorithms'),
      ],
    },
    {
      section: '7.2',
      must: 'A bound token shown as a bearer token is refused',
      heldBy: [
        dpop('§7.2 attack: a stolen token used as a bearer token'),
        dpop('§7.2 attack: a stolen token in a form'),
      ],
    },
    {
      section: '8',
      must: 'A missing or wrong nonce is answered 400 with use_dpop_nonce and one DPoP-Nonce',
      heldBy: [dpop('§8: %s, and says which one to use')],
    },
    {
      section: '8',
      must: 'Nonces cannot be predicted',
      heldBy: [nonces('are made with a key'), nonces('are renewed each minute')],
    },
    {
      section: '9',
      must: 'At a resource that is 401 with a challenge of use_dpop_nonce',
      heldBy: [dpop('§9: no nonce, and says which one to use')],
    },
    {
      section: '10',
      must: 'A code of a request with dpop_jkt is redeemed with a proof of that key only',
      heldBy: [
        dpop('§10 attack: a stolen code, bound by dpop_jkt, redeemed with %s'),
        authorization('gives a code to whoever holds the key'),
        authorization('attack: a code injected into a client with %s is worth nothing'),
      ],
    },
    {
      section: '10.1',
      must: 'At /par a proof counts as dpop_jkt; where both are there and differ the request is refused',
      heldBy: [pushed('RFC 9449 §10.1: a DPoP proof that comes with the push binds the code to its key')],
    },
    {
      section: '11.1',
      must: 'A proof is accepted for a short time, and may be accepted once only',
      heldBy: [
        dpop('§11.1 attack: a proof replayed'),
        dpop('§11.1 attack: a proof sent ten times at once gives one token'),
        dpop('a proof from yesterday'),
      ],
    },
    {
      section: '11.6',
      must: 'No JWT of another kind is taken for a proof',
      heldBy: [proof('(4) another typ: a token is no proof')],
    },
    {
      section: '11.7',
      must: 'Only signatures that are asymmetric and thought secure are taken',
      heldBy: [proof('(5) alg none'), proof('(5) an HMAC under the public key')],
    },
  ],
}
