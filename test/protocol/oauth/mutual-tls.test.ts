import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import {
  base64,
  type CertificateNames,
  isBoundTo,
  knownByName,
  type PresentedCertificate,
  readableNames,
  refusedBySet,
  thumbprintOf,
  writtenThumbprint,
} from '../../../src/protocol/oauth/mutual-tls.ts'
import { CLIENT, EXPIRED, OTHER, SELF_SIGNED } from '../../actors/certificates.ts'

const now = instant(1_800_000_000)
const presented = async (
  text: string,
  change: Partial<PresentedCertificate> = {},
): Promise<PresentedCertificate> => {
  const der = base64(text) ?? new Uint8Array()
  return { der, thumbprint: await thumbprintOf(der), examine: async () => ({ range: 'STANDARD' }), ...change }
}
const client = await presented(CLIENT)
const refusedByName = async (
  certificate: PresentedCertificate,
  names: CertificateNames,
  at = now,
): Promise<string | undefined> => {
  const known = await knownByName(certificate, names, at)
  return 'refused' in known ? known.refused : undefined
}
/** `openssl x509 -outform der | sha256sum` */
const HEX = '735e9f7f672bd5c7d5def90a0aa68f6c7823377d63b7369032916021b5250237'
const DN = 'CN=dossier.example.test,OU=Système d’information,O=Clinique\\, des Essais,C=FR'

describe('RFC 8705 §2.1: by a name in the certificate', () => {
  it.each([
    ['its subject', { tls_client_auth_subject_dn: DN }],
    ['its host', { tls_client_auth_san_dns: 'Dossier.example.TEST' }],
    ['its URI', { tls_client_auth_san_uri: 'https://dossier.example.test/client' }],
    ['its IPv4 address', { tls_client_auth_san_ip: '192.0.2.7' }],
    ['its IPv6 address', { tls_client_auth_san_ip: '2001:DB8::7' }],
    ['its IPv6 address in full', { tls_client_auth_san_ip: '2001:db8:0:0:0:0:0:7' }],
    ['its mailbox', { tls_client_auth_san_email: 'equipe@dossier.EXAMPLE.test' }],
  ])('takes %s', async (_, names) => expect(await refusedByName(client, names)).toBeUndefined())

  it.each([
    ['another subject', { tls_client_auth_subject_dn: 'CN=dossier.example.test' }],
    ['a name that only stands in another field', { tls_client_auth_san_dns: 'equipe@dossier.example.test' }],
    ['a wildcard', { tls_client_auth_san_dns: '*.example.test' }],
    ['another path', { tls_client_auth_san_uri: 'https://dossier.example.test/Client' }],
    ['another address', { tls_client_auth_san_ip: '192.0.2.70' }],
    ['an address that is none', { tls_client_auth_san_ip: '192.0.2' }],
    ['another mailbox', { tls_client_auth_san_email: 'Equipe@dossier.example.test' }],
    ['nothing', {}],
  ])('refuses %s', async (_, names) => expect(await refusedByName(client, names)).toBe('another name'))

  it('refuses what is no certificate', async () => {
    const none = { ...client, der: new Uint8Array([0x30, 0x00]) }
    expect(await refusedByName(none, { tls_client_auth_subject_dn: DN })).toMatch(/read/)
  })
  it('refuses what the registry of authorities does not vouch for, and says why to the trail', async () => {
    const examine = async () => ({ refused: 'revoked: listed' })
    expect(await refusedByName({ ...client, examine }, { tls_client_auth_subject_dn: DN })).toBe(
      'revoked: listed',
    )
  })
  it('asks the registry only about a certificate with the right name, and takes its range from there', async () => {
    const asked: string[] = []
    const examine = async () => {
      asked.push('examined')
      return { range: 'FORT' }
    }
    await refusedByName({ ...client, examine }, { tls_client_auth_san_dns: 'another.example.test' })
    expect(asked).toEqual([])
    const known = await knownByName({ ...client, examine }, { tls_client_auth_subject_dn: DN }, now)
    expect(known).toMatchObject({ range: 'FORT' })
    expect(asked).toEqual(['examined'])
  })

  it('refuses an expired one, whoever vouches for it', async () => {
    const names = { tls_client_auth_subject_dn: 'CN=ancienne' }
    expect(await refusedByName(await presented(EXPIRED), names)).toMatch(/not valid now/)
    expect(await refusedByName(await presented(EXPIRED), names, instant(1_590_000_000))).toBeUndefined()
  })
})

describe('RFC 8705 §2.2: by a registered certificate', () => {
  const alone = {
    examine: () => Promise.reject(new Error('nobody is asked about a certificate that vouches for itself')),
  }
  it('takes one of x5c, although nobody vouches for it', async () => {
    const keys = [
      { kty: 'EC', x5c: [OTHER] },
      { kty: 'EC', x5c: [SELF_SIGNED] },
    ]
    expect(await refusedBySet(await presented(SELF_SIGNED, alone), keys, now)).toBeUndefined()
  })
  it('takes one by its thumbprint', async () => {
    const { thumbprint } = await presented(SELF_SIGNED)
    const keys = [{ kty: 'EC', 'x5t#S256': thumbprint }]
    expect(await refusedBySet(await presented(SELF_SIGNED, alone), keys, now)).toBeUndefined()
  })
  it.each([
    ['another certificate', [{ x5c: [OTHER] }]],
    ['one that only signed the registered one', [{ x5c: [OTHER, SELF_SIGNED] }]],
    ['a key without a certificate', [{ kty: 'EC' }]],
    ['an x5c that is none', [{ x5c: [7] }, { x5c: ['***'] }, { x5c: 'x' }]],
    ['no key', []],
  ])('refuses where there is %s', async (_, keys) => {
    expect(await refusedBySet(await presented(SELF_SIGNED, alone), keys, now)).toMatch(/not registered/)
  })
  it('refuses an expired one', async () => {
    expect(await refusedBySet(await presented(EXPIRED, alone), [{ x5c: [EXPIRED] }], now)).toMatch(/valid/)
  })
})

describe('RFC 8705 §3.1: x5t#S256', () => {
  it('is the SHA-256 of the DER, as openssl gives it', () => {
    expect(
      Array.from(base64url.decode(client.thumbprint), (octet) => octet.toString(16).padStart(2, '0')).join(
        '',
      ),
    ).toBe(HEX)
  })
  it('in the ANS’s form it is base64 of the hexadecimal text, 88 characters', () => {
    const written = writtenThumbprint(client.thumbprint, 'ans')
    expect(written).toHaveLength(88)
    expect(atob(written)).toBe(HEX)
  })
  it.each(['rfc8705', 'ans'] as const)(
    'is recognised in the form %s, and no other certificate',
    async (form) => {
      const bound = writtenThumbprint(client.thumbprint, form)
      expect(isBoundTo(bound, client.thumbprint)).toBe(true)
      expect(isBoundTo(bound, (await presented(OTHER)).thumbprint)).toBe(false)
    },
  )
})

it('names that could never match are told at registration', () => {
  expect(readableNames({ tls_client_auth_subject_dn: DN })).toBe(true)
  expect(readableNames({ tls_client_auth_subject_dn: 'dossier' })).toBe(false)
  expect(readableNames({ tls_client_auth_san_ip: '2001:db8::7' })).toBe(true)
  expect(readableNames({ tls_client_auth_san_ip: '300.1.1.1' })).toBe(false)
})

it('any registered name is compared without throwing', () => {
  return fc.assert(
    fc.asyncProperty(fc.string(), fc.ipV6(), fc.ipV4(), async (text, six, four) => {
      for (const ip of [text, six, four]) {
        const names = { tls_client_auth_san_ip: ip }
        expect(await refusedByName(client, names)).toBe(ip === '192.0.2.7' ? undefined : 'another name')
      }
      expect(await refusedByName(client, { tls_client_auth_subject_dn: text })).toBe('another name')
    }),
  )
})
