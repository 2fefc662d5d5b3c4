import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { returnAddress } from '../../../src/protocol/oauth/return-address.ts'

const clientId = ClientId.parse('client')
const client = (type: 'web' | 'native', ...uris: string[]) => ({
  clientId,
  metadata: { redirect_uris: uris, application_type: type },
})
const REGISTERED = 'https://dossier.example/cb?a=1'

describe('grants', () => {
  it('RFC 9700 §2.1: the registered address, character by character', () => {
    expect(returnAddress(client('web', 'https://other.example/', REGISTERED), REGISTERED, 's')).toEqual({
      clientId,
      redirectUri: REGISTERED,
      state: 's',
      responseMode: 'query',
    })
  })
  it.each([
    ['http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
    ['http://[::1]:3000/cb?x', 'http://[::1]:51004/cb?x'],
    ['http://localhost:3000/cb', 'http://localhost/cb'],
  ])('RFC 8252 §7.3: a native client registered %s answers at %s', (registered, asked) => {
    expect(returnAddress(client('native', registered), asked, undefined)?.redirectUri).toBe(asked)
  })
})

describe('refuses', () => {
  it.each([
    ['none (OIDC Core §3.1.2.1)', undefined],
    ['one character more', `${REGISTERED}1`],
    ['one character less', REGISTERED.slice(0, -1)],
    ['a slash at the end', 'https://dossier.example/cb/?a=1'],
    ['another case in the path', 'https://dossier.example/CB?a=1'],
    ['another case in the host', 'https://Dossier.example/cb?a=1'],
    ['another case in the scheme', 'HTTPS://dossier.example/cb?a=1'],
    ['the port said', 'https://dossier.example:443/cb?a=1'],
    ['another port', 'https://dossier.example:8443/cb?a=1'],
    ['another scheme', 'http://dossier.example/cb?a=1'],
    ['a subdomain', 'https://www.dossier.example/cb?a=1'],
    ['a fragment', `${REGISTERED}#`],
    ['no query', 'https://dossier.example/cb'],
    ['more query', `${REGISTERED}&b=2`],
    ['a path that climbs', 'https://dossier.example/x/../cb?a=1'],
    ['a user name', 'https://a@dossier.example/cb?a=1'],
    ['an encoded letter', 'https://dossier.example/%63b?a=1'],
    ['a blank before', ` ${REGISTERED}`],
  ])('RFC 9700 §2.1: %s', (_, asked) => {
    expect(returnAddress(client('web', REGISTERED), asked, undefined)).toBeUndefined()
  })

  it.each([
    ['a web client on another port', 'web', 'http://127.0.0.1:3000/cb', 'http://127.0.0.1:4000/cb'],
    ['another path', 'native', 'http://127.0.0.1/cb', 'http://127.0.0.1:4000/other'],
    ['another name of the loopback', 'native', 'http://127.0.0.1/cb', 'http://localhost:4000/cb'],
    ['a host hidden behind a port', 'native', 'http://127.0.0.1/cb', 'http://127.0.0.1:1@evil.example/cb'],
    ['a port that is none', 'native', 'http://127.0.0.1/cb', 'http://127.0.0.1:/cb'],
    ['a port beyond all', 'native', 'http://127.0.0.1/cb', 'http://127.0.0.1:99999/cb'],
    [
      'https of a native client on another port',
      'native',
      'https://dossier.example/cb',
      'https://dossier.example:1/cb',
    ],
  ] as const)('RFC 8252 §7.3: %s', (_, type, registered, asked) => {
    expect(returnAddress(client(type, registered), asked, undefined)).toBeUndefined()
  })
})

it('RFC 8252 §7.3: whatever a native client asks on the loopback can be gone to, at the registered path', () => {
  fc.assert(
    fc.property(fc.nat(120_000), (port) => {
      const asked = `http://127.0.0.1:${port}/cb`
      const address = returnAddress(client('native', 'http://127.0.0.1/cb'), asked, undefined)
      expect(address !== undefined).toBe(port <= 65_535)
    }),
  )
})

it('nothing but the registered text is ever an address of a web client', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(REGISTERED.length), (inserted, at) => {
      const asked = REGISTERED.slice(0, at) + inserted + REGISTERED.slice(at)
      expect(returnAddress(client('web', REGISTERED), asked, undefined) !== undefined).toBe(
        asked === REGISTERED,
      )
    }),
  )
})
