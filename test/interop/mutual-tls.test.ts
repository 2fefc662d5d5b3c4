import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import { serverCertificate } from '../../tools/certificate.ts'
import { type DemoApi, startDemoApi } from '../../tools/demo/api.ts'
import { apiClient } from '../../tools/demo/api-client.ts'
import { introspectionAt } from '../../tools/demo/introspection.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import { bindCertificate } from '../../tools/structures/commands.ts'
import { type Bought, buy, type Connection, over } from './card-holder.ts'
import {
  byOauth4webapi,
  byOpenidClient,
  CAMILLE,
  digestOf,
  type MutualClient,
  withCertificate,
} from './mutual-client.ts'

// Real handshakes through the front that `npm start` has, with certificates of the sandbox's shop, by two libraries.
const state = mkdtempSync(join(tmpdir(), 'serment-mutual-'))
const HOSPITAL = '10B0000001'
const NAME = 'CENTRE HOSPITALIER DES TROIS TILLEULS'
const SCOPE = 'patient.read'
const DN = `CN=DOSSIER-AUTO,OU=${HOSPITAL},O=${NAME},ST=Paris (75),C=FR`
const NONE: Connection = {}

let serment: Serment
let api: DemoApi
let audience: string
let apiAuthority: string
/** The software's certificate, its renewal, that of another structure's, and those that should not do. */
let mine: Bought
let renewed: Bought
let another: Bought
const organisation = (change: Readonly<Record<string, unknown>> = {}) =>
  buy(serment.origin, { structure: HOSPITAL, software: 'DOSSIER-AUTO', range: 'STANDARD', ...change })

beforeAll(async () => {
  serment = await startSerment({ port: await freePort(), state, demos: false })
  mine = await organisation()
  renewed = await organisation()
  another = await organisation({ structure: '10B0000017' })
  const port = await freePort()
  audience = `https://localhost:${port}/dossiers`
  const { origin: issuer } = serment
  const wanted = { issuer, audience, scope: SCOPE, ca: undefined }
  const client = await apiClient(wanted, join(state, 'demo', 'api.json'))
  if ('refused' in client) throw new Error(client.refused)
  // A second start is the same API.
  expect(await apiClient(wanted, join(state, 'demo', 'api.json'))).toEqual(client)
  const tls = await serverCertificate('localhost', join(state, 'tls'))
  apiAuthority = tls.ca
  const introspection = introspectionAt(issuer, client)
  api = await startDemoApi({ port, tls, issuer, audience, scope: SCOPE, introspection })
})
afterAll(async () => {
  await api?.close()
  await serment?.close()
  rmSync(state, { recursive: true, force: true })
})

const asApi = (connection: Connection, token?: string, headers: Record<string, string> = {}) =>
  over({ cardAuthority: { file: '', pem: apiAuthority } }, audience, connection, {
    headers: { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...headers },
  })

/** Why this client was refused, as the trail has it: the answer never says. */
async function refusals(clientId: string): Promise<readonly unknown[]> {
  const { results } = await serment.database
    .prepare(
      "SELECT detail FROM audit_event WHERE kind = 'client.refused' AND client_id = ?1 ORDER BY at, rowid",
    )
    .bind(clientId)
    .all()
  return results.map(({ detail }) => detail)
}

/** A key of a set, of which only the certificate is looked at (RFC 8705 §2.2.2). */
const inSet = ({ certificate }: Bought) => ({
  kty: 'RSA',
  n: 'AQAB',
  e: 'AQAB',
  x5c: [certificate.replace(/-----[A-Z ]+-----|\s/g, '')],
})

describe.each([
  ['openid-client', byOpenidClient],
  ['oauth4webapi', byOauth4webapi],
] as const)('%s over mutual TLS', (_, register) => {
  describe('RFC 8705 §2.1, tls_client_auth', () => {
    let client: MutualClient
    beforeAll(async () => {
      client = await register(serment, {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: DN,
      })
    })

    it('§3: code, userinfo and refresh over the certificate; the token is good with it alone', async () => {
      const { access, refresh, sub } = await client.tokens(withCertificate(mine))
      expect(decodeJwt(access).cnf).toEqual({
        'x5t#S256': Buffer.from(digestOf(mine), 'hex').toString('base64url'),
      })
      expect(await client.userinfo(withCertificate(mine), access, sub)).toBe(CAMILLE)
      for (const connection of [NONE, withCertificate(another), withCertificate(renewed)])
        await expect(client.userinfo(connection, access, sub)).rejects.toMatchObject({ status: 401 })
      // Renewed while the person is signed in: the client is known by its name, and gets tokens for the new one.
      const next = await client.refresh(withCertificate(renewed), refresh)
      expect(await client.userinfo(withCertificate(renewed), next, sub)).toBe(CAMILLE)
      await expect(client.userinfo(withCertificate(mine), next, sub)).rejects.toMatchObject({ status: 401 })
    })

    it.each<[string, () => Promise<Connection>, string]>([
      ['no certificate', async () => NONE, 'certificate: none'],
      ['another structure’s certificate', async () => withCertificate(another), 'another name'],
      [
        'an expired one',
        async () => withCertificate(await organisation({ kind: 'expired' })),
        'not valid now',
      ],
      ['a revoked one', async () => withCertificate(await organisation({ kind: 'revoked' })), 'revoked: '],
      [
        'one of a foreign authority',
        async () => withCertificate(await organisation({ kind: 'foreign' })),
        'unknown-authority: ',
      ],
      [
        'one whose signature is broken',
        async () => withCertificate(await organisation({ kind: 'broken-signature' })),
        'broken-signature: ',
      ],
      [
        'a person’s card',
        async () => withCertificate(await buy(serment.origin, { nationalId: CAMILLE })),
        'another name',
      ],
    ])('refuses %s', async (_title, connection, why) => {
      const before = await refusals(client.clientId)
      await expect(client.own(await connection())).rejects.toMatchObject({ status: 401 })
      await expect
        .poll(async () => (await refusals(client.clientId)).slice(before.length), { timeout: 15_000 })
        .toEqual([expect.stringContaining(why)])
    })
  })

  it('RFC 8705 §2.2, self_signed_tls_client_auth: the certificate of the set, though its authority is foreign', async () => {
    const own = await organisation({ kind: 'foreign' })
    const client = await register(serment, {
      token_endpoint_auth_method: 'self_signed_tls_client_auth',
      jwks: { keys: [inSet(own)] },
    })
    const token = await client.own(withCertificate(own))
    expect(decodeJwt(token).cnf).toEqual({
      'x5t#S256': Buffer.from(digestOf(own), 'hex').toString('base64url'),
    })
    for (const connection of [NONE, withCertificate(mine)])
      await expect(client.own(connection)).rejects.toMatchObject({ status: 401 })
  })

  it.each(['rfc8705', 'ans'] as const)(
    'RFC 8693: an exchanged token at the demonstration API, the thumbprint in the form %s',
    async (form) => {
      const client = await register(serment, {
        token_endpoint_auth_method: 'tls_client_auth',
        tls_client_auth_subject_dn: DN,
        serment_thumbprint_form: form,
      })
      const connection = withCertificate(mine)
      const { access } = await client.tokens(connection)
      const token = await client.exchange(connection, access, audience, SCOPE)
      const opened = await asApi(connection, token)
      expect(opened.status).toBe(200)
      expect(JSON.parse(opened.body)).toMatchObject({
        professional: expect.stringContaining(CAMILLE),
        software: client.clientId,
      })
      for (const wrong of [NONE, withCertificate(another), withCertificate(renewed)]) {
        const refused = await asApi(wrong, token)
        expect(refused.status).toBe(401)
        expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"')
      }
      // A header is no connection, and what was not exchanged is for somebody else.
      const header = `:${mine.certificate.replace(/-----[A-Z ]+-----|\s/g, '')}:`
      expect((await asApi(NONE, token, { 'client-cert': header })).status).toBe(401)
      expect((await asApi(connection, access)).body).toContain('for another audience')
      expect((await asApi(connection)).status).toBe(401)
      expect((await asApi(connection, 'x.y.z')).body).toContain('not active')
    },
  )

  it('client_credentials of a structure’s software: the token says which, here and at the demonstration API', async () => {
    const client = await register(serment, {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: DN,
      // Bound all the same: what says a structure is never a bearer token.
      tls_client_certificate_bound_access_tokens: false,
    })
    const said: string[] = []
    const desk = {
      database: serment.database,
      environment: 'test' as const,
      clock: () => instant(Date.now() / 1000),
      say: (line: string) => void said.push(line),
    }
    const ders = [mine.certificate, ...mine.chain].map((pem) =>
      Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64'),
    )
    expect(await bindCertificate(desk, ders, [client.clientId]), said.join('\n')).toBe(0)

    for (const certificate of [mine, renewed]) {
      const connection = withCertificate(certificate)
      const token = await client.own(connection)
      expect(decodeJwt(token).structure).toEqual({ id: HOSPITAL, finess: HOSPITAL.slice(1), name: NAME })
      const opened = await asApi(connection, token)
      expect(JSON.parse(opened.body)).toEqual({
        structure: { id: HOSPITAL, name: NAME },
        software: client.clientId,
      })
      expect((await asApi(NONE, token)).status).toBe(401)
      expect((await asApi(withCertificate(another), token)).status).toBe(401)
    }
    await expect(client.own(withCertificate(another))).rejects.toMatchObject({ status: 401 })
  })
})

describe('attack: a forged certificate never becomes a client’s identity', () => {
  const forms = () => {
    const der = mine.certificate.replace(/-----[A-Z ]+-----|\s/g, '')
    const chain = mine.chain.map((pem) => `:${pem.replace(/-----[A-Z ]+-----|\s/g, '')}:`).join(', ')
    const tlsClientAuth = {
      certPresented: '1',
      certVerified: 'SUCCESS',
      certRevoked: '0',
      certRFC9440: `:${der}:`,
      certRFC9440TooLarge: false,
      certChainRFC9440: chain,
      certChainRFC9440TooLarge: false,
    }
    return {
      'mf-cf-blob': JSON.stringify({ tlsClientAuth }),
      'cf-blob': JSON.stringify({ tlsClientAuth }),
      'client-cert': `:${der}:`,
      'client-cert-chain': chain,
      'cf-client-cert-der-base64': der,
      'x-ssl-client-cert': der,
      'x-forwarded-client-cert': `Cert="${der}"`,
    }
  }
  const headers = Object.keys({
    'mf-cf-blob': 0,
    'cf-blob': 0,
    'client-cert': 0,
    'client-cert-chain': 0,
    'cf-client-cert-der-base64': 0,
    'x-ssl-client-cert': 0,
    'x-forwarded-client-cert': 0,
  })
  let body: string
  beforeAll(async () => {
    const client = await byOpenidClient(serment, {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: DN,
    })
    body = `grant_type=client_credentials&client_id=${client.clientId}`
  })
  const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
  const forgedBy = (name: string) => {
    const value = Object.entries(forms()).find(([header]) => header === name)?.[1] ?? ''
    expect(value).not.toBe('')
    return { ...FORM, [name]: value }
  }

  it.each(headers)('%s, through the front of the card host', async (name) => {
    const asking = { method: 'POST', headers: forgedBy(name), body }
    for (const origin of serment.cardOrigins)
      expect((await over(serment, `${origin}/token`, NONE, asking)).status).toBe(401)
  })

  it.each(headers)('%s, at the identity port under either name', async (name) => {
    for (const host of [serment.origin, ...serment.cardOrigins].map((origin) => new URL(origin).host))
      expect(await posted(serment.origin, { ...forgedBy(name), host }, body)).toBe(401)
  })

  it('and it is the certificate that was missing: with it the same request is granted', async () => {
    const asking = { method: 'POST', headers: FORM, body }
    const [origin] = serment.cardOrigins
    expect((await over(serment, `${origin}/token`, withCertificate(mine), asking)).status).toBe(200)
  })
})

/** A plain request with a Host of its own. */
function posted(origin: string, headers: Record<string, string>, body: string): Promise<number> {
  const { hostname, port } = new URL(origin)
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: hostname,
      port,
      path: '/token',
      method: 'POST',
      headers,
      setHost: false,
    })
    outgoing.on('error', reject)
    outgoing.on('response', (incoming) => {
      incoming.resume()
      incoming.on('end', () => resolve(incoming.statusCode ?? 0))
    })
    outgoing.end(body)
  })
}
