import { describe, expect, it } from 'vitest'
import { certificates } from '../../src/http/client-certificate.ts'
import { CLIENT } from '../actors/certificates.ts'

/** What the edge says of the certificate goes for nothing: each of these is read alike. */
const presented = {
  certPresented: '1',
  certVerified: 'SUCCESS',
  certRevoked: '0',
  certRFC9440: `:${CLIENT}:`,
  certRFC9440TooLarge: false,
  certChainRFC9440: '',
}
const CARD = 'https://card.example:8443'
const examined: number[] = []
const certificateOf = certificates({
  origins: [CARD, 'https://card2.example:8443'],
  examine: async ({ leaf, chain }) => {
    examined.push(leaf.length, chain.length)
    return { range: 'STANDARD' }
  },
})
const read = (tlsClientAuth: unknown, headers: Record<string, string> = {}, origin = CARD) => {
  const cf = { tlsClientAuth } as RequestInit<RequestInitCfProperties>['cf']
  return certificateOf(new Request(`${origin}/token`, { ...(cf === undefined ? {} : { cf }), headers }))
}

describe('the certificate of a connection, as the edge attaches it', () => {
  it.each([
    ['verified', {}],
    ['of an authority that the edge does not know', { certVerified: 'FAILED:self signed certificate' }],
    ['expired', { certVerified: 'FAILED:certificate has expired' }],
    ['revoked, the edge says', { certRevoked: '1' }],
  ])('%s: its thumbprint, and no verdict of the edge', async (_, change) => {
    expect(await read({ ...presented, ...change })).toMatchObject({
      thumbprint: 'c16ff2cr1cfV3vkKCqaPbHgjN31jtzaQMpFgIbUlAjc',
    })
    expect(examined).toEqual([])
  })

  it('is examined when that is asked for, with what was presented beside it', async () => {
    const certificate = await read({ ...presented, certChainRFC9440: `:${CLIENT}:, :${CLIENT}:` })
    expect(await certificate?.examine()).toEqual({ range: 'STANDARD' })
    expect(examined.splice(0)).toEqual([593, 2])
  })

  it('on either name of the card host', async () => {
    expect(await read(presented, {}, 'https://card2.example:8443')).toBeDefined()
  })

  it.each([
    ['another host', 'https://id.example'],
    ['the same name on another port', 'https://card.example'],
    ['a host below it', 'https://a.card.example:8443'],
    ['a host that begins like it', 'https://card.example.attacker.test:8443'],
  ])('RFC 8705 §6.5: nothing on %s, which asks nobody for a certificate', async (_, origin) => {
    expect(await read(presented, {}, origin)).toBeUndefined()
  })

  it('nothing anywhere where no host asks for certificates', async () => {
    const none = certificates({ origins: [], examine: async () => ({ range: 'STANDARD' }) })
    const cf = { tlsClientAuth: presented } as RequestInit<RequestInitCfProperties>['cf']
    expect(await none(new Request(`${CARD}/token`, cf === undefined ? {} : { cf }))).toBeUndefined()
  })

  it.each([
    ['none was presented', { ...presented, certPresented: '0', certVerified: 'NONE', certRFC9440: '' }],
    ['it was too large', { ...presented, certRFC9440: '', certRFC9440TooLarge: true }],
    ['it is no byte sequence (RFC 8941 §3.3.5)', { ...presented, certRFC9440: CLIENT }],
    ['it is no base64', { ...presented, certRFC9440: ':****:' }],
    ['there is nothing', undefined],
    ['there is something else', 'SUCCESS'],
  ])('none when %s', async (_, tlsClientAuth) => expect(await read(tlsClientAuth)).toBeUndefined())

  it.each([
    'client-cert',
    'client-cert-chain',
    'mf-cf-blob',
    'x-client-cert',
    'x-ssl-client-cert',
    'x-forwarded-client-cert',
    'cf-client-cert-der-base64',
    'ssl-client-cert',
  ])('RFC 8705 §6.5: a forged header %s is not read', async (name) => {
    const forged = { [name]: `:${CLIENT}:`, 'cf-client-cert-verified': 'SUCCESS' }
    expect(await read(undefined, forged)).toBeUndefined()
    expect(await read({ ...presented, certPresented: '0', certRFC9440: '' }, forged)).toBeUndefined()
  })
})
