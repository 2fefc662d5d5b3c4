import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/kernel/instant.ts'
import { BACKCHANNEL_REQUEST_ALGORITHMS } from '../../../src/protocol/oauth/backchannel-metadata.ts'
import { KeyedClient } from '../../actors/keyed-client.ts'
import type { Service } from '../../actors/service.ts'
import { asked, begin, poll, refusal, request, world } from './world.ts'

const here = world()

/** A client with a key of its own, and what it signs. */
async function signer(alg: string, metadata: Record<string, unknown> = {}) {
  const keys = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(keys.publicKey)), alg, kid: 'k' }
  const service = await here.service({
    jwks: { keys: [jwk] },
    backchannel_authentication_request_signing_alg: alg,
    ...metadata,
  })
  const now = systemClock()
  const claims = {
    iss: service.clientId,
    aud: here.issuer,
    iat: now,
    nbf: now,
    exp: now + 300,
  }
  let serial = 0
  return {
    service,
    keys,
    jwk,
    now,
    sign: (
      change: Record<string, unknown> = {},
      header: Record<string, unknown> = {},
      key = keys.privateKey,
    ) => {
      serial += 1
      const payload = { ...claims, jti: `r${serial}`, ...change }
      return new SignJWT(payload).setProtectedHeader({ alg, kid: 'k', ...header }).sign(key)
    },
  }
}

const send = (service: Service, signed: string, beside: Record<string, string> = {}) =>
  service.post('/bc-authorize', { request: signed, ...beside })

describe('CIBA Core §7.1.1: grants signed requests', () => {
  it.each(BACKCHANNEL_REQUEST_ALGORITHMS)('%s', async (alg) => {
    const { service, sign } = await signer(alg)
    const response = await send(service, await sign(asked('899700599999', { requested_expiry: '60' })))
    expect(await response.json()).toMatchObject({ expires_in: 60 })
  })

  it('with numbers as numbers, all the way to tokens', async () => {
    const { service, sign } = await signer('PS256')
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const signed = await sign({ ...asked(nationalId), requested_expiry: 60 })
    const ack = await begin(here, service, { request: signed, client_id: service.clientId })
    await phone.tap(await request(phone), '47')
    expect((await poll(service, ack.auth_req_id)).status).toBe(200)
  })
})

describe('CIBA Core §7.1.1, FAPI-CIBA §5.2.2: refuses', () => {
  let client: Awaited<ReturnType<typeof signer>>
  beforeAll(async () => {
    client = await signer('ES256')
  })
  const form = asked('899700599999')

  it.each([
    ['a parameter beside it', {}, { login_hint: '899700599998' }],
    ['another issuer', { iss: 'someone-else' }, {}],
    ['another audience', { aud: 'https://other.example' }, {}],
    ['no jti', { jti: undefined }, {}],
    ['no nbf', { nbf: undefined }, {}],
    ['no iat', { iat: undefined }, {}],
    ['no exp', { exp: undefined }, {}],
    ['an hour that is over', { nbf: systemClock() - 7000, exp: systemClock() - 3500 }, {}],
    ['a life of more than an hour', { exp: systemClock() + 3700 }, {}],
    ['an nbf of two hours ago', { nbf: systemClock() - 7200 }, {}],
    ['a life that has not begun', { nbf: systemClock() + 600, exp: systemClock() + 900 }, {}],
    ['a parameter that is an object', { login_hint: { id: 1 } }, {}],
    ['a request inside the request', { request: 'x.y.z', login_hint: '' }, {}],
  ])('%s', async (_, change, beside) => {
    const signed = await client.sign({ ...form, ...change })
    expect(await refusal(await send(client.service, signed, beside as Record<string, string>))).toBe(
      '400 invalid_request',
    )
  })

  it('FAPI-CIBA §5.2.2 (6): a client that signs, without a signature; and a strict one', async () => {
    expect(await refusal(await client.service.post('/bc-authorize', form))).toBe('400 invalid_request')
    const strict = await KeyedClient.register(here)
    const sent = new URLSearchParams({ ...form, ...(await strict.proved()) })
    const request = new Request(`${here.issuer}/bc-authorize`, { method: 'POST', body: sent })
    expect(await refusal(await here.app.fetch(request))).toBe('400 invalid_request')
  })

  it('§4: a signature of a client that said it would send none', async () => {
    const { service, sign } = await signer('ES256', {
      backchannel_authentication_request_signing_alg: undefined,
    })
    expect(await refusal(await send(service, await sign(form)))).toBe('400 invalid_request')
  })

  it('replay: the same signed request twice', async () => {
    const signed = await client.sign(form)
    expect((await send(client.service, signed)).status).toBe(200)
    expect(await refusal(await send(client.service, signed))).toBe('400 invalid_request')
  })

  it('alg=none, an HMAC under the public key, another algorithm than registered, another key', async () => {
    const unsigned = (await client.sign(form)).split('.')
    const header = btoa(JSON.stringify({ alg: 'none' })).replace(/=+$/, '')
    const secret = new TextEncoder().encode(JSON.stringify(client.jwk))
    const payload = { ...form, iss: client.service.clientId, aud: here.issuer, jti: 'h', ...times() }
    const confused = await new SignJWT(payload).setProtectedHeader({ alg: 'HS256' }).sign(secret)
    const stranger = await signer('ES256')
    for (const forged of [
      `${header}.${unsigned[1]}.`,
      confused,
      await stranger.sign({ ...form, iss: client.service.clientId }),
      await client.sign(form, { jwk: stranger.jwk }, stranger.keys.privateKey),
      'not a jwt',
    ])
      expect(await refusal(await send(client.service, forged))).toBe('400 invalid_request')
  })

  it('a request that another client signed and that names it', async () => {
    const stranger = await signer('ES256')
    expect(await refusal(await send(client.service, await stranger.sign(form)))).toBe('400 invalid_request')
  })
})

const times = () => ({ iat: systemClock(), nbf: systemClock(), exp: systemClock() + 60 })

describe('CIBA Core §7.1 login_hint_token', () => {
  let client: Awaited<ReturnType<typeof signer>>
  beforeAll(async () => {
    client = await signer('ES256', { backchannel_authentication_request_signing_alg: undefined })
  })
  const { login_hint: _, ...form } = asked('')
  const ask = (token: string) => client.service.post('/bc-authorize', { ...form, login_hint_token: token })

  it('grants: the person in SubjectNameID of a JWT that the client signed for us', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const token = await client.sign({ SubjectNameID: nationalId })
    const ack = await begin(here, client.service, { ...form, login_hint_token: token })
    await phone.tap(await request(phone), '47')
    expect((await poll(client.service, ack.auth_req_id)).status).toBe(200)
  })

  it.each([
    ['§13 expired_login_hint_token', { exp: systemClock() - 60 }, '400 expired_login_hint_token'],
    ['another issuer', { iss: 'someone-else' }, '400 invalid_request'],
    ['another audience', { aud: 'https://other.example' }, '400 invalid_request'],
    ['no end', { exp: undefined }, '400 invalid_request'],
    ['no person', { SubjectNameID: undefined }, '400 invalid_request'],
    ['a person that is no id', { SubjectNameID: 'Alice' }, '400 unknown_user_id'],
    ['a person that is a list', { SubjectNameID: ['899700599999'] }, '400 unknown_user_id'],
  ])('refuses %s', async (_title, change, expected) => {
    expect(await refusal(await ask(await client.sign({ SubjectNameID: '899700599999', ...change })))).toBe(
      expected,
    )
  })

  it('refuses what another key signed', async () => {
    const stranger = await signer('ES256')
    const token = await stranger.sign({ iss: client.service.clientId, SubjectNameID: '899700599999' })
    expect(await refusal(await ask(token))).toBe('400 invalid_request')
    expect(await refusal(await ask('x'))).toBe('400 invalid_request')
  })
})

describe('CIBA Core §7.1: the client assertion', () => {
  it.each(['/bc-authorize', '/token', ''])('may name us as <issuer>%s', async (path) => {
    const { service, sign } = await signer('ES256', {
      token_endpoint_auth_method: 'private_key_jwt',
      backchannel_authentication_request_signing_alg: undefined,
    })
    const assertion = await sign({ sub: service.clientId, aud: `${here.issuer}${path}`, jti: `a${path}` })
    const response = await here.app.fetch(
      new Request(`${here.issuer}/bc-authorize`, {
        method: 'POST',
        body: new URLSearchParams({
          ...asked('899700599999'),
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }),
      }),
    )
    expect(response.status).toBe(200)
  })
})
