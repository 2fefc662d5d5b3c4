import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type MadeCertificate, serverCertificate } from '../../tools/certificate.ts'
import { run } from '../../tools/command.ts'
import { loopbackFetch } from '../../tools/loopback-fetch.ts'
import { covers, requestIn } from '../../tools/mtls/observe.ts'
import { freePort } from '../../tools/ports.ts'
import { type Serment, startSerment } from '../../tools/serve.ts'
import { buy } from '../interop/card-holder.ts'

const folder = mkdtempSync(join(tmpdir(), 'check-mtls-'))
const CARD = 'card.example.test'
const IDENTITY = 'id.example.test'
let own: MadeCertificate
let shared: MadeCertificate
const undo: (() => unknown)[] = []

beforeAll(async () => {
  own = await serverCertificate(CARD, join(folder, 'own'))
  shared = await serverCertificate(CARD, join(folder, 'shared'), new Date(), [IDENTITY])
})
afterEach(async () => {
  for (const each of undo.splice(0).reverse()) await each()
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const check = (...args: readonly string[]) =>
  run(process.execPath, ['tools/check-mtls.ts', ...args, '--connect', '127.0.0.1'])

describe('a whole deployment over TLS', () => {
  let serment: Serment
  let trust: string
  beforeAll(async () => {
    const port = await freePort()
    serment = await startSerment({
      port,
      state: join(folder, 'state'),
      issuer: `https://identite.test:${port}`,
      demos: false,
    })
    // Each host has an authority of its own here: a file may hold several.
    trust = join(folder, 'trust.pem')
    writeFileSync(trust, `${serment.ca}${serment.cardAuthority.pem}`)
  })
  afterAll(() => serment?.close())

  async function file(kind: string): Promise<string> {
    const sold = await buy(serment.origin, { nationalId: '899700900012', kind }, loopbackFetch(serment.ca))
    const path = join(folder, `${kind}.p12`)
    writeFileSync(path, sold.p12)
    return path
  }

  it('is found good, down to a card', async () => {
    const [card] = serment.cardOrigins
    const { code, output } = await check(
      card,
      '--ca',
      trust,
      '--card',
      await file('valid'),
      '--password',
      '1234',
    )
    expect(output).toContain('No fault found.')
    for (const line of [
      'asks for a certificate of any authority',
      'our own page says so',
      'asks nobody for a certificate',
      'name one host each',
      'HSTS',
      'HTTP/3 is not offered',
      'the card is read, believed, and its holder is in the directory',
    ])
      expect(output).toContain(
        `ok    ${output
          .split('\n')
          .find((one) => one.includes(line))
          ?.slice(6)}`,
      )
    expect(output.match(/asks for a certificate of any authority/g)).toHaveLength(2)
    expect(code).toBe(0)
  })

  it.each([
    ['foreign', 1, 'FAULT shown a card, it says: unknown-authority'],
    ['expired', 0, 'note  the certificate arrives; this card is refused: expired'],
  ])('says what became of a card that is %s', async (kind, exit, line) => {
    const [card] = serment.cardOrigins
    const { code, output } = await check(
      card,
      '--ca',
      trust,
      '--card',
      await file(kind),
      '--password',
      '1234',
    )
    expect(output).toContain(line)
    expect(code).toBe(exit)
  })

  it('names an identity host that asks for a certificate, given as the card host', async () => {
    const { code, output } = await check(serment.origin, '--ca', trust)
    expect(output).toContain(`does not ask for a client certificate: no card can be shown`)
    expect(code).toBe(1)
  })
})

/** A server on this machine, which does as told. */
async function server(
  options: ServerOptions,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
) {
  const made = createServer({ rejectUnauthorized: false, ...options }, answer)
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
  undo.push(() => {
    made.closeAllConnections()
    return new Promise((resolve) => made.close(resolve))
  })
  return (made.address() as AddressInfo).port
}

const PAGE = '<h1>No card was presented</h1>'
const HSTS = 'max-age=63072000; includeSubDomains'

/** A card host that is right but for what is said. */
async function cardHost(
  tls: ServerOptions,
  headers: Readonly<Record<string, string>> = {},
  { status = 403, body = PAGE, identity = 'http://localhost:8787/' } = {},
) {
  const port = await server(
    { cert: own.cert, key: own.key, requestCert: true, ...tls },
    ({ url }, response) => {
      const common = { 'strict-transport-security': HSTS, 'content-type': 'text/html', ...headers }
      if (url === '/') response.writeHead(302, { ...common, location: identity }).end()
      else response.writeHead(status, common).end(body)
    },
  )
  return check(`https://${CARD}:${port}`, '--ca', own.caFile)
}

describe('a host that is set up badly is told so, and how to cure it', () => {
  it.each<[string, () => ReturnType<typeof cardHost>, string]>([
    [
      'no request for a certificate',
      () => cardHost({ requestCert: false }),
      'does not ask for a client certificate',
    ],
    [
      'a list that hides the cards',
      () => cardHost({ ca: own.ca }),
      `Sandbox authority for ${CARD}. Browsers hide every card of IGC-Santé`,
    ],
    ['a cookie', () => cardHost({}, { 'set-cookie': '__cf_bm=abc' }), 'sets a cookie: __cf_bm=abc'],
    ['no HSTS', () => cardHost({}, { 'strict-transport-security': 'max-age=0' }), 'no HSTS for half a year'],
    [
      'a clock of its own',
      () => cardHost({}, { date: 'Sun, 01 Jan 2034 00:00:00 GMT' }),
      'the clocks differ by',
    ],
    ['HTTP/3', () => cardHost({}, { 'alt-svc': 'h3=":443"; ma=86400' }), 'offers HTTP/3'],
    [
      'a rule that blocks',
      () => cardHost({}, {}, { body: 'Attention Required!' }),
      'answers 403, and not with our page',
    ],
    ['an error page', () => cardHost({}, {}, { status: 520 }), 'answers 520, and not with our page'],
    [
      'no way to the identity host',
      () => cardHost({}, {}, { identity: '/' }),
      'which identity host it belongs to',
    ],
  ])('%s', async (_, host, says) => {
    const { code, output } = await host()
    expect(output).toContain(says)
    expect(output.match(/^FAULT /gm)).toHaveLength(1)
    expect(code).toBe(1)
  })

  it('nobody there, and a certificate of somebody else', async () => {
    const nobody = await check(`https://${CARD}:${await freePort()}`)
    expect(nobody.output).toContain('FAULT no TLS connection')
    const port = await server({ cert: own.cert, key: own.key }, (_, response) => response.end())
    const untrusted = await check(`https://${CARD}:${port}`)
    expect(untrusted.output).toContain('FAULT no TLS connection')
    expect([nobody.code, untrusted.code]).toEqual([1, 1])
  })

  it.each([
    [421, 0, 'note  one certificate names both hosts; the server sends browsers'],
    [403, 1, 'FAULT one certificate names both'],
  ])(
    'one certificate for both hosts, over HTTP/2 that answers %i for the other',
    async (status, exit, says) => {
      const both = { cert: shared.cert, key: shared.key }
      const identity = createSecureServer({ ...both, allowHTTP1: true }, (request, response) => {
        const misdirected = request.authority.startsWith(CARD)
        response.writeHead(misdirected ? status : 200).end()
      })
      await new Promise<void>((resolve) => identity.listen(0, '127.0.0.1', resolve))
      undo.push(() => identity.close())
      const { port: identityPort } = identity.address() as AddressInfo
      const port = await server({ ...both, requestCert: true }, ({ url }, response) => {
        const common = { 'strict-transport-security': HSTS, 'content-type': 'text/html' }
        if (url === '/')
          response.writeHead(302, { ...common, location: `https://${IDENTITY}:${identityPort}/` }).end()
        else response.writeHead(403, common).end(PAGE)
      })
      const { code, output } = await check(`https://${CARD}:${port}`, '--ca', shared.caFile)
      expect(output).toContain(says)
      expect(code).toBe(exit)
    },
  )

  it('an identity host that asks for a certificate', async () => {
    const both = { cert: shared.cert, key: shared.key, requestCert: true }
    const identity = await server(both, (_, response) => response.end())
    const port = await server(both, ({ url }, response) => {
      const common = { 'strict-transport-security': HSTS, 'content-type': 'text/html' }
      if (url === '/')
        response.writeHead(302, { ...common, location: `https://${IDENTITY}:${identity}/` }).end()
      else response.writeHead(403, common).end(PAGE)
    })
    const { code, output } = await check(`https://${CARD}:${port}`, '--ca', shared.caFile)
    expect(output).toContain(`${IDENTITY}:${identity} asks for a client certificate: every visitor would see`)
    expect(code).toBe(1)
  })
})

describe('what is read', () => {
  it.each([
    [['card.example.org'], 'card.example.org', true],
    [['*.example.org'], 'card.example.org', true],
    [['*.example.org'], 'a.card.example.org', false],
    [['*.example.org'], 'example.org', false],
    [['CARD.example.org'], 'card.example.org', true],
    [[], 'card.example.org', false],
  ])('RFC 9525 §6.3: %j for %s: %s', (names, host, covered) => {
    expect(covers(names, host)).toBe(covered)
  })

  it.each([
    [
      '<<< TLS 1.3, Handshake [length 002a], CertificateRequest\nNo client certificate CA names sent\n',
      true,
      [],
    ],
    [
      '<<< TLS 1.2, Handshake [length 002a], CertificateRequest\n---\nAcceptable client certificate CA names\nC = FR, CN = A\nCN = B\nClient Certificate Types: RSA sign\n',
      true,
      ['C = FR, CN = A', 'CN = B'],
    ],
    ['No client certificate CA names sent\nRequested Signature Algorithms: none\n', false, []],
    ['', false, []],
  ])('what openssl prints: %j', (output, asked, authorities) => {
    expect(requestIn(output)).toEqual({ asked, authorities })
  })

  it.each([
    [[]],
    [['http://card.example.org']],
    [['https://card.example.org/path']],
    [['https://a', 'https://b']],
    [['--no']],
  ])('is called wrongly: %j', async (args) => {
    expect((await check(...args)).code).toBe(2)
  })
})
