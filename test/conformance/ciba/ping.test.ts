import { createExecutionContext, createMessageBatch, getQueueResult } from 'cloudflare:test'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Queued } from '../../../src/notifications/queued.ts'
import { asked, begin, poll, refusal, request, until, waiting, world } from './world.ts'

/** The client's server, which keeps what it is sent and answers as told. */
const calls: { url: string; init: RequestInit }[] = []
let answer: () => Promise<Response> = async () => new Response(null, { status: 204 })
const here = world(async (url, init) => {
  calls.push({ url, init })
  return answer()
})

const ENDPOINT = 'https://logiciel.example.org/ciba/ping'
const TOKEN = 'client-token.8d67dc78'
const pinged = () =>
  here.service({
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: ENDPOINT,
  })

/** Runs the consumer over what is queued; answers how each fared. */
async function deliver(bodies: readonly Queued[], attempts = 1) {
  const batch = createMessageBatch<Queued>(
    'serment-events',
    bodies.map((body, index) => ({ id: `${index}`, timestamp: new Date(), attempts, body })),
  )
  await here.composed.queue(batch)
  const { explicitAcks, retryMessages } = await getQueueResult(batch, createExecutionContext())
  return { done: explicitAcks.length, again: retryMessages.length }
}
const pingsQueued = () => here.queued.filter(({ type }) => type === 'ping')

beforeEach(() => {
  calls.length = 0
  here.queued.length = 0
  answer = async () => new Response(null, { status: 204 })
})

describe('CIBA Core §10.2: ping', () => {
  it.each([
    ['47', 200],
    ['none', 400],
  ])(
    'after a decision (%s): one POST with the client’s own token; then the client fetches',
    async (choice, status) => {
      const service = await pinged()
      const nationalId = await here.person()
      const phone = await here.phone(nationalId)
      const ack = await begin(here, service, asked(nationalId, { client_notification_token: TOKEN }))
      expect(pingsQueued()).toEqual([])
      await phone.tap(await request(phone), choice)
      expect(await deliver(pingsQueued())).toEqual({ done: 1, again: 0 })

      expect(calls).toHaveLength(1)
      const [call] = calls
      expect(call?.url).toBe(ENDPOINT)
      expect(call?.init).toMatchObject({ method: 'POST', redirect: 'manual' })
      const headers = new Headers(call?.init.headers)
      expect(headers.get('authorization')).toBe(`Bearer ${TOKEN}`)
      expect(headers.get('content-type')).toBe('application/json')
      expect(JSON.parse(String(call?.init.body))).toEqual({ auth_req_id: ack.auth_req_id })
      expect((await poll(service, ack.auth_req_id)).status).toBe(status)
    },
  )

  it('a client in ping mode may poll, before and at once after the ping', async () => {
    const service = await pinged()
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const ack = await begin(here, service, asked(nationalId, { client_notification_token: TOKEN }))
    expect(await refusal(await poll(service, ack.auth_req_id))).toBe('400 authorization_pending')
    await phone.tap(await request(phone), '47')
    expect((await poll(service, ack.auth_req_id)).status).toBe(200)
  })

  it('is sent once for a decision, and not for a request that nobody decides', async () => {
    const service = await pinged()
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    await begin(here, service, asked('899700599999', { client_notification_token: TOKEN }))
    await begin(here, service, asked(nationalId, { client_notification_token: TOKEN }))
    const shown = await request(phone)
    await phone.tap(shown, '47')
    await phone.tap(shown, '47')
    expect(await waiting(phone)).toEqual([])
    expect(pingsQueued()).toHaveLength(1)
  })

  it.each([
    ['200', 200, { done: 1, again: 0 }],
    ['500: again', 500, { done: 0, again: 1 }],
    ['429: again', 429, { done: 0, again: 1 }],
    ['401: given up', 401, { done: 1, again: 0 }],
    ['302: not followed, given up', 302, { done: 1, again: 0 }],
  ])('the client answers %s', async (_, status, fared) => {
    answer = async () => new Response(null, { status, headers: { location: 'https://other.example.org/' } })
    expect(await deliver([ping(ENDPOINT)])).toEqual(fared)
    expect(calls).toHaveLength(1)
  })

  it('a client that does not answer: tried again, and given up after the sixth time', async () => {
    answer = () => Promise.reject(new DOMException('too slow', 'TimeoutError'))
    expect(await deliver([ping(ENDPOINT)], 5)).toEqual({ done: 0, again: 1 })
    expect(await deliver([ping(ENDPOINT)], 6)).toEqual({ done: 1, again: 0 })
    expect(calls[0]?.init.signal).toBeInstanceOf(AbortSignal)
  })

  it.each([
    'http://logiciel.example.org/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://169.254.169.254/latest/meta-data/',
    'https://ledger.internal/',
    'https://logiciel.example.org:8443/',
    'https://user:password@logiciel.example.org/',
  ])('a ping that points inward goes nowhere, and cannot be registered: %s', async (endpoint) => {
    expect(await deliver([ping(endpoint)])).toEqual({ done: 1, again: 0 })
    expect(calls).toEqual([])
    await expect(
      here.service({
        backchannel_token_delivery_mode: 'ping',
        backchannel_client_notification_endpoint: endpoint,
      }),
    ).rejects.toThrow('invalid_client_metadata')
  })
})

const ping = (endpoint: string): Queued => ({
  type: 'ping',
  id: crypto.randomUUID(),
  ping: { endpoint, token: TOKEN, authReqId: 'a.b' },
})

describe('CIBA Core §4, §7.1: refuses', () => {
  it('§7.1: ping without client_notification_token', async () => {
    expect(await refusal(await (await pinged()).post('/bc-authorize', asked('899700599999')))).toBe(
      '400 invalid_request',
    )
  })

  it.each([
    ['push (FAPI-CIBA §5.2.2 (3))', { backchannel_token_delivery_mode: 'push' }],
    ['ping without an endpoint', { backchannel_token_delivery_mode: 'ping' }],
    ['an endpoint without ping', { backchannel_client_notification_endpoint: ENDPOINT }],
    ['user codes as a word', { backchannel_user_code_parameter: 'yes' }],
    ['signed requests without keys', { backchannel_authentication_request_signing_alg: 'ES256' }],
    ['an HMAC', { backchannel_authentication_request_signing_alg: 'HS256' }],
    ['a public client (FAPI-CIBA §5.2.2 (1))', { token_endpoint_auth_method: 'none' }],
  ])('§4: registration of %s', async (_, metadata) => {
    await expect(here.service(metadata)).rejects.toThrow('invalid_client_metadata')
  })

  it('§4: what was registered is told back, poll being the default', async () => {
    expect((await here.service()).registered).toMatchObject({
      backchannel_token_delivery_mode: 'poll',
      response_types: [],
    })
    await until(() => true)
  })
})
