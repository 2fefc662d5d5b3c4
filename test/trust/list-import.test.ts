import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import { hexOf } from '../../src/protocol/pki/der.ts'
import { implicit } from '../../src/sandbox/authority/der-writer.ts'
import { issuerKeyOf } from '../../src/trust/entry.ts'
import { importList, isDue } from '../../src/trust/list-import.ts'
import { d1Lists } from '../../src/trust/lists.d1.ts'
import type { Lists } from '../../src/trust/lists.ts'
import { d1Revocations, STANDING } from '../../src/trust/revocations.d1.ts'
import {
  DAY,
  entryDer,
  HOUR,
  type Issuer,
  type ListParts,
  listDer,
  NOW,
  newIssuer,
  pointOf,
} from './issuers.ts'

const issuer = await newIssuer('AC UNE')
const other = await newIssuer('AC AUTRE')
const issuerKey = await issuerKeyOf(issuer.certificate)
const lists = d1Lists(env.DB)
const revocations = d1Revocations(env.DB)

const serialOf = (n: number) => (0x10000000 + n).toString(16)
const numbered = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => entryDer({ serial: serialOf(from + n) }))

const source = { url: 'http://crl.example.test/une.crl', etag: undefined, lastModified: undefined, at: NOW }
const take = async (parts: ListParts, { by = issuer, into = lists }: { by?: Issuer; into?: Lists } = {}) =>
  importList(into, { der: await listDer(by, parts), authority: issuer.certificate, issuerKey, source })
const revoked = async (...serials: readonly string[]) =>
  (await revocations.standing(serials.map((serial) => ({ issuerKey, serial })))).map((one) => one.revoked)
const rows = async () =>
  (await env.DB.prepare('SELECT generation, count(*) AS n FROM revoked_certificate GROUP BY 1').all()).results

const clear = () =>
  env.DB.batch([
    env.DB.prepare('DELETE FROM revoked_certificate'),
    env.DB.prepare('DELETE FROM revocation_list'),
  ])
beforeEach(clear)
afterEach(clear)

describe('a list that is taken', () => {
  it('says who is revoked, since when, why, and until when it says so', async () => {
    const entries = [entryDer({ serial: '0b', reason: 1 }), entryDer({ serial: 'f00d', at: NOW - 2 * DAY })]
    expect(await take({ entries, number: 7 })).toEqual({ imported: { number: '07', entries: 2 } })
    expect(
      await revocations.standing([
        { issuerKey, serial: '0b' },
        { issuerKey, serial: 'f00d' },
        { issuerKey, serial: '0c' },
      ]),
    ).toEqual([
      {
        list: { nextUpdate: NOW + DAY, scope: { of: 'all', points: [] } },
        revoked: { at: NOW - DAY, reason: 1 },
      },
      {
        list: { nextUpdate: NOW + DAY, scope: { of: 'all', points: [] } },
        revoked: { at: NOW - 2 * DAY, reason: undefined },
      },
      { list: { nextUpdate: NOW + DAY, scope: { of: 'all', points: [] } }, revoked: undefined },
    ])
  })
  it('says nothing of the certificates of others', async () => {
    await take({ entries: [entryDer({ serial: '0b' })] })
    expect(await revocations.standing([{ issuerKey: hexOf(new Uint8Array(32)), serial: '0b' }])).toEqual([
      { list: undefined, revoked: undefined },
    ])
  })
  it('is replaced whole by the next: who left it is not revoked any more', async () => {
    await take({ entries: [entryDer({ serial: '0b' }), entryDer({ serial: '0c' })], number: 1 })
    await take({ entries: [entryDer({ serial: '0c' }), entryDer({ serial: '0d' })], number: 2 })
    expect(await revoked('0b', '0c', '0d')).toEqual([undefined, expect.anything(), expect.anything()])
    await lists.sweep()
    expect(await rows()).toHaveLength(1)
  })
  it('may be empty', async () => {
    await take({ entries: [entryDer({ serial: '0b' })], number: 1 })
    expect(await take({ number: 2 })).toEqual({ imported: { number: '02', entries: 0 } })
    expect(await revoked('0b')).toEqual([undefined])
  })
  it('is not written again while it is the same', async () => {
    await take({ entries: numbered(3), number: 1 })
    const before = await rows()
    expect(await take({ entries: numbered(3), number: 1 })).toBe('unchanged')
    expect(await rows()).toEqual(before)
  })
  it('keeps the last word on a certificate that it names twice', async () => {
    await take({ entries: [entryDer({ serial: '0b', reason: 6 }), entryDer({ serial: '0b', reason: 1 })] })
    expect(await revoked('0b')).toEqual([{ at: NOW - DAY, reason: 1 }])
  })
  it('is told apart from another authority’s, imported in turn', async () => {
    const otherKey = await issuerKeyOf(other.certificate)
    await take({ entries: [entryDer({ serial: '0b' })] })
    await importList(lists, {
      der: await listDer(other, { entries: [entryDer({ serial: '0c' })] }),
      authority: other.certificate,
      issuerKey: otherKey,
      source,
    })
    await lists.sweep()
    expect(await revoked('0b', '0c')).toEqual([expect.anything(), undefined])
    expect(await revocations.standing([{ issuerKey: otherKey, serial: '0c' }])).toMatchObject([
      { revoked: { at: NOW - DAY } },
    ])
    expect(await rows()).toHaveLength(2)
  })
})

describe('a list that is refused leaves the one in hand', () => {
  beforeEach(async () => {
    await take({ entries: [entryDer({ serial: '0b' })], number: 5 })
  })
  it.each([
    ['signed by another key', {}, other, 'other-issuer'],
    [
      'signed by another key under its name',
      { issuer: issuer.name, keyId: issuer.keyId },
      other,
      'broken-signature',
    ],
    [
      'indirect (RFC 5280 §5.2.5)',
      { extensions: [pointOf(implicit(4, Uint8Array.of(0xff)))] },
      issuer,
      'indirect',
    ],
    ['of a smaller number (§5.2.3): an old one, played back', { number: 4 }, issuer, 'older'],
    ['of an earlier time under the same number', { number: 5, thisUpdate: NOW - 2 * HOUR }, issuer, 'older'],
    ['of an earlier time under a greater number', { number: 6, thisUpdate: NOW - 2 * HOUR }, issuer, 'older'],
    ['past its nextUpdate', { number: 6, nextUpdate: NOW - 1 }, issuer, 'out-of-date'],
    [
      'with a bad entry among good ones (§5.3)',
      {
        number: 6,
        entries: [
          entryDer({ serial: '0c' }),
          entryDer({
            serial: '0d',
            extensions: [{ oid: '1.2.3', critical: true, value: new Uint8Array([5, 0]) }],
          }),
        ],
      },
      issuer,
      'unknown-critical-extension',
    ],
  ] as const)('%s', async (_, parts, by, rejected) => {
    expect(await take({ entries: [], ...parts }, { by })).toEqual({ rejected })
    expect(await revoked('0b', '0c')).toEqual([expect.anything(), undefined])
  })
})

describe('an import that something stops', () => {
  /** The lists, until the isolate dies at this write. */
  const dying = (at: number): Lists => {
    let writes = 0
    return {
      ...lists,
      write: async (generation, entries) => {
        if (++writes === at) throw new Error('killed')
        await lists.write(generation, entries)
      },
    }
  }
  it('in the middle leaves the list in hand, and its own rows to the next sweep', async () => {
    await take({ entries: [entryDer({ serial: '0b' })], number: 1 })
    const killed = take({ entries: numbered(40_000), number: 2 }, { into: dying(3) })
    await expect(killed).rejects.toThrow('killed')
    expect(await revoked('0b', serialOf(0))).toEqual([expect.anything(), undefined])
    expect(await rows()).toMatchObject([{ n: 1 }, { n: 30_000 }])

    // The next one begins anew, and is whole.
    expect(await take({ entries: numbered(40_000), number: 2 })).toMatchObject({
      imported: { entries: 40_000 },
    })
    expect(await revoked('0b', serialOf(0), serialOf(39_999))).toEqual([
      undefined,
      expect.anything(),
      expect.anything(),
    ])
    await lists.sweep()
    expect(await rows()).toMatchObject([{ n: 40_000 }])
  })
  it('before its last statement changes nothing', async () => {
    await take({ entries: [entryDer({ serial: '0b' })], number: 1 })
    const stopped: Lists = { ...lists, publish: () => Promise.reject(new Error('killed')) }
    await expect(take({ number: 2 }, { into: stopped })).rejects.toThrow('killed')
    expect(await revoked('0b')).toEqual([expect.anything()])
  })
  it('because another has begun does not count, and the other does', async () => {
    const overtaken: Lists = {
      ...lists,
      write: async (generation, entries) => {
        await lists.write(generation, entries)
        await take({ entries: [entryDer({ serial: '0d' })], number: 3 })
      },
    }
    expect(await take({ entries: [entryDer({ serial: '0c' })], number: 2 }, { into: overtaken })).toEqual({
      rejected: 'overtaken',
    })
    expect(await revoked('0c', '0d')).toEqual([undefined, expect.anything()])
  })
  it('a newer list that was published between the two looks at it is not replaced by this one', async () => {
    const late: Lists = {
      ...lists,
      begin: async (key, at) => {
        await take({ entries: [entryDer({ serial: '0d' })], number: 3 })
        return lists.begin(key, at)
      },
    }
    expect(await take({ entries: [entryDer({ serial: '0c' })], number: 2 }, { into: late })).toEqual({
      rejected: 'older',
    })
    expect(await revoked('0c', '0d')).toEqual([undefined, expect.anything()])
  })
})

describe('a look-up', () => {
  it('is searches by key, whatever the lists hold', async () => {
    const explained = async () => {
      const { results } = await env.DB.prepare(`EXPLAIN QUERY PLAN ${STANDING}`)
        .bind('[["a","b"]]')
        .all<{ detail: string }>()
      return results.map(({ detail }) => detail)
    }
    const empty = await explained()
    expect(empty).toEqual([
      expect.stringContaining('SCAN asked VIRTUAL TABLE'),
      expect.stringMatching(/^SEARCH list USING INDEX sqlite_autoindex_revocation_list_1 \(issuer_key=\?\)$/),
      expect.stringMatching(
        /^SEARCH revoked USING INDEX sqlite_autoindex_revoked_certificate_1 \(generation=\? AND serial=\?\)/,
      ),
    ])
    for (const [number, size] of [2_000, 50_000].entries()) {
      await take({ entries: numbered(size), number: number + 1 })
      expect(await explained()).toEqual(empty)
      const { meta } = await env.DB.prepare(STANDING)
        .bind(
          JSON.stringify([
            [issuerKey, serialOf(size - 1)],
            [issuerKey, 'ff'],
          ]),
        )
        .all()
      // Two certificates, each a row of the lists and at most one of the revoked.
      expect(meta.rows_read, `${size} entries`).toBeLessThanOrEqual(6)
    }
  })
})

describe('when a list is asked for', () => {
  const state = {
    entries: 0,
    problem: undefined,
    number: '01',
    thisUpdate: NOW,
    url: undefined,
    etag: undefined,
    lastModified: undefined,
  }
  it.each([
    ['there is none', undefined, true],
    ['there never was one', { ...state, nextUpdate: undefined, fetchedAt: undefined }, true],
    [
      'it was fetched a quarter of an hour ago',
      { ...state, nextUpdate: instant(NOW + DAY), fetchedAt: instant(NOW - HOUR / 4) },
      false,
    ],
    [
      'it was fetched an hour ago',
      { ...state, nextUpdate: instant(NOW + DAY), fetchedAt: instant(NOW - HOUR) },
      true,
    ],
    [
      'it ends soon',
      { ...state, nextUpdate: instant(NOW + HOUR / 2), fetchedAt: instant(NOW - HOUR / 4) },
      true,
    ],
  ])('%s', (_, known, due) => expect(isDue(known, NOW)).toBe(due))
})
