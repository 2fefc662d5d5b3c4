import { env } from 'cloudflare:workers'
import { base64url, exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { Service } from '../../actors/service.ts'

// JWTs that clients make are read at one place, whatever they are for. Here as client assertions, byte by byte.

const composed = compose(env, { channel: { deliver: async () => 'delivered' }, registrationOpen: true })
const { issuer } = composed.settings
const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
let service: Service
beforeAll(async () => {
  service = await Service.register(composed, {
    redirect_uris: [],
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [await exportJWK(publicKey)] },
  })
})

const now = () => Math.floor(Date.now() / 1000)
const claims = () => ({
  iss: service.clientId,
  sub: service.clientId,
  aud: issuer,
  exp: now() + 60,
  jti: crypto.randomUUID(),
})
/** A JWS over these very texts. */
async function signed(header: string, payload: string): Promise<string> {
  const input = `${base64url.encode(header)}.${base64url.encode(payload)}`
  const algorithm = { name: 'ECDSA', hash: 'SHA-256' }
  const signature = await crypto.subtle.sign(algorithm, privateKey, new TextEncoder().encode(input))
  return `${input}.${base64url.encode(new Uint8Array(signature))}`
}
const made = (more: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
  signed(JSON.stringify({ alg: 'ES256', ...header }), JSON.stringify({ ...claims(), ...more }))

async function ask(assertion: string): Promise<number> {
  const response = await composed.app.request(
    `${issuer}/token`,
    {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: assertion,
      }),
    },
    env,
  )
  if (response.status !== 200) expect(await response.json()).toMatchObject({ error: 'invalid_client' })
  return response.status
}

describe('grants', () => {
  it('RFC 7515 §5.2: what was signed here', async () => {
    expect(await ask(await made())).toBe(200)
  })
  it('RFC 7519 §4.2, §4.3: with claims and header parameters that are not known', async () => {
    expect(await ask(await made({ 'https://x.example/': 1, y: null }, { z: {} }))).toBe(200)
  })
  it('RFC 7519 §4.1.3: our name in a list of one', async () => {
    expect(await ask(await made({ aud: [issuer] }))).toBe(200)
  })
  it('RFC 7519 §4.1.4: a few seconds after its end, for clocks that differ', async () => {
    expect(await ask(await made({ exp: now() - 2 }))).toBe(200)
  })
})

describe('refuses', () => {
  it.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['RFC 7519 §4.1.3: another audience', { aud: 'https://other.example' }, {}],
    ['RFC 7519 §4.1.3: an audience that is no text', { aud: 7 }, {}],
    ['RFC 7519 §4.1.4: over', { exp: 1 }, {}],
    ['RFC 7519 §4.1.4: an end that is no number', { exp: 'soon' }, {}],
    ['RFC 7519 §4.1.5: not yet', { nbf: Math.floor(Date.now() / 1000) + 300 }, {}],
    ['RFC 7519 §4.1.5: a beginning that is no number', { nbf: 'later' }, {}],
    ['RFC 7515 §4.1.11: an extension that is not known', {}, { crit: ['x'], x: 1 }],
    ['RFC 7515 §4.1.11: an extension that is not there', {}, { crit: ['exp'] }],
    ['RFC 7515 §4.1.11: an empty list of extensions', {}, { crit: [] }],
    ['RFC 7515 §4.1.1: an algorithm that is not known', {}, { alg: 'ES999' }],
    ['RFC 7515 §4.1.1: no algorithm', {}, { alg: undefined }],
    ['RFC 7515 §4.1.1: another algorithm than the key’s', {}, { alg: 'PS256' }],
    ['RFC 7518 §3.6: none, with a signature beside it', {}, { alg: 'none' }],
  ])('%s', async (_, more, header) => expect(await ask(await made(more, header))).toBe(401))

  it.each<[string, (jwt: string) => string]>([
    ['RFC 7515 §5.2: a line break in it', (jwt) => jwt.replace('.', '.\n')],
    ['RFC 7515 §5.2: a blank at its end', (jwt) => `${jwt} `],
    ['RFC 7515 §2: padding', (jwt) => `${jwt}==`],
    ['RFC 7515 §5.2: a part too few', (jwt) => jwt.slice(0, jwt.lastIndexOf('.'))],
    ['RFC 7515 §5.2: a part too many', (jwt) => `${jwt}.AA`],
    ['RFC 7515 §5.2: no signature', (jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)],
    ['RFC 7515 §5.2: another signature', (jwt) => `${jwt.slice(0, -8)}AAAAAAAA`],
    [
      'RFC 7515 §7.2: the JSON serialization',
      (jwt) => {
        const [header, payload, signature] = jwt.split('.')
        return JSON.stringify({ protected: header, payload, signature })
      },
    ],
  ])('%s', async (_, change) => expect(await ask(change(await made()))).toBe(401))

  it.each<[string, () => string, () => string]>([
    ['RFC 7515 §5.2: a header that is not JSON', () => 'alg=ES256', () => JSON.stringify(claims())],
    ['RFC 7519 §7.2: a header that is a list', () => '["ES256"]', () => JSON.stringify(claims())],
    ['RFC 7519 §7.2: claims that are a list', () => '{"alg":"ES256"}', () => `[${JSON.stringify(claims())}]`],
    ['RFC 7519 §7.2: claims that are a text', () => '{"alg":"ES256"}', () => '"claims"'],
    ['RFC 7519 §7.2: claims that are not JSON', () => '{"alg":"ES256"}', () => 'claims'],
    [
      'RFC 7519 §4: a claim twice, whose last does not hold',
      () => '{"alg":"ES256"}',
      () => JSON.stringify(claims()).replace(/}$/, ',"aud":"https://other.example"}'),
    ],
    [
      'RFC 7515 §4: a parameter twice, whose last does not hold',
      () => '{"alg":"ES256","alg":"PS256"}',
      () => JSON.stringify(claims()),
    ],
  ])('%s', async (_, header, payload) => expect(await ask(await signed(header(), payload()))).toBe(401))
})
