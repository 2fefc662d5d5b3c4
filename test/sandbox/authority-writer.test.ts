import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elements, inside, objectIdentifier, TAG, textOf } from '../../src/protocol/pki/der.ts'
import {
  bytesOfHex,
  element,
  hexOf,
  integer,
  joined,
  oid,
  set,
  text,
  time,
} from '../../src/sandbox/authority/der-writer.ts'
import { keyUsage } from '../../src/sandbox/authority/extensions.ts'
import { keyBits, keyIdOf } from '../../src/sandbox/authority/issue.ts'
import { curveKeys } from '../../src/sandbox/authority/keys.ts'
import { readQuestion } from '../../src/sandbox/authority/ocsp-responder.ts'

describe('DER as it is written (X.690 §10)', () => {
  it.each([
    ['0', '020100'],
    ['7f', '02017f'],
    // X.690 §8.3.3: the highest bit is the sign.
    ['80', '02020080'],
    ['00ff', '020200ff'],
    ['0000', '020100'],
  ])('INTEGER %s', (hex, der) => {
    expect(hexOf(integer(hex))).toBe(der)
  })

  it.each([
    [0x7f, '7f'],
    [0x80, '8180'],
    [0x100, '820100'],
    [0x10000, '83010000'],
  ])('a length of %i', (length, written) => {
    expect(hexOf(element(0x04, new Uint8Array(length))).slice(2, 2 + written.length)).toBe(written)
  })

  it.each([
    // Sat, 1 Jan 2050 is the first that UTCTime cannot say (RFC 5280 §4.1.2.5).
    [Date.UTC(2049, 11, 31, 23, 59, 59) / 1000, '170d3439313233313233353935395a'],
    [Date.UTC(2050, 0, 1) / 1000, '180f32303530303130313030303030305a'],
  ])('the time %i', (at, der) => {
    expect(hexOf(time(at))).toBe(der)
  })

  it('SET OF in ascending order of encodings, whatever the order given (X.690 §11.6)', () => {
    const [short, long] = [text('b'), text('aa')]
    expect(hexOf(set(long, short))).toBe(hexOf(set(short, long)))
    expect(hexOf(set(long, short)).slice(4)).toBe(hexOf(joined([short, long])))
  })

  it('key usage without trailing zero bits (X.690 §11.2.2)', () => {
    expect(hexOf(keyUsage('digitalSignature').value)).toBe('03020780')
    expect(hexOf(keyUsage('keyCertSign', 'cRLSign').value)).toBe('03020106')
  })

  it('is what the application reads', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 2 ** 31 }), { minLength: 1, maxLength: 8 }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        (arcs, words) => {
          const dotted = ['1', '2', ...arcs].join('.')
          const [sequence] = elements(element(TAG.sequence, oid(dotted), text(words))) ?? []
          const [type, value] = inside(sequence, TAG.sequence) ?? []
          expect(objectIdentifier(type)).toBe(dotted)
          expect(value === undefined ? undefined : textOf(value)).toBe(words)
        },
      ),
    )
  })

  it('names a key by the SHA-1 of its bits (RFC 5280 §4.2.1.2)', async () => {
    const { publicKey } = await curveKeys()
    // An uncompressed point of P-256 (RFC 5480 §2.2).
    const bits = keyBits(publicKey)
    expect([bits.length, bits[0]]).toEqual([65, 4])
    expect(await keyIdOf(publicKey)).toBe(hexOf(new Uint8Array(await crypto.subtle.digest('SHA-1', bits))))
  })

  it('a list has more entries than a call may have arguments', () => {
    const entry = integer(1)
    const parts = Array.from({ length: 200_000 }, () => entry)
    expect(joined(parts).length).toBe(200_000 * entry.length)
  })
})

describe('a question about certificates (RFC 6960 §4.1)', () => {
  it('is refused, never thrown at, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const read = readQuestion(bytes)
        expect(read === undefined || Array.isArray(read.asked)).toBe(true)
      }),
    )
  })

  it('however deep', () => {
    expect(readQuestion(bytesOfHex('3080'.repeat(4000)))).toBeUndefined()
  })
})
