import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../src/protocol/pki/certificate.ts'
import { elements, objectIdentifier } from '../../../src/protocol/pki/der.ts'
import { parseName, sameName } from '../../../src/protocol/pki/distinguished-name.ts'
import { CLIENT, EXPIRED, MULTI_VALUED, SELF_SIGNED } from '../../actors/certificates.ts'

const bytes = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
const octets = (...values: number[]) => new Uint8Array(values)

describe('RFC 5280 §4.1: a certificate', () => {
  it('its subject, its validity and its alternative names', () => {
    const read = readCertificate(bytes(CLIENT))
    expect(read).toMatchObject({
      notBefore: Date.UTC(2020, 0, 1) / 1000,
      // §4.1.2.5: after 2049 as GeneralizedTime.
      notAfter: Date.UTC(2099, 11, 31, 23, 59, 59) / 1000,
      subject: [
        ['2.5.4.6=fr'],
        ['2.5.4.10=clinique, des essais'],
        ['2.5.4.11=système d’information'],
        ['2.5.4.3=dossier.example.test'],
      ],
      dns: ['dossier.example.test'],
      uri: ['https://dossier.example.test/client'],
      email: ['equipe@Dossier.example.test'],
    })
    expect(read?.ip.map((address) => address.length)).toEqual([4, 16])
  })
  it('one without extensions, and an old one', () => {
    expect(readCertificate(bytes(SELF_SIGNED))).toMatchObject({ subject: [['2.5.4.3=seule']], dns: [] })
    expect(readCertificate(bytes(EXPIRED))?.notAfter).toBe(Date.UTC(2021, 0, 1) / 1000)
  })
  it.each([
    ['nothing', octets()],
    ['a text', new TextEncoder().encode('-----BEGIN CERTIFICATE-----')],
    ['one cut short', bytes(CLIENT).slice(0, -1)],
    ['one with more behind it', octets(...bytes(CLIENT), 0x05, 0x00)],
    ['an empty sequence', octets(0x30, 0x00)],
    ['what is beyond reason', new Uint8Array(20_000)],
  ])('refuses %s', (_, der) => expect(readCertificate(der)).toBeUndefined())
})

describe('RFC 4514: names as people write them', () => {
  const subject = readCertificate(bytes(CLIENT))?.subject ?? []
  const multi = readCertificate(bytes(MULTI_VALUED))?.subject ?? []
  const same = (name: typeof subject, text: string) => {
    const parsed = parseName(text)
    return parsed !== undefined && sameName(name, parsed)
  }

  it.each([
    ['§2', 'CN=dossier.example.test,OU=Système d’information,O=Clinique\\, des Essais,C=FR'],
    [
      'as openssl prints it',
      'CN=dossier.example.test,OU=Syst\\C3\\A8me d\\E2\\80\\99information,O=Clinique\\, des Essais,C=FR',
    ],
    [
      'RFC 2253 §4: blanks and semicolons',
      'CN=dossier.example.test; OU=Système d’information, O=Clinique\\2c des Essais , C = FR',
    ],
    [
      'RFC 5280 §7.1: case and blanks do not count',
      'cn=Dossier.Example.test,ou=SYSTÈME  D’INFORMATION,o=clinique\\, DES essais,c=fr',
    ],
    [
      '§2.3: types as numbers',
      '2.5.4.3=dossier.example.test,2.5.4.11=Système d’information,2.5.4.10=Clinique\\, des Essais,2.5.4.6=FR',
    ],
    [
      '§2.4: a value as its DER',
      'CN=#0c14646f73736965722e6578616d706c652e74657374,OU=Système d’information,O=Clinique\\, des Essais,C=FR',
    ],
  ])('%s: the same name', (_, text) => expect(same(subject, text)).toBe(true))

  it.each([
    ['the parts in any order', 'emailAddress=x@y.test,UID=a b+DC=org,O=Clinique\\, des Essais'],
    ['and as openssl prints them', 'emailAddress=x@y.test,DC=org+UID=a b,O=Clinique\\, des Essais'],
  ])('§2.2: a relative name of two parts, %s', (_, text) => expect(same(multi, text)).toBe(true))

  it.each([
    ['another value', 'CN=dossier2.example.test,OU=Système d’information,O=Clinique\\, des Essais,C=FR'],
    ['a part missing', 'CN=dossier.example.test,O=Clinique\\, des Essais,C=FR'],
    ['a part more', 'CN=dossier.example.test,OU=Système d’information,OU=x,O=Clinique\\, des Essais,C=FR'],
    [
      'the order turned round',
      'C=FR,O=Clinique\\, des Essais,OU=Système d’information,CN=dossier.example.test',
    ],
    [
      'a comma that separates',
      'CN=dossier.example.test,OU=Système d’information,O=Clinique, O=des Essais,C=FR',
    ],
    [
      'another type of the same value',
      'CN=dossier.example.test,OU=Système d’information,L=Clinique\\, des Essais,C=FR',
    ],
    [
      'one relative name instead of two',
      'CN=dossier.example.test+OU=Système d’information,O=Clinique\\, des Essais,C=FR',
    ],
  ])('another name: %s', (_, text) => expect(same(subject, text)).toBe(false))

  it.each([
    ['nothing', ''],
    ['no type', 'dossier'],
    ['an unknown type', 'XY=dossier'],
    ['a type that every object has', 'constructor=dossier'],
    ['another', '__proto__=dossier'],
    ['a bare quote', 'CN="dossier"'],
    ['an escape of nothing', 'CN=dossier\\'],
    ['an escape of a letter', 'CN=dos\\sier'],
    ['octets that are no UTF-8', 'CN=\\C3'],
    ['a hash that is no DER', 'CN=#0c'],
    ['an empty part', 'CN=dossier,,C=FR'],
    ['an endless one', `CN=${'a'.repeat(1100)}`],
  ])('refuses %s', (_, text) => expect(parseName(text)).toBeUndefined())

  it('an empty name equals none, not even itself', () => expect(sameName([], [])).toBe(false))

  it('what was escaped is read back', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 30 }), (value) => {
        const escaped = Array.from(
          new TextEncoder().encode(value),
          (octet) => `\\${octet.toString(16).padStart(2, '0')}`,
        ).join('')
        const once = parseName(`CN=${escaped}`)
        expect(once).toHaveLength(1)
        expect(once?.[0]?.[0]).toBe(
          `2.5.4.3=${value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ')}`,
        )
      }),
    )
  })
})

describe('X.690: elements', () => {
  it.each([
    ['§8.1.3.5: a length longer than needed', octets(0x04, 0x81, 0x01, 0x00)],
    ['§10.1: an indefinite length', octets(0x30, 0x80, 0x00, 0x00)],
    ['a leading zero in the length', octets(0x04, 0x82, 0x00, 0x80)],
    ['a length beyond the end', octets(0x04, 0x05, 0x00)],
    ['a length of five octets', octets(0x04, 0x85, 1, 1, 1, 1, 1)],
    ['§8.1.2.4: a tag of many octets', octets(0x1f, 0x81, 0x01, 0x00)],
    ['half an element', octets(0x04)],
  ])('refuses %s', (_, der) => expect(elements(der)).toBeUndefined())

  it.each([
    ['the first two arcs in one octet', [0x55, 0x04, 0x03], '2.5.4.3'],
    [
      'arcs of several octets',
      [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
      '1.2.840.113549.1.9.1',
    ],
    ['an arc that does not end', [0x55, 0x84], undefined],
    ['an arc that begins with nothing', [0x55, 0x80, 0x01], undefined],
    ['no arc', [], undefined],
  ])('§8.19: %s', (_, content, oid) => {
    const [element] = elements(octets(0x06, content.length, ...content)) ?? []
    expect(objectIdentifier(element)).toBe(oid)
  })

  it('any bytes, and any certificate with one byte changed, are read or refused', () => {
    const whole = bytes(CLIENT)
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat({ max: whole.length - 1 }),
        fc.nat({ max: 255 }),
        (any, at, value) => {
          const changed = whole.slice()
          changed[at] = value
          for (const der of [any, changed]) expect(() => readCertificate(der)).not.toThrow()
        },
      ),
    )
  })

  it('is linear: a hundred thousand nested or empty elements take no time', () => {
    const nested = new Uint8Array(16_000).fill(0x30)
    expect(readCertificate(nested)).toBeUndefined()
    expect(elements(new Uint8Array(200_000).fill(0x00))?.length).toBe(100_000)
  })
})
