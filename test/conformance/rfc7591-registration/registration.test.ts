import { env } from 'cloudflare:workers'
import { base64url, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { digest } from '../../../src/kernel/digest.ts'
import { clientKey } from '../../actors/keyed-client.ts'

const INITIAL = 'initial-access-token-for-tests'
const trusted = await generateKeyPair('ES256', { extractable: true })
const stranger = await generateKeyPair('ES256', { extractable: true })
const statementKeys = { keys: [{ ...(await exportJWK(trusted.publicKey)), kid: 'authority', alg: 'ES256' }] }

const SANDBOX = { ENVIRONMENT: 'sandbox', ISSUER: 'http://localhost:8787' }
const PRODUCTION = { ENVIRONMENT: 'production', ISSUER: 'https://id.example.test' }

/** The composed application under other variables. */
async function deployment(vars: Record<string, string>) {
  const bindings = new Proxy(env, {
    get: (target, key) =>
      typeof key === 'string' && key in vars ? vars[key] : Reflect.get(target, key, target),
    has: (target, key) => key in vars || Reflect.has(target, key),
  })
  const { app } = compose(bindings, {
    channel: { deliver: async () => 'delivered' as const },
    registrationOpen: vars.ENVIRONMENT === 'sandbox',
  })
  const ask = async (body: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(
      `${vars.ISSUER}/register`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      },
      bindings,
    )
    return { response, told: await response.json<Record<string, unknown>>() }
  }
  const discovery = async () =>
    (await app.request(`${vars.ISSUER}/.well-known/openid-configuration`, {}, bindings)).json<
      Record<string, unknown>
    >()
  return { ask, discovery }
}

const sandbox = await deployment({ ...SANDBOX, SOFTWARE_STATEMENT_KEYS: JSON.stringify(statementKeys) })
const closed = await deployment(PRODUCTION)
const production = await deployment({
  ...PRODUCTION,
  INITIAL_ACCESS_TOKEN_DIGEST: await digest(INITIAL),
  SOFTWARE_STATEMENT_KEYS: JSON.stringify(statementKeys),
})
const digestItself = await digest(INITIAL)
const initial = { authorization: `Bearer ${INITIAL}` }
const minimal = { redirect_uris: ['https://dossier.example.test/cb'] }
/** What a strict client cannot do without: a key. */
const keyed = { ...minimal, jwks: { keys: [(await clientKey()).jwk] } }

const signed = (claims: JWTPayload, key = trusted.privateKey, kid = 'authority') =>
  new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid }).sign(key)
const STATED = { iss: 'https://authority.example.test', software_id: '4NRB1-0XZABZI9E6-5SM3R' }

describe('RFC 7591 §3: who may register', () => {
  it('in the sandbox: anybody', async () => {
    const { response } = await sandbox.ask(minimal)
    expect(response.status).toBe(201)
    expect(await sandbox.discovery()).toHaveProperty('registration_endpoint')
  })

  it('in production without an initial access token set: nobody, and nothing is advertised', async () => {
    const { response } = await closed.ask(minimal, initial)
    expect(response.status).toBe(404)
    expect(await closed.discovery()).not.toHaveProperty('registration_endpoint')
  })

  it('in production with one: whoever presents it', async () => {
    const { response } = await production.ask(keyed, initial)
    expect(response.status).toBe(201)
    expect(await production.discovery()).toHaveProperty('registration_endpoint')
  })

  it.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer x' }],
    ['the digest itself', { authorization: `Bearer ${digestItself}` }],
  ])('attack: in production, with %s', async (_, headers) => {
    const { response, told } = await production.ask(minimal, headers)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toContain('Bearer')
    expect(told).toMatchObject({ error: 'invalid_token' })
  })
})

describe('RFC 7591 §3.2.1: what is told back', () => {
  it('a token and an address to manage the registration by (RFC 7592 §3)', async () => {
    const { told } = await sandbox.ask(minimal)
    expect(told).toMatchObject({
      registration_access_token: expect.stringMatching(/^[\w-]{43}$/),
      registration_client_uri: `${SANDBOX.ISSUER}/register/${told.client_id}`,
    })
  })

  it('in production: the strict profile, unless a statement says otherwise', async () => {
    expect((await production.ask(keyed, initial)).told).toMatchObject({ serment_profile: 'strict' })
    const software_statement = await signed({ ...STATED, serment_profile: 'compatible' })
    const { told } = await production.ask({ ...minimal, software_statement }, initial)
    expect(told).toMatchObject({ serment_profile: 'compatible' })
  })
})

describe('RFC 7591 §2.3: software statements', () => {
  it('come before what the client says of itself, and are told back as they came', async () => {
    const software_statement = await signed({ ...STATED, client_name: 'Logiciel Agréé' })
    const { response, told } = await sandbox.ask({
      ...minimal,
      client_name: 'Autre nom',
      software_id: 'another',
      software_statement,
    })
    expect(response.status).toBe(201)
    expect(told).toMatchObject({
      client_name: 'Logiciel Agréé',
      software_id: STATED.software_id,
      software_statement,
    })
  })

  it.each<[string, () => Promise<unknown> | unknown, string]>([
    ['that nobody trusted signed', () => signed(STATED, stranger.privateKey, 'stranger'), 'unapproved'],
    ['attack: under a trusted key’s name', () => signed(STATED, stranger.privateKey), 'invalid'],
    [
      'attack: alg none',
      () => `${base64url.encode('{"alg":"none"}')}.${base64url.encode(JSON.stringify(STATED))}.`,
      'invalid',
    ],
    [
      'attack: the public key taken for a secret',
      () =>
        new SignJWT(STATED)
          .setProtectedHeader({ alg: 'HS256', kid: 'authority' })
          .sign(new TextEncoder().encode(JSON.stringify(statementKeys.keys[0]))),
      'invalid',
    ],
    [
      'that was changed',
      async () => {
        const [header, , signature] = (await signed(STATED)).split('.')
        return `${header}.${base64url.encode('{"iss":"x"}')}.${signature}`
      },
      'invalid',
    ],
    ['that is over', () => signed({ ...STATED, exp: 1 }), 'invalid'],
    ['without iss', () => signed({ software_id: 'x' }), 'invalid'],
    ['that is no JWT', () => 'x', 'invalid'],
    ['that is no text', () => ({}), 'invalid'],
  ])('are refused %s', async (_, statement, error) => {
    const { response, told } = await sandbox.ask({ ...minimal, software_statement: await statement() })
    expect(response.status).toBe(400)
    expect(told).toMatchObject({ error: `${error}_software_statement` })
  })

  it('§3.2.2: are all unapproved where nobody is trusted to make them', async () => {
    const plain = await deployment(SANDBOX)
    const { told } = await plain.ask({ ...minimal, software_statement: await signed(STATED) })
    expect(told).toMatchObject({ error: 'unapproved_software_statement' })
  })

  it('are held to the rules like anything else', async () => {
    const software_statement = await signed({ ...STATED, redirect_uris: ['https://x.example/#y'] })
    const { told } = await sandbox.ask({ ...minimal, software_statement })
    expect(told).toMatchObject({ error: 'invalid_redirect_uri' })
  })
})

describe('rights, in production', () => {
  const api = { audience: 'https://api.example.test/rights', scopes: ['patient.read'] }

  it.each([
    ['serment_introspection', true],
    ['serment_authority', true],
    ['serment_api', api],
    ['serment_profile', 'compatible'],
  ])('attack: nobody gives %s to themselves', async (member, value) => {
    const { response, told } = await production.ask({ ...keyed, [member]: value }, initial)
    expect(response.status).toBe(400)
    expect(told).toMatchObject({ error: 'invalid_client_metadata' })
  })

  it('a software statement gives them', async () => {
    const software_statement = await signed({ ...STATED, serment_introspection: true, serment_api: api })
    const { response, told } = await production.ask({ ...keyed, software_statement }, initial)
    expect(response.status).toBe(201)
    expect(told).toMatchObject({ serment_introspection: true, serment_api: api })
  })

  it('logouts are told to public addresses only', async () => {
    const { told } = await production.ask(
      { ...keyed, backchannel_logout_uri: 'http://localhost:3000/logout' },
      initial,
    )
    expect(told).toMatchObject({ error: 'invalid_client_metadata' })
  })

  it('RFC 9700 §2.6: people are sent back over TLS, but to a native application on its own machine', async () => {
    const software_statement = await signed({ ...STATED, serment_profile: 'compatible' })
    const plain = { redirect_uris: ['http://127.0.0.1/cb'], software_statement }
    const { response, told } = await production.ask(plain, initial)
    expect(response.status).toBe(400)
    expect(told).toMatchObject({ error: 'invalid_redirect_uri' })
    const left = { ...minimal, software_statement, post_logout_redirect_uris: ['http://localhost:3000/'] }
    expect((await production.ask(left, initial)).told).toMatchObject({ error: 'invalid_redirect_uri' })
    const native = { ...plain, application_type: 'native' }
    expect((await production.ask(native, initial)).response.status).toBe(201)
    expect((await sandbox.ask(plain)).response.status).toBe(201)
  })

  it('attack: an audience that another API has', async () => {
    const taken = { ...api, audience: 'https://api.example.test/taken' }
    expect((await sandbox.ask({ ...minimal, serment_api: taken })).response.status).toBe(201)
    const { response, told } = await sandbox.ask({ ...minimal, serment_api: taken })
    expect(response.status).toBe(400)
    expect(told).toMatchObject({ error: 'invalid_client_metadata' })
  })
})
