import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { CLIENT, EXPIRED, OTHER, SELF_SIGNED } from '../../actors/certificates.ts'
import { REDIRECT_URI, type Service } from '../../actors/service.ts'
import { type Brought, MTLS_ORIGIN, tlsClientAuth, tokenDesk } from '../../actors/token-desk.ts'

const desk = tokenDesk()
const THUMBPRINT_HEX = '735e9f7f672bd5c7d5def90a0aa68f6c7823377d63b7369032916021b5250237'
const THUMBPRINT = btoa(
  String.fromCharCode(...(THUMBPRINT_HEX.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16))),
)
  .replaceAll('+', '-')
  .replaceAll('/', '_')
  .replace(/=+$/, '')
const DN = 'CN=dossier.example.test,OU=Système d’information,O=Clinique\\, des Essais,C=FR'
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

  it('§2: by its client_id in the request, at the price of no call', async () => {
    const { code } = await named.signIn()
    const form = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      client_id: named.clientId,
    }
    expect(await desk.cost(() => desk.token(form, over(CLIENT)))).toEqual({
      objects: ['SESSION.redeem'],
      queries: [],
    })
  })

  it.each(['/revoke', '/introspect', '/par'])('§2: at %s as at /token', async (path) => {
    const asking = await desk.service(byName({ serment_introspection: true }))
    const form = {
      client_id: asking.clientId,
      token: 'x',
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid',
    }
    expect((await desk.post(path, form, over(CLIENT))).status).toBeLessThan(300)
    expect((await desk.post(path, form, over(OTHER))).status).toBe(401)
  })
})

describe('RFC 8705 §2.1, tls_client_auth: refuses', () => {
  it.each<[string, Brought]>([
    ['attack: no certificate', { origin: MTLS_ORIGIN }],
    ['attack: none was asked for', { certificate: NOT_ASKED }],
    ['attack: another certificate of the same authority', over(OTHER)],
    [
      'attack: a certificate that nobody vouches for',
      over(CLIENT, { certVerified: 'FAILED:self signed certificate' }),
    ],
    ['attack: a revoked certificate', over(CLIENT, { certRevoked: '1' })],
    [
      'attack: a forged header',
      {
        headers: {
          'client-cert': `:${CLIENT}:`,
          'x-ssl-client-cert': CLIENT,
          'x-forwarded-client-cert': `Cert="${CLIENT}"`,
          'cf-client-cert-der-base64': CLIENT,
          'x-ssl-client-verify': 'SUCCESS',
          'x-ssl-client-s-dn': 'CN=dossier.example.test',
        },
      },
    ],
  ])('%s', async (_, brought) => {
    const { response, body } = await redeem(named, brought)
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

  it('§3.4: a client registered for it comes without a certificate', async () => {
    expect((await redeem(open, {})).body.error).toBe('invalid_request')
  })
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
