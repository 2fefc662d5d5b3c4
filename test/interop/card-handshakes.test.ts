// First: @peculiar/x509 needs the metadata that this adds to Reflect.
import 'reflect-metadata'
import { X509Certificate as X509 } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CardRefusal } from '../../src/cards/refusal.ts'
import { words } from '../../src/cards/words.ts'
import { type CardKind, cardTypeOf, STRUCTURES } from '../../src/sandbox/authority/cards.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import {
  type Answered,
  type Bought,
  buy,
  type Connection,
  cardService,
  over,
  withCard,
} from './card-holder.ts'

// Real handshakes, with the files of the shop, through the front that `npm start` has.
const state = mkdtempSync(join(tmpdir(), 'serment-cards-'))
let serment: Serment
let service: Awaited<ReturnType<typeof cardService>>
let people: readonly { readonly nationalId: string; readonly status: string }[]
let doctor: string
let card: Bought

beforeAll(async () => {
  serment = await startSerment({ port: await freePort(), state, demos: false })
  service = await cardService(serment.origin)
  const listed = await fetch(`${serment.origin}/sandbox/people`)
  people = ((await listed.json()) as { people: typeof people }).people
  doctor = holderOf('CPS')
  card = await buy(serment.origin, { nationalId: doctor })
})
afterAll(async () => {
  await serment?.close()
  rmSync(state, { recursive: true, force: true })
})

function holderOf(type: ReturnType<typeof cardTypeOf>, status = 'active'): string {
  const found = people.find((one) => cardTypeOf(one.nationalId) === type && one.status === status)
  if (found === undefined) throw new Error(`nobody has a ${type}`)
  return found.nationalId
}

const show = (url: string, connection: Connection = {}, headers: Record<string, string> = {}) =>
  over(serment, url, connection, { headers })

const refusalOf = ({ status, body }: Pick<Answered, 'status' | 'body'>): CardRefusal | undefined =>
  status !== 403
    ? undefined
    : (Object.keys(words.fr.refusals) as CardRefusal[]).find((name) =>
        body.includes(words.fr.refusals[name].title),
      )

describe('grants', () => {
  it.each([
    ['CPS', 'CPS', false],
    ['CPF', 'CPF', false],
    ['CPE', 'CPE', false],
    ['CDE', 'CPE', true],
    ['CPA', 'CPA', false],
  ] as const)('a %s signs its holder in', async (_, type, director) => {
    const nationalId = holderOf(type)
    const own = await buy(serment.origin, { nationalId, director })
    const visit = await service.choosesCard()
    const shown = await show(visit.at, withCard(own))
    expect(shown.body).toBe('')
    expect(shown.status).toBe(303)
    expect(shown.headers.getSetCookie()).toEqual([])
    expect(shown.headers.get('cache-control')).toBe('no-store')
    const claims = await service.arrives(visit, shown.headers.get('location') ?? '')
    expect(claims).toMatchObject({ SubjectNameID: nationalId, authMode: 'CARD' })
  })

  it('a card of the range ELEMENTAIRE, and one in another name: the number and the directory say who it is', async () => {
    for (const wanted of [{ range: 'ELEMENTAIRE' }, { kind: 'other-name' }]) {
      const visit = await service.choosesCard()
      const shown = await show(
        visit.at,
        withCard(await buy(serment.origin, { nationalId: doctor, ...wanted })),
      )
      const claims = await service.arrives(visit, shown.headers.get('location') ?? '')
      expect(claims.SubjectNameID).toBe(doctor)
      expect(claims.family_name).not.toBe('AUTREPERSONNE')
    }
  })

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('over %s, and over a connection resumed', async (maxVersion) => {
    const first = await show((await service.choosesCard()).at, { ...withCard(card), maxVersion })
    expect(first).toMatchObject({ status: 303, protocol: maxVersion, resumed: false })
    expect(first.session).toBeDefined()
    const again = await service.choosesCard()
    // The same card, which is not asked for again: its authorities need not come along with it.
    const { session } = first
    const shown = await show(again.at, { ...withCard(card), maxVersion, session })
    expect(shown).toMatchObject({ status: 303, protocol: maxVersion, resumed: true })
    const claims = await service.arrives(again, shown.headers.get('location') ?? '')
    expect(claims.SubjectNameID).toBe(doctor)
  })

  it('a card that comes without its authority, and one that comes with more than the edge hands on', async () => {
    const { privateKey: key, certificate, chain } = card
    const padding = await otherCertificate('CN=Padding', 14_000)
    for (const cert of [certificate, [certificate, ...chain, padding.certificate].join('\n')])
      expect((await show((await service.choosesCard()).at, { key, cert })).status).toBe(303)
  })

  it('answers within a second, whether the card is good or not', async () => {
    const expired = await buy(serment.origin, { nationalId: doctor, kind: 'expired' })
    for (const each of [card, expired]) {
      const took: number[] = []
      for (let i = 0; i < 5; i += 1)
        took.push((await show((await service.choosesCard()).at, withCard(each))).took)
      // The median: this machine may have something else to do.
      expect(took.sort((a, b) => a - b)[2]).toBeLessThan(1000)
    }
  })
})

/** Whatever came, the page is ours: the reason in words, another card at the second name, another way. */
async function expectRefused(refused: CardRefusal, connection: Connection): Promise<void> {
  const { at, login } = await service.choosesCard()
  for (const language of ['fr', 'en'] as const) {
    const url = new URL(at)
    url.searchParams.set('lang', language)
    const answer = await show(url.href, connection)
    const { title, happened, todo } = words[language].refusals[refused]
    const page = textOf(answer.body)
    expect(page).toContain(`<html lang="${language}">`)
    for (const text of [title, happened, todo]) expect(page).toContain(text)
    expect(answer.status).toBe(403)
    expect(answer.headers.getSetCookie()).toEqual([])
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    const [, second] = serment.cardOrigins
    const retry = words[language][refused === 'no-certificate' ? 'again' : 'anotherCard']
    expect(linkOf(page, retry)).toBe(`${second}${url.pathname}?lang=${language}`)
    expect(linkOf(page, words[language].anotherWay)).toBe(login)
  }
}

const textOf = (html: string) =>
  html.replaceAll('&#39;', "'").replaceAll('&quot;', '"').replaceAll('&amp;', '&')
const linkOf = (html: string, text: string) =>
  [...html.matchAll(/<a [^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].find(([, , label]) => label === text)?.[1]

describe('refuses, each with its own page, in both languages', () => {
  it.each<[CardKind, CardRefusal]>([
    ['expired', 'expired'],
    ['not-yet-valid', 'not-yet-valid'],
    ['revoked', 'revoked'],
    ['foreign', 'unknown-authority'],
    ['nameless', 'names-nobody'],
    ['wrong-usage', 'not-a-card'],
    ['broken-signature', 'unreadable'],
  ])('a card that is %s', async (kind, refused) => {
    const nationalId = kind === 'nameless' ? holderOf('CPE') : doctor
    await expectRefused(refused, withCard(await buy(serment.origin, { nationalId, kind })))
  })

  it('no certificate', () => expectRefused('no-certificate', {}))

  it('a certificate of a structure’s software', async () => {
    const software = { structure: STRUCTURES[0].id, software: 'Logiciel de dossier' }
    await expectRefused('not-a-card', withCard(await buy(serment.origin, software)))
  })

  it('somebody whom the directory suspended', async () => {
    const suspended = await buy(serment.origin, { nationalId: holderOf('CPS', 'suspended') })
    await expectRefused('suspended', withCard(suspended))
  })

  it('a card that is revoked after it was handed out, before it was ever shown', async () => {
    const lost = await buy(serment.origin, { nationalId: doctor })
    const revoked = await fetch(`${serment.origin}/sandbox/authority/revoke`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ serial: lost.serial }),
    })
    expect(revoked.status).toBe(200)
    await expectRefused('revoked', withCard(lost))
  })

  it('a certificate that signs itself, with the subject of a card', async () => {
    const name = new x509.X509Certificate(card.certificate).subjectName
    const { key, certificate } = await otherCertificate(name.toString(), 0)
    await expectRefused('unknown-authority', { key, cert: certificate })
  })

  it('a certificate larger than the edge hands on', async () => {
    const { key, certificate } = await otherCertificate('CN=Large', 10_000)
    await expectRefused('unreadable', { key, cert: certificate })
  })
})

/** A certificate that nobody vouches for, of at least so many octets. */
async function otherCertificate(name: string, octets: number) {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new x509.Extension('1.2.3.4', false, new Uint8Array([4, 0]).buffer)].concat(
      octets === 0 ? [] : [new x509.Extension('1.2.3.5', false, octetString(octets).buffer)],
    ),
  })
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: made.toString('pem'), key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}

const octetString = (length: number) =>
  Uint8Array.from([4, 0x82, length >> 8, length & 255, ...new Uint8Array(length)])

describe('what somebody writes into headers is nobody’s identity (RFC 9440 §4, RFC 8705 §6.5)', () => {
  /** Everything that a proxy or a runtime ever said about a certificate, for a card that is good. */
  const forged = (): Record<string, string> => {
    const der = Buffer.from(new x509.X509Certificate(card.certificate).rawData).toString('base64')
    const chain = card.chain.map((pem) =>
      Buffer.from(new x509.X509Certificate(pem).rawData).toString('base64'),
    )
    const cf = {
      tlsClientAuth: {
        certPresented: '1',
        certVerified: 'SUCCESS',
        certRevoked: '0',
        certRFC9440: `:${der}:`,
        certRFC9440TooLarge: false,
        certChainRFC9440: chain.map((one) => `:${one}:`).join(', '),
        certChainRFC9440TooLarge: false,
      },
    }
    return {
      'MF-CF-Blob': JSON.stringify(cf),
      'mf-cf-blob': JSON.stringify(cf),
      MF_CF_Blob: JSON.stringify(cf),
      'CF-Blob': JSON.stringify(cf),
      'Client-Cert': `:${der}:`,
      'Client-Cert-Chain': chain.map((one) => `:${one}:`).join(', '),
      'Cf-Client-Cert-Der-Base64': der,
      'Cf-Client-Cert-Verified': 'true',
      'Cf-Tls-Client-Auth': JSON.stringify(cf.tlsClientAuth),
      'X-Client-Cert': der,
      'X-SSL-Client-Cert': encodeURIComponent(card.certificate),
      'X-SSL-Client-Verify': 'SUCCESS',
      'X-Forwarded-Client-Cert': `Cert="${encodeURIComponent(card.certificate)}"`,
      'X-Forwarded-Tls-Client-Cert': der,
      'X-ARR-ClientCert': der,
    }
  }
  const NAMES = [
    'MF-CF-Blob',
    'mf-cf-blob',
    'MF_CF_Blob',
    'CF-Blob',
    'Client-Cert',
    'Client-Cert-Chain',
    'Cf-Client-Cert-Der-Base64',
    'Cf-Client-Cert-Verified',
    'Cf-Tls-Client-Auth',
    'X-Client-Cert',
    'X-SSL-Client-Cert',
    'X-SSL-Client-Verify',
    'X-Forwarded-Client-Cert',
    'X-Forwarded-Tls-Client-Cert',
    'X-ARR-ClientCert',
  ]

  /** As many of them as fit into one request. */
  const together = (): Record<string, string> => {
    const { 'MF-CF-Blob': blob = '', 'Client-Cert': leaf = '', 'Client-Cert-Chain': chain = '' } = forged()
    return {
      'MF-CF-Blob': blob,
      'Client-Cert': leaf,
      'Client-Cert-Chain': chain,
      'Cf-Client-Cert-Verified': 'true',
    }
  }

  /** The identity port takes plain requests: whatever its Host header says. */
  const atIdentity = (
    path: string,
    headers: Record<string, string>,
  ): Promise<Pick<Answered, 'status' | 'body'>> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(serment.origin)
      const outgoing = request({
        host: '127.0.0.1',
        port,
        path,
        headers: { 'accept-language': 'fr', ...headers },
      })
      outgoing.on('error', reject)
      outgoing.on('response', (incoming) => {
        let body = ''
        incoming.on('data', (chunk: Buffer) => {
          body += chunk.toString()
        })
        incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body }))
      })
      outgoing.end()
    })

  it.each(NAMES)('%s, at the card host', async (name) => {
    const value = forged()[name] ?? ''
    expect(value).not.toBe('')
    expect(refusalOf(await show((await service.choosesCard()).at, {}, { [name]: value }))).toBe(
      'no-certificate',
    )
  })

  it.each(NAMES)(
    '%s, at the port of the identity host that is called by the card host’s name',
    async (name) => {
      const { at } = await service.choosesCard()
      const { pathname, search } = new URL(at)
      const value = forged()[name] ?? ''
      for (const origin of serment.cardOrigins) {
        const { host } = new URL(origin)
        const answer = await atIdentity(`${pathname}${search}`, { host, [name]: value })
        expect(refusalOf(answer)).toBe('no-certificate')
      }
    },
  )

  it('several at once, at the identity host: there is no such page', async () => {
    const { pathname, search } = new URL((await service.choosesCard()).at)
    const headers = { ...together(), host: new URL(serment.origin).host }
    expect((await atIdentity(`${pathname}${search}`, headers)).status).toBe(404)
  })

  it('several at once, on a connection whose own certificate is another’s: that one counts', async () => {
    const others = people.find(
      ({ nationalId, status }) =>
        cardTypeOf(nationalId) === 'CPS' && status === 'active' && nationalId !== doctor,
    )
    const own = await buy(serment.origin, { nationalId: others?.nationalId })
    const visit = await service.choosesCard()
    const shown = await show(visit.at, withCard(own), together())
    const claims = await service.arrives(visit, shown.headers.get('location') ?? '')
    expect(claims.SubjectNameID).toBe(others?.nationalId)
    const expired = await buy(serment.origin, { nationalId: doctor, kind: 'expired' })
    const refused = await show((await service.choosesCard()).at, withCard(expired), together())
    expect(refusalOf(refused)).toBe('expired')
  })

  it('with a request to upgrade the connection, which goes another way through the front', async () => {
    const { at } = await service.choosesCard()
    const headers = { ...together(), connection: 'Upgrade', upgrade: 'websocket' }
    expect(refusalOf(await show(at, {}, headers))).toBe('no-certificate')
  })

  it('at the endpoints that services call: no token for who only says that it has the certificate', async () => {
    const der = Buffer.from(new x509.X509Certificate(card.certificate).rawData)
    const [origin] = serment.cardOrigins
    const registered = await fetch(`${serment.origin}/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Par certificat',
        redirect_uris: ['https://rp.example.test/callback'],
        grant_types: ['client_credentials'],
        response_types: [],
        token_endpoint_auth_method: 'self_signed_tls_client_auth',
        jwks: { keys: [{ ...publicJwk(der), x5c: [der.toString('base64')] }] },
      }),
    })
    const client = (await registered.json()) as { client_id: string }
    const asking = {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `grant_type=client_credentials&client_id=${client.client_id}`,
    }
    const lied = { ...asking, headers: { ...asking.headers, ...together() } }
    expect((await over(serment, `${origin}/token`, {}, lied)).status).toBe(401)
    const proved = await over(serment, `${origin}/token`, withCard(card), asking)
    expect(proved.body).toContain('access_token')
  })
})

const publicJwk = (der: Buffer) => new X509(der).publicKey.export({ format: 'jwk' })
