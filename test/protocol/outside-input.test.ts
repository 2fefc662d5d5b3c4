import fc from 'fast-check'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import {
  BeginActivation,
  Decide,
  FinishActivation,
  GiveCodes,
  Pair,
  RevokeDevice,
} from '../../src/ecps/contract.ts'
import { address } from '../../src/kernel/handle.ts'
import { ClientId, CredentialId, DeviceId, NationalId, ObjectName } from '../../src/kernel/identifiers.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { languageOf } from '../../src/kernel/language.ts'
import { keepingBonds, readBonds } from '../../src/mire/bonds.ts'
import { PasskeyAnswer } from '../../src/mire/contract.ts'
import { readPairingCode, readPairingText } from '../../src/mire/pairing-code.ts'
import { bindingMessage } from '../../src/protocol/ciba/binding-message.ts'
import { RegisteredApi } from '../../src/protocol/oauth/api-metadata.ts'
import { presentedToken } from '../../src/protocol/oauth/bearer.ts'
import { clientCredentials, JWT_BEARER } from '../../src/protocol/oauth/client-credentials.ts'
import { publishedJwks } from '../../src/protocol/oauth/client-jwks.ts'
import { clientMetadata } from '../../src/protocol/oauth/client-metadata.ts'
import { dpopJkt, dpopProof, dpopToken } from '../../src/protocol/oauth/dpop.ts'
import { OAuthError } from '../../src/protocol/oauth/errors.ts'
import { wantsIntrospectionJwt } from '../../src/protocol/oauth/introspection.ts'
import { base64, readableNames } from '../../src/protocol/oauth/mutual-tls.ts'
import { parameters } from '../../src/protocol/oauth/parameters.ts'
import { codeChallenge, codeVerifier } from '../../src/protocol/oauth/pkce.ts'
import { notPublic } from '../../src/protocol/oauth/public-uri.ts'
import { pushedReference } from '../../src/protocol/oauth/pushed-authorization.ts'
import { isLoopback, registrableUri } from '../../src/protocol/oauth/redirect-uri.ts'
import { responseMode } from '../../src/protocol/oauth/response-mode.ts'
import { parseScope } from '../../src/protocol/oauth/scope.ts'
import { tokenRequest } from '../../src/protocol/oauth/token-request.ts'
import { parseAcrValues } from '../../src/protocol/oidc/acr.ts'
import { authenticationRequest } from '../../src/protocol/oidc/authentication-request.ts'
import { claimsRequest } from '../../src/protocol/oidc/claims-parameter.ts'
import { endSessionRequest } from '../../src/protocol/oidc/end-session.ts'
import { readIdTokenHint } from '../../src/protocol/oidc/id-token-hint.ts'
import { parseMaxAge, parsePrompt } from '../../src/protocol/oidc/prompt.ts'
import { readCertificate } from '../../src/protocol/pki/certificate.ts'
import { elements } from '../../src/protocol/pki/der.ts'
import { parseName } from '../../src/protocol/pki/distinguished-name.ts'
import { readClientData } from '../../src/protocol/webauthn/client-data.ts'
import { realmPath } from '../../src/provider/aliases/realm-path.ts'
import { describeBrowser } from '../../src/provider/authorization/browser.ts'
import { originOf } from '../../src/provider/tokens/access-token-id.ts'
import { verifyAccessToken } from '../../src/provider/tokens/verify.ts'
import { verifySignedByClient } from '../../src/relying-parties/client-signature.ts'
import { verifySoftwareStatement } from '../../src/relying-parties/software-statement.ts'
import { readNationalId, typedNationalId } from '../../src/rpps/national-id.ts'
import { anyText } from '../actors/any-text.ts'

/**
 * Whatever reads text from outside, in one list: a new parser is a new line. Two things hold for each: nothing is thrown
 * but a refusal in the specifications' words, and the cost does not grow with the square of the length.
 */

const NOW = systemClock()
const ISSUER = 'https://serment.example'
const { publicKey } = await generateKeyPair('ES256', { extractable: true })
const JWKS = { keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] }
const party = { clientId: ClientId.parse('a'), metadata: { jwks: undefined, jwks_uri: undefined } }
const clientKeys = { of: async () => ({ jwks: JWKS }) }
const checks = { algorithms: ['ES256'], currentDate: new Date() }
const one = (name: string, text: string) => new Map(text === '' ? [] : [[name, text]])

const PARSERS: readonly (readonly [string, (text: string) => unknown])[] = [
  ['RFC 6749 App. B: a form or a query', (text) => parameters(new URLSearchParams(text))],
  ['RFC 7617: Basic', (text) => clientCredentials(`Basic ${text}`, new Map())],
  ['RFC 7617: an Authorization header', (text) => clientCredentials(text, new Map())],
  [
    'RFC 7521 §4.2: an assertion',
    (text) =>
      clientCredentials(
        undefined,
        new Map([
          ['client_assertion', text],
          ['client_assertion_type', JWT_BEARER],
        ]),
      ),
  ],
  ['RFC 6750 §2.1: Bearer', (text) => presentedToken(`Bearer ${text}`, undefined)],
  ['RFC 9449 §7.1: DPoP', (text) => dpopToken(`DPoP ${text}`)],
  ['RFC 9449 §4.3: a proof', (text) => dpopProof(text, { method: 'POST', urls: [ISSUER] }, NOW)],
  ['RFC 9449 §10: dpop_jkt', dpopJkt],
  ['RFC 6749 §3.3: scope', parseScope],
  ['RFC 6749 §4.1.3: a token request', (text) => tokenRequest(one('grant_type', text))],
  ['RFC 7636 §4.2: a challenge', (text) => codeChallenge(text, 'S256')],
  ['RFC 7636 §4.1: a verifier', codeVerifier],
  ['OAuth Multiple Response Types §2.1: response_mode', responseMode],
  ['OIDC Core §3.1.2.1: a request', (text) => authenticationRequest(one('scope', text))],
  ['OIDC Core §3.1.2.1: prompt', parsePrompt],
  ['OIDC Core §3.1.2.1: max_age', parseMaxAge],
  ['OIDC Core §3.1.2.1: acr_values', parseAcrValues],
  ['OIDC Core §3.1.2.1: ui_locales, and RFC 9110 §12.5.4', (text) => languageOf(text, text, text)],
  ['OIDC Core §3.1.2.1: id_token_hint', (text) => readIdTokenHint(text, JWKS, ISSUER)],
  ['OIDC Core §5.5: claims', claimsRequest],
  ['RP-Initiated Logout §2: a request', (text) => endSessionRequest(one('client_id', text))],
  ['CIBA Core §7.1: binding_message', bindingMessage],
  ['CIBA Core §7.1: a national id', typedNationalId],
  ['a national id of the directory', readNationalId],
  ['RFC 9126 §2.2: request_uri', pushedReference],
  ['RFC 9068 §4: an access token', (text) => verifyAccessToken(text, JWKS, ISSUER, NOW)],
  ['RFC 9101 §6.2: a signed JWT', (text) => verifySignedByClient(text, party, clientKeys, checks)],
  ['RFC 7591 §2.3: a software statement', (text) => verifySoftwareStatement(text, JWKS, NOW)],
  ['RFC 7591 §2: a redirect URI', (text) => registrableUri(text, 'native')],
  [
    'RFC 7591 §2: metadata',
    (text) => clientMetadata({ redirect_uris: [text], client_name: text, scope: text }),
  ],
  ['RFC 7591 §2: an API', (text) => RegisteredApi.safeParse({ audience: text, scopes: [text] })],
  ['RFC 7591 §2: an address to go to', notPublic],
  ['RFC 8252 §7.3: a host', isLoopback],
  ['RFC 7517 §4: a key', (text) => publishedJwks({ keys: [{ kty: 'EC', kid: text, x: text }] })],
  ['RFC 9701 §4: Accept', wantsIntrospectionJwt],
  ['RFC 4514: a distinguished name', parseName],
  ['RFC 4514: a distinguished name, from its type on', (text) => parseName(`CN=${text}`)],
  ['RFC 8705 §2.1.2: an address', (text) => readableNames({ tls_client_auth_san_ip: text })],
  ['RFC 9440 §2: a certificate', (text) => readCertificate(base64(text) ?? new Uint8Array())],
  ['WebAuthn L3 §5.8.1: client data', readClientData],
  ['a handle', address],
  ['the jti of an access token', originOf],
  ['a path of a realm', realmPath],
  ['a path inside of a realm', (text) => realmPath(`/auth/realms/esante/protocol/openid-connect/${text}`)],
  ['a browser’s name', describeBrowser],
  ['the cookie of bonds', (text) => [readBonds(text), keepingBonds(text, new Set())]],
  ['a typed code', readPairingCode],
  ['a scanned code', readPairingText],
  ...[ClientId, NationalId, CredentialId, DeviceId, ObjectName].map(
    (schema, i) => [`identifier ${i}`, (text: string) => schema.safeParse(text)] as const,
  ),
]

/** Runs it; what it throws must be a refusal, and a promise must keep to the same. */
async function readOrRefused(read: (text: string) => unknown, text: string): Promise<void> {
  try {
    await read(text)
  } catch (thrown) {
    if (!(thrown instanceof OAuthError)) throw thrown
  }
}

/** Text as it comes: anything, with a liking for what the formats are made of. */
const asItComes = fc.oneof(
  anyText(300),
  fc.string({ unit: 'grapheme', maxLength: 100 }),
  fc.stringMatching(/^[\w.~:/?#[\]@!$&'()*+,;=%"\\{}<> -]{0,200}$/),
  fc.json({ maxDepth: 6 }),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc
    .tuple(fc.json(), fc.json(), fc.string({ maxLength: 90 }))
    .map((parts) => parts.map((part) => btoa(encodeURIComponent(part)).replace(/=+$/, '')).join('.')),
)

describe('nothing is thrown but a refusal', () => {
  it.each(PARSERS)('%s', async (_, read) => {
    await fc.assert(
      fc.asyncProperty(asItComes, (text) => readOrRefused(read, text)),
      { numRuns: 150 },
    )
  })

  it.each([
    ['an assertion for the mire', PasskeyAnswer],
    ['the beginning of an activation', BeginActivation],
    ['the codes of an activation', GiveCodes],
    ['the end of an activation', FinishActivation],
    ['a pairing', Pair],
    ['a decision', Decide],
    ['a revocation', RevokeDevice],
  ] as const)('a message of the pages: %s', (_, schema) => {
    const members = fc.dictionary(
      fc.constantFrom(
        'assertion',
        'trust',
        'nationalId',
        'activation',
        'qr',
        'code',
        'id',
        'choice',
        '__proto__',
      ),
      fc.anything({ withNullPrototype: true }),
    )
    fc.assert(fc.property(fc.oneof(fc.anything(), members), (body) => void schema.safeParse(body)))
  })
})

/**
 * What makes a parser go back and forth, over and over. A million characters are a few milliseconds for one that reads
 * them once or refuses their length, and minutes for one whose cost is a square: the run's own time limit is the assertion.
 */
const HOSTILE: readonly string[] = [
  'a',
  ' ',
  '/',
  '.',
  '"',
  '\\',
  '%41',
  'a=',
  'a ',
  ',',
  '[',
  '{"a":',
  '😀',
  '\u0301',
  'a.',
]
const MILLION = 1_000_000

describe('the cost is not a square of the length', () => {
  it.each(PARSERS)('%s', async (_, read) => {
    for (const piece of HOSTILE) {
      const long = piece.repeat(MILLION / piece.length)
      for (const text of [long, `${long}\u0000`, `x${long}`]) await readOrRefused(read, text)
    }
  })

  /** How often the octets are looked at. */
  function looks(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown): number {
    let count = 0
    const counting = new Proxy(bytes, {
      get(target, name) {
        if (typeof name === 'string' && /^\d+$/.test(name)) count++
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    read(counting)
    return count
  }

  it.each([
    ['empty elements', (n: number) => Uint8Array.from({ length: 2 * n }, (_, i) => (i % 2 === 0 ? 0x30 : 0))],
    [
      'long lengths',
      (n: number) => Uint8Array.from({ length: 4 * n }, (_, i) => [0x30, 0x81, 0x80, 0][i % 4] ?? 0),
    ],
    ['zeros', (n: number) => new Uint8Array(2 * n)],
  ])('X.690: twice the octets are twice the looks, counted: %s', (_, made) => {
    const [once, twice] = [1_000, 2_000].map((n) => looks(made(n), elements))
    expect(twice).toBeLessThanOrEqual(2 * (once ?? 0) + 8)
  })
})
