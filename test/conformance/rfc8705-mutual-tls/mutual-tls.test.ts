import { env } from 'cloudflare:workers'
import { base64url, decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { base64, thumbprintOf } from '../../../src/protocol/oauth/mutual-tls.ts'
import { curveKeys } from '../../../src/sandbox/authority/keys.ts'
import { EXPIRED, SELF_SIGNED } from '../../actors/certificates.ts'
import { DN, organisationAuthority, subjectOf } from '../../actors/organisations.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'
import { type Brought, MTLS_ORIGIN, tlsClientAuth, tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const authority = await organisationAuthority()
const stranger = await organisationAuthority('Autorité étrangère')
const ofPeople = await organisationAuthority('Autorité de personnes')
const CLIENT = await authority.issue()
const OTHER = await authority.issue({ subject: subjectOf('autre'), serial: '0c' })
const THUMBPRINT = await thumbprintOf(base64(CLIENT) ?? new Uint8Array())
const THUMBPRINT_HEX = Array.from(base64url.decode(THUMBPRINT), (octet) =>
  octet.toString(16).padStart(2, '0'),
).join('')
const NOT_ASKED = { certPresented: '0', certVerified: 'NONE', certRevoked: '0', certRFC9440: '' }

const byName = (members: Record<string, unknown> = {}) => ({
  token_endpoint_auth_method: 'tls_client_auth',
  ...('tls_client_auth_san_dns' in members || 'tls_client_auth_san_uri' in members
    ? {}
    : { tls_client_auth_subject_dn: DN }),
  ...members,
})
const KEY = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }

interface Answer {
  readonly error?: string
  readonly access_token: string
  readonly refresh_token: string
  readonly token_type: string
}

let named: Service
let bound: Service
let ans: Service
let alone: Service
let open: Service
beforeAll(async () => {
  await authority.enter()
  await ofPeople.enter({ purposes: ['person'] })
  await authority.revoke('0d')
  named = await desk.service(byName())
  bound = await desk.service(byName({ tls_client_certificate_bound_access_tokens: true }))
  ans = await desk.service(
    byName({ tls_client_certificate_bound_access_tokens: true, serment_thumbprint_form: 'ans' }),
  )
  alone = await desk.service({
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    tls_client_certificate_bound_access_tokens: true,
    jwks: { keys: [{ ...KEY, x5c: [SELF_SIGNED] }] },
  })
  open = await desk.service({
    token_endpoint_auth_method: 'none',
    tls_client_certificate_bound_access_tokens: true,
  })
})

const over = (certificate: string, change: Record<string, unknown> = {}): Brought => ({
  origin: MTLS_ORIGIN,
  certificate: tlsClientAuth(certificate, change),
})

async function redeem(by: Service, brought: Brought) {
  const { code } = await by.signIn()
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, client_id: by.clientId }
  const response = await desk.token(form, brought)
  return { response, body: await response.json<Answer>() }
}

describe('RFC 8705 §2.1, tls_client_auth: grants', () => {
  it.each([
    ['§2.1.2 its subject', byName()],
    ['§2.1.2 a host in it', byName({ tls_client_auth_san_dns: 'dossier.example.test' })],
    ['§2.1.2 a URI in it', byName({ tls_client_auth_san_uri: 'https://dossier.example.test/client' })],
    [
      '§2.1.2 an address in it',
      { token_endpoint_auth_method: 'tls_client_auth', tls_client_auth_san_ip: '2001:db8::7' },
    ],
    [
      '§2.1.2 a mailbox in it',
      {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_san_email: 'equipe@dossier.example.test',
      },
    ],
  ])('%s', async (_, metadata) => {
    const { response } = await redeem(await desk.service(metadata), over(CLIENT))
    expect(response.status).toBe(200)
  })

  it('§2: by its client_id in the request, at the price of one query, for its revocation, when its bindings are in memory', async () => {
    await redeem(named, over(CLIENT))
    const { code } = await named.signIn()
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: named.clientId,
    }
    const { objects, queries } = await desk.cost(() => desk.token(form, over(CLIENT)))
    expect(objects).toEqual(['SESSION.redeem'])
    expect(queries).toHaveLength(1)
  })

  it('§2.2: by a set of its own, at the price of no call and no query', async () => {
    const { code } = await alone.signIn()
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: alone.clientId,
    }
    expect(await desk.cost(() => desk.token(form, over(SELF_SIGNED)))).toEqual({
      objects: ['SESSION.redeem'],
      queries: [],
    })
  })

  it.each(['/token', '/revoke', '/introspect', '/par', '/device_authorization', '/bc-authorize'])(
    '§2, §6.5: at %s, on the host that asks for certificates and on no other',
    async (path) => {
      const asking = await desk.service(
        byName({
          serment_introspection: true,
          grant_types: [
            'authorization_code',
            'client_credentials',
            'urn:openid:params:grant-type:ciba',
            'urn:ietf:params:oauth:grant-type:device_code',
          ],
          backchannel_token_delivery_mode: 'poll',
        }),
      )
      const form = {
        grant_type: 'client_credentials',
        client_id: asking.clientId,
        token: 'x',
        redirect_uri: REDIRECT_URI,
        response_type: 'code',
        scope: path === '/token' ? '' : 'openid',
        login_hint: '899700900012',
        binding_message: '42',
      }
      const { scope, ...without } = form
      const sent = scope === '' ? without : form
      expect((await desk.post(path, sent, over(CLIENT))).status).toBeLessThan(300)
      expect((await desk.post(path, sent, over(OTHER))).status).toBe(401)
      // The same fields on a connection that was asked for nothing: whoever filled them, no handshake did.
      const elsewhere = await desk.post(path, sent, { certificate: tlsClientAuth(CLIENT) })
      expect(elsewhere.status).toBe(401)
      expect(await elsewhere.json()).toMatchObject({ error: 'invalid_client' })
    },
  )

  it('whatever the edge thinks of it: the path is ours to find', async () => {
    const { response } = await redeem(
      named,
      over(CLIENT, { certVerified: 'FAILED:unknown ca', certRevoked: '1' }),
    )
    expect(response.status).toBe(200)
  })
})

describe('RFC 8705 §2.1, tls_client_auth: refuses', () => {
  it.each<[string, () => Promise<Brought>]>([
    ['attack: no certificate', async () => ({ origin: MTLS_ORIGIN })],
    ['attack: none was asked for', async () => ({ origin: MTLS_ORIGIN, certificate: NOT_ASKED })],
    ['attack: another certificate of the same authority', async () => over(OTHER)],
    [
      'attack: the same name from an authority that is not registered, whatever the edge says',
      async () => over(await stranger.issue()),
    ],
    [
      'attack: the same name from an authority that issues for people only',
      async () => over(await ofPeople.issue()),
    ],
    [
      'attack: a revoked certificate, whatever the edge says',
      async () => over(await authority.issue({ serial: '0d' })),
    ],
    [
      'an expired certificate',
      async () => over(await authority.issue({ serial: '0e', notBefore: 1e9, notAfter: 1.1e9 })),
    ],
    [
      'attack: a certificate that is for servers only',
      async () => over(await authority.issue({ serial: '0f', usages: ['1.3.6.1.5.5.7.3.1'] })),
    ],
    ['attack: the certificate at the issuer’s host', async () => ({ certificate: tlsClientAuth(CLIENT) })],
    [
      'attack: a forged header',
      async () => ({
        origin: MTLS_ORIGIN,
        headers: {
          'client-cert': `:${CLIENT}:`,
          'mf-cf-blob': JSON.stringify({ tlsClientAuth: tlsClientAuth(CLIENT) }),
          'x-ssl-client-cert': CLIENT,
          'x-forwarded-client-cert': `Cert="${CLIENT}"`,
          'cf-client-cert-der-base64': CLIENT,
          'x-ssl-client-verify': 'SUCCESS',
          'x-ssl-client-s-dn': 'CN=dossier.example.test',
        },
      }),
    ],
  ])('%s', async (_, brought) => {
    const { response, body } = await redeem(named, await brought())
    expect(response.status).toBe(401)
    expect(body.error).toBe('invalid_client')
  })

  it('§2: a secret instead of the certificate', async () => {
    const headers = { authorization: `Basic ${btoa(`${named.clientId}:secret`)}` }
    expect((await redeem(named, { ...over(CLIENT), headers })).response.status).toBe(401)
  })

  it('a certificate does not stand in for a secret', async () => {
    const secret = await desk.service()
    expect((await redeem(secret, over(CLIENT))).response.status).toBe(401)
  })
})

describe('RFC 8705 §2.2, self_signed_tls_client_auth', () => {
  it('grants to the registered certificate, although nobody vouches for it', async () => {
    const { response } = await redeem(
      alone,
      over(SELF_SIGNED, { certVerified: 'FAILED:self signed certificate' }),
    )
    expect(response.status).toBe(200)
  })
  it.each<[string, Brought]>([
    ['another certificate, be it verified', over(CLIENT)],
    ['no certificate', {}],
  ])('refuses %s', async (_, brought) => {
    expect((await redeem(alone, brought)).response.status).toBe(401)
  })
  it('refuses an expired one', async () => {
    const expired = await desk.service({
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [{ ...KEY, x5c: [EXPIRED] }] },
    })
    expect((await redeem(expired, over(EXPIRED))).response.status).toBe(401)
  })
})

describe('RFC 8705 §3: certificate-bound access tokens', () => {
  it('§3.1: cnf x5t#S256, and the token is still presented as Bearer', async () => {
    const { body } = await redeem(bound, over(CLIENT))
    expect(body.token_type).toBe('Bearer')
    expect(decodeJwt(body.access_token).cnf).toEqual({ 'x5t#S256': THUMBPRINT })
    expect((await desk.userinfo(body.access_token, over(CLIENT))).status).toBe(200)
  })

  it('§3.4: only where it is registered', async () => {
    const { body } = await redeem(named, over(CLIENT))
    expect(decodeJwt(body.access_token)).not.toHaveProperty('cnf')
    expect((await desk.userinfo(body.access_token)).status).toBe(200)
  })

  it('PSC §6: in the ANS’s form, base64 of the hexadecimal text, for clients registered so', async () => {
    const { body } = await redeem(ans, over(CLIENT))
    expect(decodeJwt(body.access_token).cnf).toEqual({ 'x5t#S256': btoa(THUMBPRINT_HEX) })
    expect((await desk.userinfo(body.access_token, over(CLIENT))).status).toBe(200)
    expect((await desk.userinfo(body.access_token, over(OTHER))).status).toBe(401)
  })

  it.each<[string, Brought]>([
    ['a stolen token without a certificate', {}],
    ['a stolen token over another certificate', over(OTHER)],
    ['a stolen token with a forged header', { headers: { 'client-cert': `:${CLIENT}:` } }],
    [
      'a stolen token with its certificate, on a host that asks for none',
      { certificate: tlsClientAuth(CLIENT) },
    ],
  ])('§3 attack: %s', async (_, brought) => {
    const { body } = await redeem(bound, over(CLIENT))
    const response = await desk.userinfo(body.access_token, brought)
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ error: 'invalid_token' })
  })

  it('§4, §7.1: a public client: bound tokens, and a refresh token for this certificate alone', async () => {
    const { body } = await redeem(open, over(CLIENT))
    expect(decodeJwt(body.access_token).cnf).toEqual({ 'x5t#S256': THUMBPRINT })
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: open.clientId }
    expect(await (await desk.token(form, over(OTHER))).json()).toMatchObject({ error: 'invalid_grant' })
    expect((await desk.token(form, over(CLIENT))).status).toBe(200)
  })

  it('§3: the renewed certificate of the client is another one: the old token is refused, a new one is given', async () => {
    const renewed = await authority.issue({ serial: '1a', keys: await curveKeys() })
    const { body } = await redeem(bound, over(CLIENT))
    expect((await desk.userinfo(body.access_token, over(renewed))).status).toBe(401)
    const form = { grant_type: 'refresh_token', refresh_token: body.refresh_token, client_id: bound.clientId }
    const refreshed = await (await desk.token(form, over(renewed))).json<Answer>()
    expect((await desk.userinfo(refreshed.access_token, over(renewed))).status).toBe(200)
    expect((await desk.userinfo(refreshed.access_token, over(CLIENT))).status).toBe(401)
  })

  it('§3.4: a client registered for it comes without a certificate', async () => {
    expect((await redeem(open, {})).body.error).toBe('invalid_request')
  })
})

it('§3, §6.5: the authorities’ API takes a bound token over its certificate, on the host that asks for one', async () => {
  const client = await desk.service({
    ...byName({ tls_client_certificate_bound_access_tokens: true }),
    redirect_uris: [],
    grant_types: ['client_credentials'],
    scope: 'authority',
  })
  // The right is an operator's to give; another isolate has not read the registration before.
  await env.DB.prepare(
    "UPDATE relying_party SET metadata = json_set(metadata, '$.serment_authority', json('true')) WHERE client_id = ?1",
  )
    .bind(client.clientId)
    .run()
  const elsewhere = tokenDesk()
  const asked = { grant_type: 'client_credentials', client_id: client.clientId }
  const { access_token } = await (await elsewhere.token(asked, over(CLIENT))).json<Answer>()
  const search = async (brought: Brought) => {
    const headers = { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ national_id: '899700999999' })
    const init = { method: 'POST', body }
    return (await elsewhere.fetch('/authority/card-blocks/search', init, { ...brought, headers })).status
  }
  // Nobody of this number is in the directory: it was looked for.
  expect(await search(over(CLIENT))).toBe(404)
  expect(await search(over(OTHER))).toBe(401)
  expect(await search({ origin: MTLS_ORIGIN })).toBe(401)
  expect(await search({ certificate: tlsClientAuth(CLIENT) })).toBe(401)
})

describe('RFC 8705 §5: metadata', () => {
  it('names the host for certificates', async () => {
    const { issuer } = desk
    const response = await desk.fetch('/.well-known/openid-configuration', {}, {})
    const metadata = await response.json<Record<string, unknown>>()
    expect(metadata.tls_client_certificate_bound_access_tokens).toBe(true)
    expect(metadata.token_endpoint_auth_methods_supported).toEqual(
      expect.arrayContaining(['tls_client_auth', 'self_signed_tls_client_auth']),
    )
    expect(metadata.mtls_endpoint_aliases).toMatchObject({
      token_endpoint: `${MTLS_ORIGIN}/token`,
      userinfo_endpoint: `${MTLS_ORIGIN}/userinfo`,
      revocation_endpoint: `${MTLS_ORIGIN}/revoke`,
      introspection_endpoint: `${MTLS_ORIGIN}/introspect`,
    })
    expect(metadata.token_endpoint).toBe(`${issuer}/token`)
  })
})
