import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../src/audit/event.ts'
import { type Instant, instant } from '../../src/kernel/instant.ts'
import { elements } from '../../src/protocol/pki/der.ts'
import { extendedKeyUsage, keyUsage, OCSP_SIGNING } from '../../src/sandbox/authority/extensions.ts'
import { keyIdOf } from '../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../src/sandbox/authority/keys.ts'
import { readQuestion } from '../../src/sandbox/authority/ocsp-responder.ts'
import { d1Authorities } from '../../src/trust/authorities.d1.ts'
import type { NewAuthority, Purpose, TrustEnvironment } from '../../src/trust/authority.ts'
import type { RevocationUnknown } from '../../src/trust/examine.ts'
import { d1Trust } from '../../src/trust/trust.d1.ts'
import { type AnswerParts, answerDer } from './answers.ts'
import {
  DAY,
  entryDer,
  HOUR,
  type Issuer,
  type ListParts,
  listDer,
  NOW,
  named,
  newIssuer,
  newLeaf,
  POLICY,
} from './issuers.ts'

const CRL_ROOT = 'http://crl.example.test/racine.crl'
const CRL = 'http://crl.example.test/personnes.crl'
const OCSP = 'http://ocsp.example.test/'

const root = await newIssuer('AC RACINE')
const people = await newIssuer('AC PERSONNES', root, { serial: '2a' })
const software = await newIssuer('AC ORGANISATIONS', root, { serial: '2b' })
const stranger = await newIssuer('AC ETRANGERE')
const leaf = await newLeaf(people)

const entry = (issuer: Issuer, changes: Partial<NewAuthority> = {}): NewAuthority => ({
  der: issuer.der,
  role: 'intermediate',
  purposes: ['person'],
  range: 'STANDARD',
  environment: 'test',
  policies: [POLICY],
  crlUrls: [CRL],
  ocspUrl: undefined,
  ...changes,
})

/** A deployment at a time of its own, with the network of these authorities. */
function deployment(options: { environment?: TrustEnvironment; revocationUnknown?: RevocationUnknown } = {}) {
  let now: Instant = NOW
  const events: AuditEvent[] = []
  const asked: string[] = []
  const deferred: Promise<unknown>[] = []
  const places = new Map<string, (init: RequestInit) => Promise<Response> | Response>()
  let patience = new AbortController()
  const trust = d1Trust({
    database: env.DB,
    clock: () => now,
    entropy: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    defer: (work) => void deferred.push(work),
    outbound: async (url, init) => {
      asked.push(url)
      const place = places.get(url)
      if (place === undefined) throw new TypeError('unreachable')
      return place(init)
    },
    trail: { record: (event) => events.push(event) },
    environment: 'test',
    revocationUnknown: 'refuse',
    patience: () => patience.signal,
    ...options,
  })
  return {
    examine: (der: Uint8Array = leaf, chain: readonly Uint8Array[] = [], purpose: Purpose = 'person') =>
      trust.examine({ leaf: der, chain }, purpose),
    places,
    asked,
    events,
    deferred,
    at: (when: number) => {
      now = instant(when)
    },
    giveUp: () => patience.abort(),
    patient: () => {
      patience = new AbortController()
    },
    /** The cron, with these lists of the issuing authority and of the root. */
    async lists(own: ListParts = {}, roots: ListParts = {}) {
      const [mine, theirs] = [await listDer(people, own), await listDer(root, roots)]
      places.set(CRL, () => new Response(mine))
      places.set(CRL_ROOT, () => new Response(theirs))
      await trust.refresh()
      asked.length = 0
    },
    /** The responder of the issuing authority says this, with our nonce when it is to. */
    responds(parts: AnswerParts & { readonly repeats?: boolean } = {}) {
      places.set(OCSP, async (init) => {
        const body = await new Response(init.body).bytes()
        const [inner] = elements(readQuestion(body)?.nonce ?? new Uint8Array()) ?? []
        const nonce = parts.repeats === false ? undefined : inner?.content
        return new Response(await answerDer(people, { nonce, ...parts }))
      })
    },
  }
}

const registry = d1Authorities(env.DB, () => NOW)
const register = async (...authorities: readonly NewAuthority[]) => {
  for (const authority of authorities) expect(await registry.add(authority)).toHaveProperty('added')
}
const ROOT = entry(root, { role: 'anchor', purposes: [], policies: [], crlUrls: [CRL_ROOT] })
const PEOPLE = entry(people)
const ANSWERED = entry(people, { ocspUrl: OCSP })

beforeEach(async () => {
  await env.DB.batch(
    ['revoked_certificate', 'revocation_list', 'trust_authority'].map((table) =>
      env.DB.prepare(`DELETE FROM ${table}`),
    ),
  )
})

describe('whom it leads to', () => {
  beforeEach(() =>
    register(
      ROOT,
      PEOPLE,
      entry(software, { purposes: ['organisation'], range: 'ELEMENTAIRE', policies: [] }),
    ),
  )

  it('grants a certificate of an authority of the registry, and says of which', async () => {
    const here = deployment()
    await here.lists()
    const [issuing] = (await registry.all()).filter(({ name }) => name === 'AC PERSONNES')
    expect(await here.examine()).toMatchObject({
      trusted: {
        certificate: { serial: '0b' },
        range: 'STANDARD',
        authority: issuing?.id,
        revocation: 'crl',
      },
    })
    expect(
      here.events.filter(({ kind }) => kind !== 'trust.list-imported' && kind !== 'trust.list-failed'),
    ).toEqual([])
  })
  it('grants it with its chain beside it, in whatever order, with others among them', async () => {
    const here = deployment()
    await here.lists()
    expect(await here.examine(leaf, [root.der, stranger.der, people.der])).toHaveProperty('trusted')
  })
  it('grants a structure’s certificate where one is asked for', async () => {
    const here = deployment({ revocationUnknown: 'accept' })
    const certificate = await newLeaf(software, { policies: [] })
    expect(await here.examine(certificate, [], 'organisation')).toMatchObject({
      trusted: { range: 'ELEMENTAIRE' },
    })
  })

  it.each([
    ['of an authority that nobody registered', async () => newLeaf(stranger), [], 'unknown-authority'],
    [
      'of such an authority, which it brings along',
      async () => newLeaf(stranger),
      [stranger.der],
      'unknown-authority',
    ],
    [
      'of an authority below a registered one that nobody registered: it has no list here',
      async () => newLeaf(await newIssuer('AC DE PLUS', people)),
      'presented',
      'unknown-authority',
    ],
    ['of a structure, as a person', async () => newLeaf(software), [], 'wrong-usage'],
    [
      'that names none of the authority’s policies',
      async () => newLeaf(people, { policies: ['1.2.3'] }),
      [],
      'wrong-policy',
    ],
    ['that names no policy', async () => newLeaf(people, { policies: [] }), [], 'wrong-policy'],
    ['that is none', async () => new Uint8Array([0x30, 0]), [], 'unreadable'],
    ['larger than the edge hands on', async () => new Uint8Array(11_000), [], 'too-large'],
    ['with a chain larger than the edge hands on', async () => leaf, [new Uint8Array(17_000)], 'too-large'],
  ] as const)('refuses a certificate %s', async (_, make, chain, refused) => {
    const here = deployment({ revocationUnknown: 'accept' })
    const more = await newIssuer('AC DE PLUS', people)
    const [der, beside] = chain === 'presented' ? [await newLeaf(more), [more.der]] : [await make(), chain]
    expect(await here.examine(der, beside)).toMatchObject({ refused })
  })
})

describe('RFC 5280 §6.1.3 (a)(3): who is revoked', () => {
  beforeEach(() => register(ROOT, PEOPLE))
  it('refuses one who is on the list', async () => {
    const here = deployment()
    await here.lists({ entries: [entryDer({ serial: '0b', reason: 1 })] })
    expect(await here.examine()).toMatchObject({
      refused: 'revoked',
      detail: expect.stringContaining('reason 1'),
    })
  })
  it('refuses one whose issuer is on its issuer’s list', async () => {
    const here = deployment()
    await here.lists({}, { entries: [entryDer({ serial: '2a' })] })
    expect(await here.examine()).toMatchObject({
      refused: 'revoked',
      detail: expect.stringContaining('AC RACINE'),
    })
  })
  it('refuses one who is on a list that ended since: nobody is unrevoked by silence', async () => {
    const here = deployment()
    await here.lists({ entries: [entryDer({ serial: '0b' })] })
    here.at(NOW + 2 * DAY)
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
  })
  it('refuses one of whom it knows nothing, once the list has ended', async () => {
    const here = deployment()
    await here.lists()
    here.at(NOW + DAY - 1)
    expect(await here.examine()).toHaveProperty('trusted')
    here.at(NOW + DAY)
    expect(await here.examine()).toMatchObject({ refused: 'revocation-unknown' })
  })
  it('asks its list and its issuer’s in one query', async () => {
    const here = deployment()
    await here.lists()
    await here.examine()
    const queries: string[] = []
    const counted = d1Trust({
      database: {
        prepare: (sql) => {
          queries.push(sql)
          return env.DB.prepare(sql)
        },
      },
      clock: () => NOW,
      entropy: (bytes) => new Uint8Array(bytes),
      defer: () => undefined,
      outbound: () => Promise.reject(new Error('nobody asks')),
      trail: { record: () => undefined },
      environment: 'test',
      revocationUnknown: 'refuse',
    })
    await counted.examine({ leaf, chain: [] }, 'person')
    queries.length = 0
    expect(await counted.examine({ leaf, chain: [] }, 'person')).toHaveProperty('trusted')
    expect(queries).toHaveLength(1)
  })
})

describe('RFC 6960: what the responder says', () => {
  beforeEach(() => register(ROOT, ANSWERED))
  it('grants on its word, even without a list of its own', async () => {
    const here = deployment()
    await here.lists({ issuer: named('AC ABSENTE') })
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
  it('refuses on its word, though the list is silent', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ status: 'revoked' })
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
  })
  it('does not ask about one who is on the list', async () => {
    const here = deployment()
    await here.lists({ entries: [entryDer({ serial: '0b' })] })
    here.responds()
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
    expect(here.asked).toEqual([])
  })
  it('asks once, until the answer ends', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ nextUpdate: NOW + HOUR / 2 })
    for (const _ of [1, 2, 3]) expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + HOUR / 2)
    here.responds({ thisUpdate: NOW + HOUR / 2, nextUpdate: NOW + HOUR })
    await here.examine()
    expect(here.asked).toEqual([OCSP, OCSP])
  })
  it('asks again after an hour, whatever the answer promised', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ nextUpdate: NOW + DAY })
    await here.examine()
    here.at(NOW + HOUR - 1)
    await here.examine()
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + HOUR)
    here.responds({ status: 'revoked', nextUpdate: NOW + DAY })
    expect(await here.examine()).toMatchObject({ refused: 'revoked' })
  })
  it('remembers it of that certificate alone', async () => {
    const here = deployment()
    await here.lists()
    here.responds()
    await here.examine()
    here.responds({ serial: '0d', status: 'revoked' })
    expect(await here.examine(await newLeaf(people, { serial: '0d' }))).toMatchObject({ refused: 'revoked' })
  })

  const delegates = async (serial: string) => {
    const keys = await curveKeys()
    const der = await newLeaf(people, {
      serial,
      keys,
      policies: [],
      extensions: [keyUsage('digitalSignature'), extendedKeyUsage(OCSP_SIGNING)],
      commonName: 'REPONDEUR',
    })
    return {
      signer: { name: named('REPONDEUR'), keys, keyId: await keyIdOf(keys.publicKey) },
      certificates: [der],
    }
  }
  it('§4.2.2.2: grants on the word of a delegate, unless that is on the list itself', async () => {
    const responder = await delegates('5e')
    const here = deployment()
    await here.lists({ issuer: named('AC ABSENTE') })
    here.responds(responder)
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })

    const there = deployment()
    await there.lists({ entries: [entryDer({ serial: '5e' })] })
    there.responds(responder)
    expect(await there.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
  })

  const unsigned = Uint8Array.of(0x30, 3, 0x0a, 1, 6)
  describe.each([
    ['does not answer at all', undefined],
    ['answers with an error', () => new Response('', { status: 500 })],
    ['answers what nobody signed', () => new Response(unsigned)],
    [
      'answers an old answer, played back',
      async () => new Response(await answerDer(people, { thisUpdate: NOW - 2 * DAY, nextUpdate: NOW - DAY })),
    ],
    ['answers too much', () => new Response(new Uint8Array(70_000))],
    [
      'answers endlessly',
      () =>
        new Response(
          new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(16_384)) }),
        ),
    ],
    ['answers for another certificate', async () => new Response(await answerDer(people, { serial: '0c' }))],
    [
      'answers to another question',
      async () => new Response(await answerDer(people, { nonce: new Uint8Array(32) })),
    ],
    ['is a stranger', async () => new Response(await answerDer(people, { signer: stranger }))],
    [
      'does not know the certificate',
      async () => new Response(await answerDer(people, { status: 'unknown' })),
    ],
  ] as const)('a responder that %s', (_, place) => {
    it('leaves it to the list', async () => {
      const here = deployment()
      await here.lists()
      if (place !== undefined) here.places.set(OCSP, place)
      expect(await here.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
      expect(here.events.some(({ kind }) => kind === 'trust.revocation-unknown')).toBe(false)
    })
    it('without a list leaves it to the setting', async () => {
      for (const revocationUnknown of ['refuse', 'accept'] as const) {
        const here = deployment({ revocationUnknown })
        await here.lists({ issuer: named('AC ABSENTE') })
        if (place !== undefined) here.places.set(OCSP, place)
        expect(await here.examine()).toMatchObject(
          revocationUnknown === 'refuse'
            ? { refused: 'revocation-unknown' }
            : { trusted: { revocation: 'unknown' } },
        )
        expect(here.events.filter(({ kind }) => kind === 'trust.revocation-unknown')).toMatchObject([
          {
            detail: expect.stringMatching(
              new RegExp(`^${revocationUnknown}(?:d|ed), by AC PERSONNES: no list; responder `),
            ),
          },
        ])
      }
    })
  })

  it('a responder that never answers is waited for no longer than there is patience, and not at once again', async () => {
    const here = deployment()
    await here.lists()
    here.places.set(OCSP, () => new Promise<Response>(() => undefined))
    const examined = here.examine()
    here.giveUp()
    expect(await examined).toMatchObject({ trusted: { revocation: 'crl' } })
    here.patient()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
    expect(here.asked).toEqual([OCSP])
    here.at(NOW + 15)
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
  it('a lie is not remembered', async () => {
    const here = deployment()
    await here.lists()
    here.responds({ signer: stranger })
    await here.examine()
    here.responds()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'ocsp' } })
  })
})

describe('an authority that publishes nothing', () => {
  it('leaves its people to the setting', async () => {
    await register(ROOT, entry(people, { crlUrls: [] }))
    const here = deployment()
    await here.lists()
    expect(await here.examine()).toMatchObject({ refused: 'revocation-unknown' })
  })
  it('vouches for the authorities below it by the registry', async () => {
    await register(entry(root, { role: 'anchor', purposes: [], policies: [], crlUrls: [] }), PEOPLE)
    const here = deployment()
    await here.lists()
    expect(await here.examine()).toMatchObject({ trusted: { revocation: 'crl' } })
  })
})

describe('the registry', () => {
  it('an authority that is retired is trusted by nobody a minute later, though its certificate comes along', async () => {
    await register(ROOT, PEOPLE)
    const here = deployment({ revocationUnknown: 'accept' })
    await here.lists()
    expect(await here.examine()).toHaveProperty('trusted')
    const [issuing] = (await registry.all()).filter(({ name }) => name === 'AC PERSONNES')
    expect(await registry.retire(issuing?.id ?? '')).toBe(true)
    here.at(NOW + 60)
    expect(await here.examine(leaf, [people.der])).toMatchObject({ refused: 'unknown-authority' })
    expect(await here.examine(leaf)).toMatchObject({ refused: 'unknown-authority' })
  })
  it('and within seconds where there is traffic', async () => {
    await register(ROOT, PEOPLE)
    const here = deployment({ revocationUnknown: 'accept' })
    await here.examine()
    for (const { id } of await registry.all()) await registry.retire(id)
    here.at(NOW + 15)
    await here.examine()
    await Promise.all(here.deferred)
    expect(await here.examine()).toMatchObject({ refused: 'unknown-authority' })
  })
  it('the first authority counts at once', async () => {
    const here = deployment({ revocationUnknown: 'accept' })
    expect(await here.examine()).toMatchObject({ refused: 'unknown-authority' })
    await register(ROOT, PEOPLE)
    expect(await here.examine()).toHaveProperty('trusted')
  })
  it.each([
    ['production', 'test'],
    ['test', 'production'],
  ] as const)('in %s nobody of a %s authority is trusted', async (environment, of) => {
    await register({ ...ROOT, environment: of }, { ...PEOPLE, environment: of })
    const there = deployment({ environment, revocationUnknown: 'accept' })
    expect(await there.examine(leaf, [people.der, root.der])).toMatchObject({ refused: 'unknown-authority' })
    const here = deployment({ environment: of, revocationUnknown: 'accept' })
    expect(await here.examine(leaf)).toHaveProperty('trusted')
  })
  it('an intermediate of one environment is not reached from an anchor of the other', async () => {
    await register(ROOT, { ...PEOPLE, environment: 'production' })
    expect(await deployment({ revocationUnknown: 'accept' }).examine(leaf, [people.der])).toMatchObject({
      refused: 'unknown-authority',
    })
  })
})
