import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { explicit, implicit } from '../../src/sandbox/authority/der-writer.ts'
import { d1Trust } from '../../src/trust/trust.d1.ts'
import {
  deployment,
  entry,
  forgetAll,
  leaf,
  PEOPLE,
  people,
  ROOT,
  register,
  registry,
  root,
  software,
  stranger,
} from './deployment.ts'
import { DAY, entryDer, NOW, newIssuer, newLeaf, pointOf } from './issuers.ts'

beforeEach(async () => void (await forgetAll()))

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
  it('refuses one of whom the list does not speak: it is for another distribution point', async () => {
    const here = deployment()
    const elsewhere = new TextEncoder().encode('http://crl.example.test/autres.crl')
    await here.lists({ extensions: [pointOf(explicit(0, explicit(0, implicit(6, elsewhere))))] })
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
