import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { KeyedClient } from '../../actors/keyed-client.ts'
import { DN, organisationAuthority } from '../../actors/organisations.ts'
import { ProofKey } from '../../actors/proof.ts'
import { MTLS_ORIGIN, tlsClientAuth, tokenDesk } from '../../actors/token-desk.ts'
import {
  type Client,
  events,
  fetch,
  issuer,
  Person,
  refreshing,
  registered,
  token,
  userinfo,
} from '../federator.ts'
import { ask, connect, DEVICE_GRANT, type Given, given, passes, poll, screen, told } from './world.ts'

let client: Client
let person: Person
beforeAll(async () => {
  client = await screen()
  person = await Person.who()
})

const errorOf = async (response: Response) => {
  const { error } = await response.json<{ error?: string }>()
  return `${response.status} ${error}`
}

describe('RFC 8628: grants', () => {
  it('§3.2: the device is told what to poll with, what to show, and for how long', async () => {
    const response = await ask(client)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const device = await response.json<Record<string, unknown>>()
    expect(device).toEqual({
      device_code: expect.stringMatching(/^[\w-]{22}\.[\w-]{43}$/),
      user_code: expect.stringMatching(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/),
      verification_uri: `${issuer}/device`,
      verification_uri_complete: `${issuer}/device?user_code=${device.user_code}`,
      expires_in: 600,
      interval: 5,
    })
  })

  it('§3.4, §3.5: pending, then tokens of whoever signed in, that are refreshed and told of as others are', async () => {
    const device = await given(client)
    expect(await told(client, device)).toBe('400 authorization_pending')
    await connect(device, person)
    const { status, body } = await poll(client, device)
    expect(status).toBe(200)
    expect(decodeJwt(body.id_token)).toMatchObject({
      SubjectNameID: person.id,
      authMode: 'PASSKEY',
      acr: 'eidas1',
      aud: client.client_id,
    })
    expect((await userinfo(body.access_token)).status).toBe(200)
    expect((await token(client, refreshing(body.refresh_token))).status).toBe(200)
    const line = { kind: 'authorization.answered', practitionerId: person.id, clientId: client.client_id }
    expect(events).toContainEqual({ ...line, at: expect.any(Number), detail: 'device' })
  })

  it('§3.1: a public client names itself', async () => {
    const open = await screen({ token_endpoint_auth_method: 'none' })
    const device = await given(open)
    await connect(device, person)
    expect((await poll(open, device)).status).toBe(200)
  })

  it('§3.1: the scope is narrowed to the registration; acr_values are stated as elsewhere', async () => {
    const narrow = await screen({ scope: 'openid profile' })
    const device = await given(narrow, { scope: 'openid profile contact nonsense', acr_values: 'phr' })
    await connect(device, person)
    const { body } = await poll(narrow, device)
    expect(decodeJwt(body.access_token).scope).toBe('openid profile')
    expect(decodeJwt(body.id_token).acr).toBe('phr')
  })

  it('§3.1, PSC: under the paths of a realm', async () => {
    const path = '/auth/realms/esante-wallet/protocol/openid-connect/auth/device'
    expect((await ask(client, {}, { path })).status).toBe(200)
  })

  it('§4: discovery names the endpoint and the grant', async () => {
    const found = await fetch(new Request(`${issuer}/.well-known/openid-configuration`))
    const metadata = await found.json<Record<string, unknown>>()
    expect(metadata.device_authorization_endpoint).toBe(`${issuer}/device_authorization`)
    expect(metadata.grant_types_supported).toContain(DEVICE_GRANT)
  })

  it('what is over is forgotten', async () => {
    const device = await given(client)
    const object = env.DEVICE_REQUEST.getByName(device.device_code.slice(0, 22))
    const keys = () => runInDurableObject(object, (_, { storage }) => [...storage.kv.list()].length)
    await runDurableObjectAlarm(object)
    expect(await keys()).toBe(1)
    await passes(device, 1200)
    await runDurableObjectAlarm(object)
    expect(await keys()).toBe(0)
  })
})

describe('RFC 8628 §3.1: refuses', () => {
  it.each([
    ['no openid in the scope', { scope: 'profile' }, '400 invalid_scope'],
    ['a malformed scope', { scope: 'openid  profile' }, '400 invalid_scope'],
    ['acr_values without end', { acr_values: 'x'.repeat(513) }, '400 invalid_request'],
  ])('%s', async (_, change, expected) => {
    expect(await errorOf(await ask(client, change))).toBe(expected)
  })

  it('a client that is not registered for it, here and at the token endpoint', async () => {
    const other = await registered()
    expect(await errorOf(await ask(other))).toBe('400 unauthorized_client')
    expect(await told(other, await given(client))).toBe('400 unauthorized_client')
  })

  it('a wrong secret, and says which scheme would do', async () => {
    const response = await ask({ ...client, client_secret: 'wrong' })
    expect(response.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(await errorOf(response)).toBe('401 invalid_client')
  })

  it('another method than POST', async () => {
    const response = await fetch(new Request(`${issuer}/device_authorization`))
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
  })

  it.each(['', 'nonsense', `${'A'.repeat(22)}.${'A'.repeat(43)}`])(
    '§3.4: the device code %j',
    async (device_code) => {
      const expected = device_code === '' ? '400 invalid_request' : '400 invalid_grant'
      expect(await told(client, { device_code })).toBe(expected)
    },
  )
})

const desk = tokenDesk()
const device = { redirect_uris: [], grant_types: [DEVICE_GRANT, 'refresh_token'] }
const scope = { scope: 'openid' }
const json = async (response: Response) => {
  const body = await response.json<Given & { error?: string }>()
  return { status: response.status, body }
}

describe('clients that prove a key', () => {
  it('RFC 8705 §2: by certificate, on the host of certificates', async () => {
    const authority = await organisationAuthority()
    await authority.enter()
    const named = await desk.service({
      ...device,
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_subject_dn: DN,
      tls_client_certificate_bound_access_tokens: true,
    })
    const form = { ...scope, client_id: named.clientId }
    const over = { origin: MTLS_ORIGIN, certificate: tlsClientAuth(await authority.issue()) }
    const { body } = await json(await desk.post('/device_authorization', form, over))
    expect(body.verification_uri).toBe(`${desk.issuer}/device`)
    const waits = { grant_type: DEVICE_GRANT, client_id: named.clientId, device_code: body.device_code }
    expect((await json(await desk.token(waits, over))).body.error).toBe('authorization_pending')
    expect((await json(await desk.post('/device_authorization', form))).body.error).toBe('invalid_client')
    const found = await (await desk.fetch('/.well-known/openid-configuration', {}, {})).json<{
      mtls_endpoint_aliases: Record<string, string>
    }>()
    expect(found.mtls_endpoint_aliases.device_authorization_endpoint).toBe(
      `${MTLS_ORIGIN}/device_authorization`,
    )
  })

  it('FAPI 2.0, RFC 9449 §10: a strict one by private_key_jwt; its code is bound to the key of its proof', async () => {
    const strict = await KeyedClient.register(desk, device)
    const [mine, thief] = [await ProofKey.make(), await ProofKey.make()]
    const nonce = await desk.nonce(mine)
    const proof = async (key: ProofKey, path: string) => ({
      headers: { dpop: await key.prove({ url: `${desk.issuer}${path}`, nonce }) },
    })
    const asked = await desk.post(
      '/device_authorization',
      { ...scope, ...(await strict.proved()) },
      await proof(mine, '/device_authorization'),
    )
    expect(asked.headers.get('dpop-nonce')).toMatch(/^[\w-]{22}$/)
    const { body } = await json(asked)
    const polled = async (by: { headers?: Record<string, string> }) => {
      const form = { grant_type: DEVICE_GRANT, device_code: body.device_code, ...(await strict.proved()) }
      return (await json(await desk.token(form, by))).body.error
    }
    expect(await polled(await proof(thief, '/token'))).toBe('invalid_grant')
    expect(await polled(await proof(mine, '/token'))).toBe('authorization_pending')
    // Without a proof a strict client's tokens would be bearer tokens.
    expect(await polled({})).toBe('invalid_request')
  })

  it('RFC 9449 §11.1: a proof is good once', async () => {
    const open = await desk.service({ ...device, token_endpoint_auth_method: 'none' })
    const key = await ProofKey.make()
    const headers = {
      dpop: await key.prove({ url: `${desk.issuer}/device_authorization`, nonce: await desk.nonce(key) }),
    }
    const again = () =>
      desk.post('/device_authorization', { ...scope, client_id: open.clientId }, { headers })
    expect((await again()).status).toBe(200)
    expect((await json(await again())).body.error).toBe('invalid_dpop_proof')
  })
})

describe('storage calls', () => {
  it('the request: one object call; a poll: one; no query', async () => {
    const service = await desk.service(device)
    let body: Given | undefined
    const headers = { authorization: service.authorization }
    const asking = await desk.cost(async () => {
      body = (await json(await desk.post('/device_authorization', scope, { headers }))).body
    })
    expect(asking).toEqual({ objects: ['DEVICE_REQUEST.begin'], queries: [] })
    const form = { grant_type: DEVICE_GRANT, device_code: body?.device_code ?? '' }
    const polling = await desk.cost(() => desk.token(form, { headers }))
    expect(polling).toEqual({ objects: ['DEVICE_REQUEST.poll'], queries: [] })
  })
})
