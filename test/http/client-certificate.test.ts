import { describe, expect, it } from 'vitest'
import { clientCertificate } from '../../src/http/client-certificate.ts'
import { CLIENT } from '../actors/certificates.ts'

const presented = {
  certPresented: '1',
  certVerified: 'SUCCESS',
  certRevoked: '0',
  certRFC9440: `:${CLIENT}:`,
}
const read = (tlsClientAuth: unknown, headers: Record<string, string> = {}) => {
  const cf = { tlsClientAuth } as RequestInit<RequestInitCfProperties>['cf']
  return clientCertificate(
    new Request('https://mtls.example/', { ...(cf === undefined ? {} : { cf }), headers }),
  )
}

describe('the certificate of a connection, as the edge attaches it', () => {
  it.each([
    ['verified', {}, { trusted: true, revoked: false }],
    ['self-signed', { certVerified: 'FAILED:self signed certificate' }, { trusted: false, revoked: false }],
    ['expired', { certVerified: 'FAILED:certificate has expired' }, { trusted: false, revoked: false }],
    ['revoked, although SUCCESS', { certRevoked: '1' }, { trusted: false, revoked: true }],
  ])('%s', async (_, change, expected) => {
    expect(await read({ ...presented, ...change })).toMatchObject({
      ...expected,
      thumbprint: 'c16ff2cr1cfV3vkKCqaPbHgjN31jtzaQMpFgIbUlAjc',
    })
  })
  it.each([
    ['none was presented', { ...presented, certPresented: '0', certVerified: 'NONE', certRFC9440: '' }],
    ['it was too large', { ...presented, certRFC9440: '' }],
    ['it is no byte sequence (RFC 8941 §3.3.5)', { ...presented, certRFC9440: CLIENT }],
    ['it is no base64', { ...presented, certRFC9440: ':****:' }],
    ['there is nothing', undefined],
    ['there is something else', 'SUCCESS'],
  ])('none when %s', async (_, tlsClientAuth) => expect(await read(tlsClientAuth)).toBeUndefined())

  it.each([
    'client-cert',
    'x-client-cert',
    'x-ssl-client-cert',
    'x-forwarded-client-cert',
    'cf-client-cert-der-base64',
    'ssl-client-cert',
  ])('RFC 8705 §6.5: a forged header %s is not read', async (name) => {
    expect(
      await read(undefined, { [name]: `:${CLIENT}:`, 'cf-client-cert-verified': 'SUCCESS' }),
    ).toBeUndefined()
  })
})
