import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/protocol/pki/certificate.ts'
import { isStrong, type PublicKey, verifySigned } from '../../../src/protocol/pki/signature.ts'
import {
  bits,
  type Der,
  element,
  explicit,
  integer,
  joined,
  NULL,
  oid,
  sequence,
} from '../../../src/sandbox/authority/der-writer.ts'
import { type Keys, pkcs8Of } from '../../../src/sandbox/authority/keys.ts'
import { certified, ecdsa, type Made, type SignatureScheme } from '../../actors/authorities.ts'

type Length = 256 | 384 | 512
const HASH = {
  256: oid('2.16.840.1.101.3.4.2.1'),
  384: oid('2.16.840.1.101.3.4.2.2'),
  512: oid('2.16.840.1.101.3.4.2.3'),
}
const SALT = { 256: 32, 384: 48, 512: 64 }

async function pair(parameters: SubtleCryptoGenerateKeyAlgorithm): Promise<Keys> {
  const made = await crypto.subtle.generateKey(parameters, true, ['sign', 'verify'])
  if (!('privateKey' in made)) throw new Error('a pair')
  const spki = await crypto.subtle.exportKey('spki', made.publicKey)
  if (!(spki instanceof ArrayBuffer)) throw new Error('bytes')
  return { privateKey: made.privateKey, publicKey: new Uint8Array(spki) }
}
const rsa = (modulusLength: number) =>
  pair({
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  })

const rsaScheme = (
  identifier: Der,
  hash: string,
  signing: { name: string; saltLength?: number },
): SignatureScheme => ({
  identifier,
  sign: async (key, bytes) => {
    const { name } = signing
    const own = await crypto.subtle.importKey('pkcs8', await pkcs8Of(key), { name, hash }, false, ['sign'])
    return new Uint8Array(await crypto.subtle.sign(signing, own, bytes))
  },
})
const pkcs1 = (number: number, hash: string, parameters: Uint8Array = NULL) =>
  rsaScheme(sequence(oid(`1.2.840.113549.1.1.${number}`), parameters), hash, { name: 'RSASSA-PKCS1-v1_5' })

/** RFC 4055 §3.1, with what is said in the place of what it should be. */
function pss(length: Length, other: { mask?: Length; salt?: number; saltSaid?: number; trailer?: Der } = {}) {
  const { mask = length, salt = SALT[length], saltSaid = salt, trailer } = other
  const parameters = sequence(
    explicit(0, sequence(HASH[length], NULL)),
    explicit(1, sequence(oid('1.2.840.113549.1.1.8'), sequence(HASH[mask], NULL))),
    explicit(2, integer(saltSaid)),
    ...(trailer === undefined ? [] : [explicit(3, trailer)]),
  )
  return rsaScheme(sequence(oid('1.2.840.113549.1.1.10'), parameters), `SHA-${length}`, {
    name: 'RSA-PSS',
    saltLength: salt,
  })
}

const curve = (namedCurve: string) => pair({ name: 'ECDSA', namedCurve })
const rsa2048 = rsa(2048)

/** What is found of a certificate that signed itself, read back from its DER. */
async function found(made: Made) {
  const read = readCertificate((await certified(undefined, made)).der)
  if (read === undefined) throw new Error('a certificate')
  const good = await verifySigned(read.signed, read.publicKey)
  const altered = await verifySigned({ ...read.signed, bytes: read.der }, read.publicKey)
  return { good, altered }
}

describe('grants the signatures of the table, and sees another text', () => {
  it.each([
    ['RFC 4055 §5: RSA with SHA-256', pkcs1(11, 'SHA-256')],
    ['RFC 4055 §5: RSA with SHA-384', pkcs1(12, 'SHA-384')],
    ['RFC 4055 §5: RSA with SHA-512', pkcs1(13, 'SHA-512')],
    ['RFC 4055 §5: parameters left out', pkcs1(11, 'SHA-256', new Uint8Array())],
    ['RFC 4055 §3.1: PSS with SHA-256', pss(256)],
    ['RFC 4055 §3.1: PSS with SHA-384', pss(384)],
    ['RFC 4055 §3.1: PSS with SHA-512', pss(512)],
    ['RFC 4055 §3.1: PSS with its trailer written', pss(256, { trailer: integer(1) })],
  ])('%s', async (_, scheme) => {
    expect(await found({ keys: await rsa2048, scheme })).toEqual({ good: 'good', altered: 'broken' })
  })

  it.each([
    ['P-256', 256, 32],
    ['P-256', 512, 32],
    ['P-384', 384, 48],
    ['P-384', 256, 48],
    ['P-521', 512, 66],
  ] as const)('RFC 5758 §3.2: ECDSA on %s with SHA-%d', async (namedCurve, length, octets) => {
    expect(await found({ keys: await curve(namedCurve), scheme: ecdsa(length, octets) })).toEqual({
      good: 'good',
      altered: 'broken',
    })
  })
})

describe('refuses what is not in the table', () => {
  const unsupported = { good: 'unsupported', altered: 'unsupported' }
  it.each([
    ['RFC 6194 §3: SHA-1', pkcs1(5, 'SHA-1')],
    ['RFC 6151 §2: MD5', pkcs1(4, 'SHA-256')],
    ['RFC 4055 §5: parameters that are not NULL', pkcs1(11, 'SHA-256', integer(1))],
    ['RFC 4055 §3.1: a mask of another digest', pss(256, { mask: 512 })],
    ['RFC 4055 §3.1: a salt of another length', pss(256, { salt: 20 })],
    ['RFC 4055 §3.1: another trailer', pss(256, { trailer: integer(2) })],
    [
      'RFC 4055 §3.1: PSS by default, which is SHA-1',
      rsaScheme(sequence(oid('1.2.840.113549.1.1.10'), sequence()), 'SHA-1', {
        name: 'RSA-PSS',
        saltLength: 20,
      }),
    ],
    ['ECDSA by a key of RSA', { ...pkcs1(11, 'SHA-256'), identifier: sequence(oid('1.2.840.10045.4.3.2')) }],
    ['what has no name', { ...pkcs1(11, 'SHA-256'), identifier: sequence(NULL) }],
  ])('%s', async (_, scheme) => {
    expect(await found({ keys: await rsa2048, scheme })).toEqual(unsupported)
  })

  it('RFC 5758 §3.2: parameters of ECDSA', async () => {
    const scheme = { ...ecdsa(), identifier: sequence(oid('1.2.840.10045.4.3.2'), NULL) }
    expect(await found({ scheme })).toEqual(unsupported)
  })
  it('RSA by a key of a curve', async () => {
    expect(await found({ scheme: { ...ecdsa(), identifier: pkcs1(11, 'SHA-256').identifier } })).toEqual(
      unsupported,
    )
  })
  it('SP 800-57 §5.6.1: RSA of 1024 bits', async () => {
    expect(await found({ keys: await rsa(1024), scheme: pkcs1(11, 'SHA-256') })).toEqual(unsupported)
  })
})

describe('RFC 3279 §2.2.3: the two numbers of an ECDSA signature', () => {
  const good = certified(undefined, {})
  const parts = async () => {
    const read = readCertificate((await good).der)
    if (read === undefined) throw new Error('a certificate')
    return { ...read.signed, key: read.publicKey }
  }
  const altered: readonly (readonly [string, (signature: Uint8Array) => Uint8Array])[] = [
    ['nothing', () => new Uint8Array()],
    ['the two side by side', () => new Uint8Array(64)],
    ['one of them', (signature: Uint8Array) => sequence(signature.subarray(2, 2 + 2 + (signature[3] ?? 0)))],
    ['a third', (signature: Uint8Array) => sequence(signature.subarray(2), integer(1))],
    ['more behind them', (signature: Uint8Array) => joined([signature, NULL])],
    ['negative ones', () => sequence(element(0x02, Uint8Array.of(0x80)), element(0x02, Uint8Array.of(0x80)))],
    ['longer ones than need be', () => sequence(element(0x02, Uint8Array.of(0, 1)), integer(1))],
    ['zeros', () => sequence(integer(0), integer(0))],
    ['larger ones than the curve', () => sequence(integer('7f'.repeat(40)), integer(1))],
  ]
  it.each(altered)('refuses %s', async (_, alter) => {
    const { key, ...signed } = await parts()
    expect(await verifySigned(signed, key)).toBe('good')
    expect(await verifySigned({ ...signed, signature: alter(signed.signature) }, key)).toBe('broken')
  })
})

describe('a key counts', () => {
  const spki = (identifier: Uint8Array, content: Uint8Array): PublicKey => ({
    der: sequence(identifier, bits(content)),
    bits: content,
  })
  const RSA = sequence(oid('1.2.840.113549.1.1.1'), NULL)
  const modulus = (octets: number) => integer(`c1${'5b'.repeat(octets - 1)}`)
  const point = (octets: number, form = 4) => Uint8Array.from([form, ...Array<number>(octets).fill(7)])
  const EC = oid('1.2.840.10045.2.1')
  const P256 = oid('1.2.840.10045.3.1.7')

  it.each([
    ['RSA of 2048 bits', spki(RSA, sequence(modulus(256), integer(65537))), true],
    ['RSA of 8192 bits', spki(RSA, sequence(modulus(1024), integer(65537))), true],
    ['P-256 by its name', spki(sequence(EC, P256), point(64)), true],
    ['RSA of 2040 bits', spki(RSA, sequence(modulus(255), integer(65537))), false],
    ['RSA that takes long', spki(RSA, sequence(modulus(1025), integer(65537))), false],
    ['FIPS 186-5 §5.1: a small exponent', spki(RSA, sequence(modulus(256), integer(3))), false],
    ['an even exponent', spki(RSA, sequence(modulus(256), integer(65538))), false],
    [
      'RSA without its NULL',
      spki(sequence(oid('1.2.840.113549.1.1.1')), sequence(modulus(256), integer(65537))),
      false,
    ],
    ['RSA with a third number', spki(RSA, sequence(modulus(256), integer(65537), integer(1))), false],
    ['RFC 5480 §2.2: a compressed point', spki(sequence(EC, P256), point(32, 2)), false],
    ['a point cut short', spki(sequence(EC, P256), point(63)), false],
    ['RFC 5480 §2.1.1: a curve described', spki(sequence(EC, sequence(integer(1))), point(64)), false],
    ['brainpoolP256r1', spki(sequence(EC, oid('1.3.36.3.3.2.8.1.1.7')), point(64)), false],
    ['Ed25519', spki(sequence(oid('1.3.101.112')), new Uint8Array(32)), false],
    ['what is nothing', spki(new Uint8Array(), new Uint8Array()), false],
  ] as const)('%s: %s', (_, key, counts) => expect(isStrong(key)).toBe(counts))

  it('and a point beside its curve verifies nothing', async () => {
    const read = readCertificate((await certified(undefined, {})).der)
    const key = spki(sequence(EC, P256), point(64))
    expect(read === undefined ? '' : await verifySigned(read.signed, key)).toBe('unsupported')
  })
})
