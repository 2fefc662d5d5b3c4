import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/protocol/pki/certificate.ts'
import {
  bits,
  boolean,
  type Der,
  element,
  explicit,
  implicit,
  integer,
  joined,
  NULL,
  octets,
  oid,
  sequence,
  text,
  time,
} from '../../../src/sandbox/authority/der-writer.ts'
import {
  authorityInfoAccess,
  authorityKeyId,
  basicConstraints,
  certificatePolicies,
  crlDistributionPoints,
  extendedKeyUsage,
  keyUsage,
  subjectKeyId,
  userPrincipalName,
} from '../../../src/sandbox/authority/extensions.ts'
import { extensionsDer, type IssuedExtension, nameDer } from '../../../src/sandbox/authority/issue.ts'
import { certified, NOW, nameOf } from '../../actors/authorities.ts'

const ascii = (value: string) => new TextEncoder().encode(value)
const utc = (value: string) => element(0x17, ascii(value))
const generalized = (value: string) => element(0x18, ascii(value))
const ECDSA = sequence(oid('1.2.840.10045.4.3.2'))
const SPKI = sequence(
  sequence(oid('1.2.840.10045.2.1'), oid('1.2.840.10045.3.1.7')),
  bits(new Uint8Array(65)),
)
const SIGNATURE = bits(new Uint8Array(8))
const NAME = nameDer(nameOf('feuille'))

/** A certificate of these fields; nothing signed it, which is not what is looked at here. */
interface Fields {
  version?: readonly Uint8Array[]
  serial?: Uint8Array
  issuer?: Uint8Array
  start?: Uint8Array
  end?: Uint8Array
  subject?: Uint8Array
  spki?: Uint8Array
  tail?: readonly Uint8Array[]
}
const written = (fields: Fields = {}): Der =>
  sequence(
    sequence(
      ...(fields.version ?? [explicit(0, integer(2))]),
      fields.serial ?? integer(7),
      ECDSA,
      fields.issuer ?? NAME,
      sequence(fields.start ?? time(NOW), fields.end ?? time(NOW + 1000)),
      fields.subject ?? NAME,
      fields.spki ?? SPKI,
      ...(fields.tail ?? []),
    ),
    ECDSA,
    SIGNATURE,
  )
const extended = (...extensions: readonly IssuedExtension[]): Der =>
  written({ tail: [explicit(3, extensionsDer(extensions))] })
const headerOf = (der: Uint8Array) => ((der[1] ?? 0) < 0x80 ? 2 : 2 + ((der[1] ?? 0) & 0x7f))
const odd = (of: IssuedExtension, value: Uint8Array): Der => extended({ ...of, value })
const set = (...parts: readonly Uint8Array[]) => element(0x31, ...parts)
const attribute = (type: string, value: Uint8Array) => sequence(oid(type), value)
const CN = '2.5.4.3'

describe('reads', () => {
  it('everything that the extensions say', () => {
    const read = readCertificate(
      extended(
        basicConstraints(true, 3),
        keyUsage('digitalSignature', 'keyCertSign', 'cRLSign'),
        extendedKeyUsage('1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.20.2.2'),
        certificatePolicies('1.2.250.1.213.1.7.2.1.1.1.1'),
        subjectKeyId('0a0b'),
        authorityKeyId('0c0d'),
        userPrincipalName('899700075064@carte-cps.fr'),
        crlDistributionPoints('http://crl.example.test/a.crl', 'ldap://example.test/a'),
        authorityInfoAccess({ ocsp: 'http://ocsp.example.test', caIssuers: 'http://example.test/a.cer' }),
      ),
    )
    expect(read).toMatchObject({
      serial: '07',
      isAuthority: true,
      pathLength: 3,
      keyUsage: new Set(['digitalSignature', 'keyCertSign', 'cRLSign']),
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.311.20.2.2'],
      policies: ['1.2.250.1.213.1.7.2.1.1.1.1'],
      subjectKeyId: '0a0b',
      authorityKeyId: '0c0d',
      upn: '899700075064@carte-cps.fr',
      crlDistributionPoints: ['http://crl.example.test/a.crl', 'ldap://example.test/a'],
      ocsp: ['http://ocsp.example.test'],
      caIssuers: ['http://example.test/a.cer'],
    })
    expect(read?.issuerDer).toEqual(new Uint8Array(NAME))
    expect(read?.extensions.get('2.5.29.15')?.critical).toBe(true)
  })

  it.each([
    ['a small one', integer(1), '01'],
    ['one with a sign octet', integer('80ff'), '80ff'],
    ['of twenty octets', integer(`7f${'00'.repeat(19)}`), `7f${'00'.repeat(19)}`],
    ['of twenty octets and the one for the sign', integer('ff'.repeat(20)), 'ff'.repeat(20)],
    ['zero, which old roots have', integer(0), '00'],
  ])('§4.1.2.2: a serial number, %s', (_, serial, hex) => {
    expect(readCertificate(written({ serial }))?.serial).toBe(hex)
  })

  it.each([
    ['UTF8String', text('Éloïse d’Hérouville'), 'Éloïse d’Hérouville'],
    ['an apostrophe', text("D'ALMÉIDA"), "D'ALMÉIDA"],
    ['PrintableString', text('DUPONT', 'printable'), 'DUPONT'],
    ['BMPString', text('Éloïse', 'bmp'), 'Éloïse'],
    ['TeletexString', element(0x14, Uint8Array.of(0xc9, 0x6c)), 'Él'],
    ['a zero octet, as it is', text('a\0b'), 'a\0b'],
    ['BMPString of half a pair', element(0x1e, Uint8Array.of(0xd8, 0)), undefined],
    ['BMPString of odd length', element(0x1e, Uint8Array.of(0)), undefined],
    ['what is no UTF-8', element(0x0c, Uint8Array.of(0xc3)), undefined],
    ['PrintableString with high octets', element(0x13, Uint8Array.of(0xc9)), undefined],
    ['UniversalString', element(0x1c, Uint8Array.of(0, 0, 0, 65)), undefined],
    ['what is no text', integer(5), undefined],
  ])('§4.1.2.4: a name in %s', (_, value, expected) => {
    const read = readCertificate(written({ subject: sequence(set(attribute(CN, value))) }))
    expect(read?.subjectParts[0]?.[0]?.text).toBe(expected)
    expect(read?.subject).toHaveLength(1)
  })

  it('§7.1: the parts of a relative name in any order, and each where it stands', () => {
    const parts = [
      attribute('2.5.4.4', text('B')),
      attribute(CN, text('A')),
      attribute('2.5.4.42', text('C')),
    ]
    const names = [parts, parts.toReversed()].map((some) =>
      readCertificate(written({ subject: sequence(set(...some)) })),
    )
    expect(names[0]?.subject).toEqual(names[1]?.subject)
    expect(names[1]?.subjectParts[0]?.map((one) => one.text)).toEqual(['C', 'A', 'B'])
  })

  it('X.690 §11.5: a default that is written out', () => {
    const tail = [
      explicit(3, sequence(sequence(oid('2.5.29.14'), boolean(false), octets(octets(Uint8Array.of(1)))))),
    ]
    expect(readCertificate(written({ tail }))?.extensions.get('2.5.29.14')?.critical).toBe(false)
    expect(readCertificate(odd(basicConstraints(true), sequence(boolean(false))))?.isAuthority).toBe(false)
  })

  it.each([
    [
      'of some reasons only',
      sequence(
        sequence(
          explicit(0, explicit(0, implicit(6, ascii('http://a.test')))),
          implicit(1, Uint8Array.of(6, 0x40)),
        ),
      ),
    ],
    [
      'of another issuer',
      sequence(
        sequence(
          explicit(0, explicit(0, implicit(6, ascii('http://a.test')))),
          explicit(2, explicit(4, NAME)),
        ),
      ),
    ],
    ['relative to its issuer', sequence(sequence(explicit(0, explicit(1, attribute(CN, text('a'))))))],
  ])('§4.2.1.13: no list %s', (_, value) => {
    const read = readCertificate(odd(crlDistributionPoints('http://a.test'), value))
    expect(read?.crlDistributionPoints).toEqual([])
  })

  it('an other name that is no principal', () => {
    const value = sequence(explicit(0, oid('1.2.3'), explicit(0, NULL)), implicit(2, ascii('a.test')))
    expect(readCertificate(odd(userPrincipalName(''), value))).toMatchObject({
      upn: undefined,
      dns: ['a.test'],
    })
  })
})

describe('refuses', () => {
  const GOOD = written()
  const TBS = GOOD.subarray(headerOf(GOOD), GOOD.length - ECDSA.length - SIGNATURE.length)
  const PIECES = [TBS, ECDSA, SIGNATURE]
  const BODY = joined(PIECES)
  const rows: readonly (readonly [string, Uint8Array])[] = [
    ['more behind it', joined([GOOD, NULL])],
    ['one cut short', GOOD.subarray(0, GOOD.length - 1)],
    [
      'a length that is longer than need be',
      joined([Uint8Array.of(0x30, 0x83, 0, BODY.length >> 8, BODY.length & 255), BODY]),
    ],
    ['an indefinite length', joined([Uint8Array.of(0x30, 0x80), ...PIECES, Uint8Array.of(0, 0)])],
    ['a signature of seven bits', sequence(TBS, ECDSA, bits(Uint8Array.of(0x80), 1))],
    ['version 1 that is written', written({ version: [explicit(0, integer(0))] })],
    ['version 4', written({ version: [explicit(0, integer(3))] })],
    ['two versions', written({ version: [explicit(0, integer(2)), explicit(0, integer(2))] })],
    [
      'extensions of version 2',
      written({ version: [explicit(0, integer(1))], tail: [explicit(3, sequence())] }),
    ],
    ['§4.1.2.2: a negative serial number', written({ serial: element(0x02, Uint8Array.of(0x80)) })],
    ['§4.1.2.2: one of twenty-one octets', written({ serial: integer('11'.repeat(21)) })],
    ['§4.1.2.2: one longer than need be', written({ serial: element(0x02, Uint8Array.of(0, 1)) })],
    ['§4.1.2.2: an empty one', written({ serial: element(0x02) })],
    ['§4.1.2.2: one that is a text', written({ serial: text('1') })],
    ['§4.1.2.5.1: a time without seconds', written({ start: utc('2611220000Z') })],
    ['§4.1.2.5.1: a time of a zone', written({ start: utc('261122000000+0100') })],
    ['§4.1.2.5: a year before 2050 in four digits', written({ start: generalized('20261122000000Z') })],
    ['§4.1.2.5.2: parts of a second', written({ end: generalized('20511122000000.5Z') })],
    ['a 30th of February', written({ start: utc('260230000000Z') })],
    ['a 13th month', written({ start: utc('261322000000Z') })],
    ['a 24th hour', written({ start: utc('261122240000Z') })],
    ['a leap second', written({ start: utc('261122235960Z') })],
    ['a time that is a text', written({ start: text('261122000000Z') })],
    ['a third time', written({ end: joined([time(NOW), time(NOW)]) })],
    ['a relative name of nothing', written({ subject: sequence(set()) })],
    ['a name that is a text', written({ subject: text('a') })],
    ['an attribute without a value', written({ subject: sequence(set(sequence(oid(CN)))) })],
    [
      'an attribute of two values',
      written({ subject: sequence(set(sequence(oid(CN), text('a'), text('b')))) }),
    ],
    ['an attribute without a type', written({ subject: sequence(set(sequence(text('a'), text('b')))) })],
    ['a key that is none', written({ spki: sequence(oid('1.2.3')) })],
    [
      'a key of seven bits',
      written({ spki: sequence(sequence(oid('1.2.3')), bits(Uint8Array.of(0x80), 1)) }),
    ],
    [
      'identifiers after extensions',
      written({
        tail: [explicit(3, extensionsDer([keyUsage('cRLSign')])), implicit(1, Uint8Array.of(0, 1))],
      }),
    ],
    [
      'two sets of extensions',
      written({
        tail: [extensionsDer([keyUsage('cRLSign')]), extensionsDer([keyUsage('cRLSign')])].map((one) =>
          explicit(3, one),
        ),
      }),
    ],
    ['no extension in the extensions', extended()],
    [
      'two lists in one set of extensions',
      written({ tail: [explicit(3, ...[1, 2].map(() => extensionsDer([keyUsage('cRLSign')])))] }),
    ],
    ['§4.2: one extension twice', extended(keyUsage('digitalSignature'), keyUsage('digitalSignature'))],
    [
      '§4.2: one that we do not know twice',
      extended(...[1, 2].map((value) => ({ oid: '1.2.3', critical: false, value: integer(value) }))),
    ],
    [
      'an extension that is a text',
      written({ tail: [explicit(3, sequence(sequence(oid('1.2.3'), text('a'))))] }),
    ],
    [
      'critical, but neither true nor false',
      written({
        tail: [explicit(3, sequence(sequence(oid('1.2.3'), element(0x01, Uint8Array.of(1)), octets(NULL))))],
      }),
    ],
    ['§4.2.1.1: an empty key identifier', odd(authorityKeyId('01'), sequence(implicit(0, new Uint8Array())))],
    [
      '§4.2.1.1: fields out of order',
      odd(authorityKeyId('01'), sequence(implicit(2, Uint8Array.of(1)), implicit(0, Uint8Array.of(1)))),
    ],
    [
      '§4.2.1.2: an identifier with more behind it',
      odd(subjectKeyId('01'), joined([octets(Uint8Array.of(1)), NULL])),
    ],
    ['§4.2.1.3: no use of the key', odd(keyUsage('cRLSign'), bits(Uint8Array.of(0)))],
    ['§4.2.1.3: a use in the bits that are unused', odd(keyUsage('cRLSign'), bits(Uint8Array.of(0x81), 7))],
    ['§4.2.1.3: endless uses', odd(keyUsage('cRLSign'), bits(new Uint8Array(900).fill(255)))],
    ['§4.2.1.4: one policy twice', extended(certificatePolicies('1.2.3', '1.2.3'))],
    ['§4.2.1.4: no policy', odd(certificatePolicies('1.2.3'), sequence())],
    ['§4.2.1.6: no alternative name', odd(userPrincipalName(''), sequence())],
    [
      '§4.2.1.6: two principals',
      odd(userPrincipalName(''), joined([userPrincipalName('a').value, userPrincipalName('b').value])),
    ],
    [
      '§4.2.1.6: two principals in one',
      odd(
        userPrincipalName(''),
        sequence(
          ...['a', 'b'].map((name) => explicit(0, oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, text(name)))),
        ),
      ),
    ],
    [
      '§4.2.1.6: a principal that is no text',
      odd(userPrincipalName(''), sequence(explicit(0, oid('1.3.6.1.4.1.311.20.2.3'), explicit(0, NULL)))),
    ],
    ['§4.2.1.9: a path length of who is no authority', odd(basicConstraints(true), sequence(integer(1)))],
    [
      '§4.2.1.9: a negative path length',
      odd(basicConstraints(true), sequence(boolean(true), element(0x02, Uint8Array.of(0xff)))),
    ],
    ['§4.2.1.12: no purpose', odd(extendedKeyUsage('1.2.3'), sequence())],
    ['§4.2.1.12: a purpose that is a text', odd(extendedKeyUsage('1.2.3'), sequence(text('a')))],
    ['§4.2.1.13: no point', odd(crlDistributionPoints('a'), sequence())],
    [
      '§4.2.2.1: a place without a method',
      odd(authorityInfoAccess({ ocsp: 'a' }), sequence(sequence(text('a')))),
    ],
  ]
  it('none of the good ones', () => {
    expect(readCertificate(GOOD)).toBeDefined()
    expect(readCertificate(sequence(...PIECES))).toBeDefined()
    expect(readCertificate(extended(keyUsage('cRLSign')))).toBeDefined()
  })
  it.each(rows)('%s', (_, der) => expect(readCertificate(der)).toBeUndefined())
})

describe('never throws', () => {
  it('whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(readCertificate(bytes)).toBeUndefined()
      }),
    )
  })
  it('whatever stands in the place of one field or of an extension', () => {
    const value = fc.uint8Array({ maxLength: 40 })
    const tag = fc.constantFrom(
      0x01,
      0x02,
      0x03,
      0x04,
      0x05,
      0x06,
      0x0c,
      0x17,
      0x18,
      0x1e,
      0x30,
      0x31,
      0x80,
      0xa0,
      0xa3,
    )
    const piece = fc.tuple(tag, value).map(([one, content]) => element(one, content))
    const field = fc.constantFrom('serial', 'issuer', 'start', 'end', 'subject', 'spki')
    const types = [
      '2.5.29.14',
      '2.5.29.15',
      '2.5.29.17',
      '2.5.29.19',
      '2.5.29.31',
      '2.5.29.32',
      '2.5.29.35',
      '2.5.29.37',
      '1.3.6.1.5.5.7.1.1',
    ]
    fc.assert(
      fc.property(field, fc.constantFrom(...types), piece, value, (name, type, inner, bytes) => {
        expect(() => {
          readCertificate(written({ [name]: inner }))
          readCertificate(extended({ oid: type, critical: true, value: inner }))
          readCertificate(extended({ oid: type, critical: true, value: bytes }))
          readCertificate(extended({ oid: type, critical: true, value: sequence(inner, inner) }))
        }).not.toThrow()
      }),
      { numRuns: 500 },
    )
  })
})

describe('costs what its length does', () => {
  /** Counts how often an octet is looked at, through every part that is cut from these. */
  function counted(bytes: Uint8Array) {
    const count = { octets: 0 }
    const wrap = (target: Uint8Array): Uint8Array =>
      new Proxy(target, {
        get(_, property) {
          if (property === 'length') return target.length
          if (property === 'subarray') return (from: number, to: number) => wrap(target.subarray(from, to))
          const value: unknown = Reflect.get(target, property, target)
          if (typeof value !== 'function') {
            count.octets += 1
            return value
          }
          count.octets += target.length
          return value.bind(target)
        },
      })
    return { bytes: wrap(bytes), count }
  }
  const times = <Item>(number: number, item: (at: number) => Item) =>
    Array.from({ length: number }, (_, at) => item(at))

  const shapes: readonly (readonly [string, (size: number) => Uint8Array])[] = [
    [
      'extensions',
      (n) => extended(...times(n, (at) => ({ oid: `1.2.${at}`, critical: false, value: NULL }))),
    ],
    [
      'relative names',
      (n) => written({ subject: sequence(...times(n, () => set(attribute(CN, text('a'))))) }),
    ],
    [
      'parts of one name',
      (n) => written({ subject: sequence(set(...times(n, (at) => attribute(CN, text(`${at}`))))) }),
    ],
    [
      'alternative names',
      (n) => odd(userPrincipalName(''), sequence(...times(n, () => implicit(2, ascii('a.test'))))),
    ],
    ['policies', (n) => extended(certificatePolicies(...times(n, (at) => `1.2.${at}`)))],
    ['purposes', (n) => extended(extendedKeyUsage(...times(n, (at) => `1.2.${at}`)))],
    ['a long name', (n) => written({ subject: sequence(set(attribute(CN, text('é'.repeat(n * 5))))) })],
    [
      'a deep one',
      (n) =>
        written({
          subject: sequence(
            set(
              attribute(
                CN,
                times(n, () => 0).reduce((inner) => sequence(inner), NULL),
              ),
            ),
          ),
        }),
    ],
  ]
  it.each(shapes)('%s', (_, make) => {
    const cost = (size: number) => {
      const der = make(size)
      const { bytes, count } = counted(der)
      expect(readCertificate(bytes)).toBeDefined()
      return { length: der.length, octets: count.octets }
    }
    const [small, large] = [cost(200), cost(800)]
    expect(large.length).toBeGreaterThan(small.length * 2)
    const perOctet = (one: typeof small) => one.octets / one.length
    expect(perOctet(large)).toBeLessThan(perOctet(small) * 1.2)
    expect(perOctet(large)).toBeLessThan(12)
  })
})

describe('§4.1.1.3: what the signature covers', () => {
  it('is read back as it was signed', async () => {
    const { der } = await certified(undefined, {})
    const read = readCertificate(der)
    expect(read?.der).toEqual(der)
    expect(read?.signed.algorithm).toEqual(read?.signed.inner)
    expect(der.subarray(4, 4 + (read?.signed.bytes.length ?? 0))).toEqual(read?.signed.bytes)
  })
})
