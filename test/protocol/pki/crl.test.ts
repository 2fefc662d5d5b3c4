import fc from 'fast-check'
import { CertificateRevocationList } from 'pkijs'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import { type Revoked, readRevocationList, revokedIn } from '../../../src/protocol/pki/crl.ts'
import { speaksOf, verifyRevocationList } from '../../../src/protocol/pki/crl-verdict.ts'
import {
  bits,
  element,
  explicit,
  hexOf,
  implicit,
  integer,
  NULL,
  sequence,
  time,
} from '../../../src/sandbox/authority/der-writer.ts'
import { algorithmOf } from '../../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../../src/sandbox/authority/keys.ts'
import {
  DAY,
  entryDer,
  HOUR,
  type ListParts,
  listDer,
  NOW,
  named,
  newIssuer,
  newLeaf,
  pointOf,
  read,
  readList,
} from '../../trust/issuers.ts'

const issuer = await newIssuer('AC UNE')
const other = await newIssuer('AC AUTRE')
const entries = [
  entryDer({ serial: '0b', reason: 1 }),
  entryDer({ serial: 'f00d', at: NOW - 2 * DAY }),
  entryDer({ serial: '7f'.repeat(20), reason: 6 }),
]
const all = (der: Uint8Array) => [...revokedIn(readList(der))]
const uri = (address: string) => implicit(6, new TextEncoder().encode(address))

describe('RFC 5280 §5.1: a list', () => {
  it('its header, and its entries one by one', async () => {
    const der = await listDer(issuer, { entries, number: '0102030405060708090a' })
    const list = readList(der)
    expect(list).toMatchObject({
      issuer: issuer.certificate.subject,
      number: '0102030405060708090a',
      thisUpdate: NOW - HOUR,
      nextUpdate: NOW + DAY,
      authorityKeyId: issuer.keyId,
      scope: { of: 'all', points: [] },
    })
    expect(all(der)).toEqual([
      { serial: '0b', at: NOW - DAY, reason: 1 },
      { serial: 'f00d', at: NOW - 2 * DAY, reason: undefined },
      { serial: '7f'.repeat(20), at: NOW - DAY, reason: 6 },
    ])
    expect(await verifyRevocationList(list, issuer.certificate, NOW)).toBeUndefined()
  })
  it('§5.1.2.6: nobody is revoked when there is nothing', async () => {
    expect(all(await listDer(issuer))).toEqual([])
  })
  it('§4.1.2.2: a serial number reads as that of the certificate it is of', async () => {
    for (const serial of ['00', '01', '7f', '80', 'ff00', `ff${'00'.repeat(19)}`]) {
      const certificate = read(await newLeaf(issuer, { serial }))
      expect(all(await listDer(issuer, { entries: [entryDer({ serial })] }))).toMatchObject([
        { serial: certificate.serial },
      ])
    }
  })
  it('says the same as a library of others', async () => {
    const random = fc.sample(
      fc.record({
        serial: fc.uint8Array({ minLength: 1, maxLength: 20 }).map(hexOf),
        at: fc.integer({ min: 0, max: 4_000_000_000 }),
        reason: fc.option(fc.constantFrom(0, 1, 2, 3, 4, 5, 6, 9, 10), { nil: undefined }),
      }),
      { numRuns: 200, seed: 4 },
    )
    const der = await listDer(issuer, {
      entries: random.map(({ serial, at, reason }) =>
        entryDer({ serial, at, ...(reason === undefined ? {} : { reason }) }),
      ),
    })
    const theirs = CertificateRevocationList.fromBER(der)
    expect(
      all(der).map((one) => ('rejected' in one ? one : { serial: BigInt(`0x${one.serial}`), at: one.at })),
    ).toEqual(
      theirs.revokedCertificates?.map(({ userCertificate, revocationDate }) => ({
        serial: userCertificate.toBigInt(),
        at: revocationDate.value.getTime() / 1000,
      })),
    )
  })
})

describe('refuses to read', () => {
  const cases: readonly (readonly [string, ListParts, string])[] = [
    ['§5.2.3: a list without a number', { number: 'none' }, 'no-number'],
    ['§5.2.3: a number of more than 20 octets', { number: '7f'.repeat(21) }, 'unreadable'],
    ['§5.1.2.5: a list without a nextUpdate', { nextUpdate: 'none' }, 'no-next-update'],
    ['§5.1.2.1: version 1', { version: [] }, 'unreadable'],
    ['§5.1.2.1: a version that there is not', { version: [integer(2)] }, 'unreadable'],
    ['§5.1.1.2: another algorithm inside than outside', { inner: sequence(NULL) }, 'unreadable'],
    [
      '§5.2.4: changes to another list',
      { extensions: [{ oid: '2.5.29.27', critical: true, value: integer(1) }] },
      'delta',
    ],
    ['§5.2.5: an indirect list', { extensions: [pointOf(implicit(4, Uint8Array.of(0xff)))] }, 'indirect'],
    [
      '§5.2.5: a list of some reasons',
      { extensions: [pointOf(implicit(3, Uint8Array.of(1, 0x40)))] },
      'partial',
    ],
    [
      '§5.2.5: a list of attribute certificates',
      { extensions: [pointOf(implicit(5, Uint8Array.of(0xff)))] },
      'partial',
    ],
    [
      '§5.2.5: a point that has no address',
      { extensions: [pointOf(explicit(0, element(0xa1, NULL)))] },
      'partial',
    ],
    [
      '§5.2: a critical extension that nobody knows',
      { extensions: [{ oid: '1.2.3.4', critical: true, value: NULL }] },
      'unknown-critical-extension',
    ],
    [
      '§4.2: an extension twice',
      { extensions: [{ oid: '2.5.29.20', critical: false, value: integer(9) }] },
      'unreadable',
    ],
  ]
  it.each(cases)('%s', async (_, parts, rejected) => {
    expect(readRevocationList(await listDer(issuer, parts))).toEqual({ rejected })
  })

  it.each([
    ['nothing', new Uint8Array()],
    ['a text', new TextEncoder().encode('-----BEGIN X509 CRL-----')],
    ['a certificate', issuer.der],
    ['an empty sequence', sequence()],
    // Each element of two octets would cost a hundred in memory: this many are never taken apart.
    [
      'a million elements in one',
      element(
        0x30,
        new Uint8Array(2_000_000).fill(0).map((_, i) => (i % 2 === 0 ? 5 : 0)),
      ),
    ],
    [
      'a million extensions',
      sequence(
        sequence(
          integer(1),
          sequence(),
          sequence(),
          time(NOW),
          time(NOW),
          explicit(0, sequence(new Uint8Array(1_000_000).fill(0).map((_, i) => (i % 2 === 0 ? 0x30 : 0)))),
        ),
        sequence(),
        bits(new Uint8Array(64)),
      ),
    ],
  ])('%s', (_, der) => expect(readRevocationList(der)).toEqual({ rejected: 'unreadable' }))

  it('one cut short, and one with more behind it', async () => {
    const der = await listDer(issuer, { entries })
    expect(readRevocationList(der.subarray(0, -1))).toEqual({ rejected: 'unreadable' })
    expect(readRevocationList(Uint8Array.of(...der, 5, 0))).toEqual({ rejected: 'unreadable' })
  })
})

describe('refuses a list for one of its entries', () => {
  it.each([
    [
      '§5.3.3: a certificate that somebody else issued',
      entryDer({ serial: '01', extensions: [{ oid: '2.5.29.29', critical: true, value: sequence() }] }),
      'indirect',
    ],
    [
      '§5.3: a critical extension that nobody knows',
      entryDer({ serial: '01', extensions: [{ oid: '1.2.3.4', critical: true, value: NULL }] }),
      'unknown-critical-extension',
    ],
    [
      'a reason that is no reason',
      entryDer({ serial: '01', extensions: [{ oid: '2.5.29.21', critical: false, value: NULL }] }),
      'unreadable',
    ],
    [
      'a serial number without end',
      sequence(element(2, new Uint8Array(5_000).fill(1)), time(NOW)),
      'unreadable',
    ],
    [
      'a date that is none',
      sequence(integer(1), element(0x17, new TextEncoder().encode('261332000000Z'))),
      'unreadable',
    ],
    ['an entry of its own invention', NULL, 'unreadable'],
  ])('%s', async (_, entry, rejected) => {
    const found = all(
      await listDer(issuer, { entries: [entryDer({ serial: '09' }), entry, entryDer({ serial: '0a' })] }),
    )
    // Nothing comes after it.
    expect(found).toEqual([{ serial: '09', at: NOW - DAY, reason: undefined }, { rejected }])
  })
})

describe('RFC 5280 §6.3.3: a list of this authority, for now', () => {
  const judged = async (parts: ListParts, by = issuer) =>
    verifyRevocationList(readList(await listDer(by, parts)), issuer.certificate, NOW)
  it('grants one without a key identifier, and one made minutes ahead of our clock', async () => {
    expect(await judged({ keyId: 'none' })).toBeUndefined()
    expect(await judged({ thisUpdate: NOW + 200 })).toBeUndefined()
  })
  it.each([
    ['(b): of another issuer', {}, other, 'other-issuer'],
    [
      '(b): that only bears its name',
      { issuer: named('AC UNE'), keyId: issuer.keyId },
      other,
      'broken-signature',
    ],
    ['§5.2.1: for another of its keys', { keyId: '0102' }, issuer, 'other-issuer'],
    ['§5.1.2.4: of tomorrow', { thisUpdate: NOW + DAY }, issuer, 'not-yet-valid'],
    ['§5.1.2.5: past its nextUpdate', { nextUpdate: NOW }, issuer, 'out-of-date'],
  ] as const)('refuses one %s', async (_, parts, by, rejected) =>
    expect(await judged(parts, by)).toBe(rejected),
  )
  it('(f): refuses one whose signer may not sign lists', async () => {
    const silent = await newIssuer('AC SANS LISTE', undefined, { usages: ['keyCertSign'] })
    const list = readList(await listDer(silent))
    expect(await verifyRevocationList(list, silent.certificate, NOW)).toBe('not-a-list-signer')
  })
  it('(g): refuses one of which one bit was changed, wherever it is', async () => {
    const der = await listDer(issuer, { entries })
    for (const at of [60, 120, der.length - 5]) {
      const changed = Uint8Array.from(der)
      changed[at] = (changed[at] ?? 0) ^ 1
      const list = readRevocationList(changed)
      const verdict =
        'rejected' in list ? list.rejected : await verifyRevocationList(list, issuer.certificate, NOW)
      expect(verdict, `octet ${at}`).toBeDefined()
    }
  })
  it('(g): refuses an algorithm that nobody should use', async () => {
    const { privateKey } = await curveKeys()
    const der = await listDer(issuer, { key: privateKey })
    expect(algorithmOf(privateKey)).toEqual(algorithmOf(issuer.keys.privateKey))
    // ecdsa-with-SHA256 → ecdsa-with-SHA1, inside and outside.
    const text = hexOf(der).replaceAll('06082a8648ce3d040302', '06082a8648ce3d040301')
    const weak = Uint8Array.from(text.match(/../g) ?? [], (octet) => Number.parseInt(octet, 16))
    expect(await verifyRevocationList(readList(weak), issuer.certificate, NOW)).toBe('unsupported-algorithm')
  })
})

describe('RFC 5280 §6.3.3 (b)(2): whom a list speaks of', async () => {
  const here = 'http://crl.example.test/une.crl'
  const leaf = read(await newLeaf(issuer, { points: [here] }))
  const authority = issuer.certificate
  it.each([
    ['all of them', [], [true, true]],
    ['those of people', [implicit(1, Uint8Array.of(0xff))], [true, false]],
    ['those of authorities', [implicit(2, Uint8Array.of(0xff))], [false, true]],
    ['those that name its place', [explicit(0, explicit(0, uri(here)))], [true, false]],
    [
      'those that name another place',
      [explicit(0, explicit(0, uri('http://crl.example.test/2.crl')))],
      [false, false],
    ],
  ] as const)('%s', async (_, parts, expected) => {
    const { scope } = readList(
      await listDer(issuer, parts.length === 0 ? {} : { extensions: [pointOf(...parts)] }),
    )
    expect([leaf, authority].map((certificate) => speaksOf(scope, certificate))).toEqual(expected)
  })
})

describe('whatever comes', () => {
  it('is read or refused, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const list = readRevocationList(bytes)
        return 'rejected' in list || [...revokedIn(list)].length >= 0
      }),
    )
  })
  it('a good list with octets changed is read or refused, never endlessly', async () => {
    const der = await listDer(issuer, { entries })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }),
        (changes) => {
          const changed = Uint8Array.from(der)
          for (const [at, octet] of changes) changed[at] = octet
          const list = readRevocationList(changed)
          // An entry takes seven octets at least, and the last may be a refusal.
          return 'rejected' in list || [...revokedIn(list)].length <= der.length / 7 + 1
        },
      ),
    )
  })
  it('what was written is what is read', async () => {
    const entry = fc.record({
      serial: fc.bigInt({ min: 1n, max: 2n ** 159n }).map((n) => n.toString(16).replace(/^(?=(..)*.$)/, '0')),
      at: fc.integer({ min: 0, max: 4_000_000_000 }).map(instant),
      reason: fc.option(fc.constantFrom(1, 3, 4, 5), { nil: undefined }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 12 }), async (wanted: readonly Revoked[]) => {
        const der = await listDer(issuer, {
          entries: wanted.map(({ serial, at, reason }) =>
            entryDer({ serial, at, ...(reason === undefined ? {} : { reason }) }),
          ),
        })
        expect(all(der)).toEqual(wanted)
      }),
      { numRuns: 30 },
    )
  })
})
