import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../../src/compose.ts'
import { CIBA_GRANT } from '../../../src/protocol/oauth/backchannel-metadata.ts'
import { authorize, request, toMire, world } from '../../actors/authorization.ts'
import { countingEnv } from '../../actors/counting-env.ts'
import type { Service } from '../../actors/service.ts'

/** RFC 9700 §4.9, RFC 9101 §10.4.1, RFC 7591 §5: addresses by which a stranger would have us fetch what only we reach. */

const INWARD: readonly (readonly [string, string])[] = [
  ['the loopback', 'https://127.0.0.1/x'],
  ['the loopback, shortened', 'https://127.1/x'],
  ['the loopback in decimal', 'https://2130706433/x'],
  ['the loopback in octal', 'https://0177.0.0.1/x'],
  ['the loopback in hexadecimal', 'https://0x7f000001/x'],
  ['the loopback by name', 'https://localhost/x'],
  ['the loopback by name and root', 'https://localhost./x'],
  ['a name below it', 'https://a.localhost/x'],
  ['no address at all', 'https://0.0.0.0/x'],
  ['a private network', 'https://10.0.0.1/x'],
  ['another private network', 'https://192.168.0.1/x'],
  ['a third', 'https://172.16.0.1/x'],
  ['the metadata of a cloud', 'https://169.254.169.254/latest/meta-data'],
  ['the metadata of a cloud by name', 'https://metadata.google.internal/x'],
  ['carrier-grade NAT', 'https://100.64.0.1/x'],
  ['IPv6 loopback', 'https://[::1]/x'],
  ['IPv6 with an IPv4 in it', 'https://[::ffff:127.0.0.1]/x'],
  ['IPv6 with an IPv4 in it, in hexadecimal', 'https://[::ffff:7f00:1]/x'],
  ['IPv6 unique local', 'https://[fd00::1]/x'],
  ['IPv6 link local', 'https://[fe80::1]/x'],
  ['a NAT64 prefix', 'https://[64:ff9b::7f00:1]/x'],
  ['wide digits', 'https://１２７.0.0.1/x'],
  ['circled digits', 'https://①②⑦.⓪.⓪.①/x'],
  ['a wide full stop', 'https://127。0。0。1/x'],
  ['a name of the local network', 'https://printer.local/x'],
  ['a name of one label', 'https://database/x'],
  ['a name of an intranet', 'https://wiki.corp/x'],
  ['reverse DNS', 'https://1.0.0.127.in-addr.arpa/x'],
  ['another port', 'https://dossier.example:8443/x'],
  ['a port of a data base', 'https://dossier.example:6379/x'],
  ['no TLS', 'http://dossier.example/x'],
  ['a user that looks like a host', 'https://dossier.example@127.0.0.1/x'],
  ['a fragment', 'https://dossier.example/x#y'],
  ['a backslash', 'https://dossier.example\\@127.0.0.1/x'],
  ['a file', 'file:///etc/passwd'],
  ['data', 'data:application/json,{"keys":[]}'],
  ['gopher', 'gopher://127.0.0.1:6379/_x'],
  ['a line break', 'https://dossier.example/\r\nHost: evil'],
]

const here = world()
let service: Service
beforeAll(async () => {
  service = await here.service()
})
const register = (metadata: Record<string, unknown>) =>
  here.service(metadata).then(
    () => 'registered',
    (error: unknown) => String(error),
  )

describe('request_uri', () => {
  it.each([...INWARD, ['a public address', 'https://dossier.example/request.jwt'] as const])(
    'attack: %s: nothing is fetched, at /authorize and at /par',
    async (_, uri) => {
      const before = here.asked.length
      const sent = { client_id: service.clientId, request_uri: uri }
      const alone = await authorize(here.browser(), sent)
      expect(alone.status).toBe(400)
      expect(toMire(alone)).toBe(false)
      const beside = await authorize(here.browser(), request(service, { request_uri: uri }))
      expect(new URL(beside.headers.get('location') ?? 'about:blank').searchParams.get('error')).toMatch(
        /^(request_uri_not_supported|invalid_request)$/,
      )
      const pushed = await service.post('/par', request(service, { request_uri: uri }))
      expect(pushed.status).toBe(400)
      expect(here.asked.length).toBe(before)
    },
  )
})

describe('addresses of a registration', () => {
  it.each(INWARD)('attack: a jwks_uri at %s', async (_, uri) => {
    const metadata = { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: uri }
    expect(await register(metadata)).toContain('invalid_client_metadata')
  })

  it.each(INWARD)('attack: pings to %s', async (_, uri) => {
    const metadata = {
      grant_types: [CIBA_GRANT],
      redirect_uris: [],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: uri,
    }
    expect(await register(metadata)).toContain('invalid_client_metadata')
  })

  it.each(INWARD)('attack: a sector_identifier_uri at %s is not fetched', async (_, uri) => {
    const before = here.asked.length
    await register({ subject_type: 'pairwise', sector_identifier_uri: uri })
    expect(here.asked.length).toBe(before)
  })

  const production = compose(
    new Proxy(countingEnv(env).env, {
      get: (target, key) =>
        ({
          ENVIRONMENT: 'production',
          ISSUER: 'https://serment.example',
          KEY_ENCRYPTION_KEY: 'cHJvZHVjdGlvbi1rZXktZW5jcnlwdGlvbi1rZXktMDE',
          NAMING_KEY: 'cHJvZHVjdGlvbi1vYmplY3QtbmFtaW5nLWtleS0wMDE',
        })[String(key)] ?? Reflect.get(target, key),
    }),
    { channel: { deliver: async () => 'delivered' as const }, registrationOpen: true },
  )

  it.each(INWARD)('attack: logouts told to %s, of a deployment that is no sandbox', async (_, uri) => {
    const response = await production.app.request('https://serment.example/register', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        redirect_uris: ['https://dossier.example/callback'],
        backchannel_logout_uri: uri,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks_uri: 'https://dossier.example/jwks',
      }),
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: 'invalid_client_metadata' })
  })
})
