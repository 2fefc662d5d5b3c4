import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import {
  ApprovalRequest,
  Device,
  Devices,
  LiveTicket,
  Requests,
  SignedOut,
  SignIns,
} from '../../src/ecps/contract.ts'
import { newObjectName, systemEntropy } from '../../src/kernel/handle.ts'
import { systemClock } from '../../src/kernel/instant.ts'
import { Phone, type Tampering } from '../actors/phone.ts'
import { ORIGIN, person, suspend, ward } from './ward.ts'

async function set() {
  const made = ward()
  const who = await person()
  return { ...made, who, phone: await made.activated(who.nationalId) }
}

const announced = ({ phones, who, logins }: Awaited<ReturnType<typeof set>>, options = {}) => {
  const { approval } = logins.ask(who.id, options)
  const loginName = approval.id.split('.')[0] ?? ''
  const { id, expiresAt } = approval
  return phones.announce({
    practitionerId: who.id,
    approval: id,
    loginName,
    service: 'Dossier Démo',
    expiresAt,
  })
}

describe('requests', () => {
  it('shows what waits, as it is to be hashed', async () => {
    const all = await set()
    expect(await announced(all)).toMatchObject({ outcome: 'listed' })
    const { requests } = Requests.parse((await all.phone.call('GET', 'requests')).json)
    expect(requests).toHaveLength(1)
    const { approval } = all.logins.asked[0] ?? {}
    expect(requests[0]).toMatchObject({
      id: approval?.id,
      nonce: approval?.nonce,
      context: approval?.context,
      values: ['82', '47', '15'],
    })
  })

  it('never says which value is the right one', async () => {
    const all = await set()
    await announced(all)
    const { json } = await all.phone.call('GET', 'requests')
    const [shown] = z.object({ requests: z.array(z.record(z.string(), z.unknown())) }).parse(json).requests
    expect(Object.keys(shown ?? {}).toSorted()).toEqual(Object.keys(ApprovalRequest.shape).toSorted())
    expect(Object.keys(JSON.parse(String(shown?.context)))).not.toContain('code')
  })

  it('shows nothing of anybody else', async () => {
    const all = await set()
    await announced(all)
    const stranger = await all.activated((await person()).nationalId)
    expect((await stranger.call('GET', 'requests')).json).toEqual({ requests: [] })
  })

  it('forgets what the computer cancelled, so that it is not the first of two', async () => {
    const all = await set()
    await announced(all)
    await all.logins.cancel(all.logins.asked[0]?.approval.id ?? '', 'device-revoked')
    expect((await all.phone.call('GET', 'requests')).json).toEqual({ requests: [] })
    expect(await announced(all)).toMatchObject({ outcome: 'listed' })
  })
})

describe('pairing', () => {
  it('fetches the request behind a code, once', async () => {
    const { logins, phone, trail, who } = await set()
    const { code } = logins.ask(undefined)
    const shown = await phone.call('POST', 'pairings', { code })
    expect(ApprovalRequest.parse(shown.json).values).toContain('47')
    expect(trail.at(-1)).toMatchObject({
      kind: 'approval.paired',
      practitionerId: who.id,
      clientId: 'dossier-demo',
    })
    expect((await phone.call('POST', 'pairings', { code })).json).toEqual({ error: 'request-gone' })
    expect(Requests.parse((await phone.call('GET', 'requests')).json).requests).toHaveLength(1)
  })

  it.each([{ code: 'K7QM-2XRD' }, { qr: 'nothing of ours' }])(
    'refuses %j, which leads nowhere',
    async (typed) => {
      const { phone } = await set()
      expect(await phone.call('POST', 'pairings', typed)).toMatchObject({
        status: 404,
        json: { error: 'code-unknown' },
      })
    },
  )

  it('refuses a code that has expired', async () => {
    const { phone, logins } = await set()
    const { code } = logins.ask(undefined, { lifetime: 0 })
    expect((await phone.call('POST', 'pairings', { code })).json).toEqual({ error: 'request-expired' })
  })

  it('refuses to go on guessing, and gives nothing to a guess that was right', async () => {
    const { phone, logins } = await set()
    const guess = () => phone.call('POST', 'pairings', { code: 'guess' })
    for (let i = 0; i < 10; i++) expect((await guess()).json).toEqual({ error: 'code-unknown' })
    expect(await guess()).toMatchObject({ status: 429, json: { error: 'try-later' } })
    const { code } = logins.ask(undefined)
    expect((await phone.call('POST', 'pairings', { code })).json).toEqual({ error: 'try-later' })
    expect((await phone.call('GET', 'requests')).json).toEqual({ requests: [] })
  })

  it.each(['announced', 'paired'])('ends a request that waits already (%s), and itself', async (first) => {
    const all = await set()
    if (first === 'announced') await announced(all)
    else await all.phone.call('POST', 'pairings', { code: all.logins.ask(undefined).code })
    const second = all.logins.ask(undefined)
    expect(await all.phone.call('POST', 'pairings', { code: second.code })).toMatchObject({
      status: 409,
      json: { error: 'two-at-once' },
    })
    expect(all.logins.asked.map(({ approval }) => all.logins.state(approval.id))).toEqual([
      'two-at-once',
      'two-at-once',
    ])
    expect((await all.phone.call('GET', 'requests')).json).toEqual({ requests: [] })
  })
})

describe('devices', () => {
  it('are listed newest first, the calling one marked', async () => {
    const { phone, activated, who } = await set()
    await env.DB.prepare('UPDATE device SET created_at = created_at - 60 WHERE id = ?')
      .bind(phone.device.id)
      .run()
    const second = await activated(who.nationalId, { synced: false, name: 'Tablette' })
    await activated((await person()).nationalId)
    const { devices } = Devices.parse((await phone.call('GET', 'devices')).json)
    expect(devices.map(({ name, current, passkeyKind }) => [name, current, passkeyKind])).toEqual([
      ['Tablette', false, 'bound'],
      ['Téléphone', true, 'synced'],
    ])
    expect(devices[0]?.id).toBe(second.device.id)
    for (const device of devices)
      expect(Object.keys(device).toSorted()).toEqual(Object.keys(Device.shape).toSorted())
  })

  it('a revoked one is refused at its next call, its passkey with it, and what waits ends', async () => {
    const all = await set()
    const lost = await all.activated(all.who.nationalId, { name: 'Perdu' })
    await announced(all)
    const left = await all.phone.call('POST', 'devices/revoke', { id: lost.device.id })
    expect(Devices.parse(left.json).devices.map(({ current }) => current)).toEqual([true])
    expect(await lost.call('GET', 'me')).toMatchObject({ status: 403, json: { error: 'device-revoked' } })
    expect(await all.needs.passkeys.byCredential(lost.credential?.id as never)).toBeUndefined()
    expect(all.logins.state(all.logins.asked[0]?.approval.id ?? '')).toBe('device-revoked')
    expect(all.mailbox).toMatchObject([{ channel: 'email', to: all.who.email }])
    expect(all.mailbox[0]?.body).toContain('Perdu')
    expect(all.trail.at(-2)).toMatchObject({ kind: 'ecps.revoked', practitionerId: all.who.id })
  })

  it('may revoke itself', async () => {
    const { phone } = await set()
    expect((await phone.call('POST', 'devices/revoke', { id: phone.device.id })).json).toEqual({
      devices: [],
    })
    expect((await phone.call('GET', 'me')).json).toEqual({ error: 'device-revoked' })
  })

  it('may not revoke anybody else’s', async () => {
    const { phone, activated } = await set()
    const stranger = await activated((await person()).nationalId)
    const refused = await phone.call('POST', 'devices/revoke', { id: stranger.device.id })
    expect(refused).toMatchObject({ status: 400, json: { error: 'invalid-request' } })
    expect((await stranger.call('GET', 'me')).status).toBe(200)
  })
})

describe('sign-ins', () => {
  it('lists sessions, and ends them all', async () => {
    const { phone, needs, who, ended } = await set()
    const sessions = [newObjectName(systemEntropy), newObjectName(systemEntropy)]
    for (const [index, session] of sessions.entries())
      await needs.professionals.sessionOpened({
        practitionerId: who.id,
        session,
        service: `Service ${index}`,
        at: systemClock(),
        place: { city: 'Lyon', country: 'FR', network: 'Réseau Démo' },
        means: 'PASSKEY',
      })
    const list = async () =>
      SignIns.parse((await phone.call('GET', 'sign-ins')).json).signIns.map(({ service, live }) => [
        service,
        live,
      ])
    expect(await list()).toEqual([
      ['Service 1', true],
      ['Service 0', true],
    ])
    expect((await phone.call('GET', 'sign-ins')).text).not.toContain(sessions[0])
    expect(SignedOut.parse((await phone.call('POST', 'sign-out-everywhere')).json)).toEqual({ ended: 2 })
    expect(ended.toSorted()).toEqual(sessions.toSorted())
    expect(await list()).toEqual([
      ['Service 1', false],
      ['Service 0', false],
    ])
    expect(SignedOut.parse((await phone.call('POST', 'sign-out-everywhere')).json)).toEqual({ ended: 0 })
  })

  it('keeps the list when ending failed', async () => {
    const { app, needs, who, phone } = await set()
    await needs.professionals.sessionOpened({
      practitionerId: who.id,
      session: 's'.repeat(22),
      service: 'Service',
      at: systemClock(),
      place: { city: '', country: '', network: '' },
      means: 'MOBILE',
    })
    const failing = ward({ ...needs, endSessions: () => Promise.reject(new Error('down')) })
    const there = new Phone({ ...app, fetch: failing.app.fetch }, phone.device)
    expect((await there.call('POST', 'sign-out-everywhere')).status).toBe(500)
    expect(SignedOut.parse((await phone.call('POST', 'sign-out-everywhere')).json)).toEqual({ ended: 1 })
  })
})

describe('live', () => {
  const upgrade = (ticket: string, headers: Record<string, string> = {}) =>
    new Request(`${ORIGIN}/ecps/api/live`, {
      headers: { upgrade: 'websocket', 'sec-websocket-protocol': `serment.live, ${ticket}`, ...headers },
    })

  it('opens a socket by ticket', async () => {
    const { phone, app } = await set()
    const { ticket } = LiveTicket.parse((await phone.call('POST', 'live')).json)
    const response = await app.fetch(upgrade(ticket, { origin: ORIGIN }))
    expect(response.status).toBe(101)
    response.webSocket?.accept()
    response.webSocket?.close(1000)
    expect((await app.fetch(upgrade(ticket))).status).toBe(401)
  })

  it('RFC6455-10.2 refuses a page of another origin, and keeps the ticket', async () => {
    const { phone, app } = await set()
    const { ticket } = LiveTicket.parse((await phone.call('POST', 'live')).json)
    expect((await app.fetch(upgrade(ticket, { origin: 'https://evil.example' }))).status).toBe(400)
    const response = await app.fetch(upgrade(ticket))
    expect(response.status).toBe(101)
    response.webSocket?.accept()
    response.webSocket?.close(1000)
  })

  it('refuses anything that is no WebSocket', async () => {
    const { app } = await set()
    expect((await app.fetch(new Request(`${ORIGIN}/ecps/api/live`))).status).toBe(400)
  })
})

describe('each call refuses', () => {
  const calls: ['GET' | 'POST', string, unknown][] = [
    ['GET', 'me', undefined],
    ['GET', 'requests', undefined],
    ['POST', 'pairings', { code: 'K7QM-2XRD' }],
    ['POST', 'decisions', { id: 'a', choice: '47', assertion: {} }],
    ['GET', 'devices', undefined],
    ['POST', 'devices/revoke', { id: 'd'.repeat(43) }],
    ['GET', 'sign-ins', undefined],
    ['POST', 'sign-out-everywhere', undefined],
    ['POST', 'live', undefined],
  ]
  const wrongs: [string, Tampering][] = [
    ['no proof', { proof: null }],
    ['a proof for another path', { about: { path: 'other' } }],
    ['a proof for another method', { about: { method: 'PUT' } }],
    ['a proof for another body', { about: { body: '{"other":1}' } }],
    ['an old proof', { at: systemClock() - 3600 }],
  ]

  it.each(calls)('%s %s without a good proof', async (method, path, body) => {
    const { phone } = await set()
    for (const [, wrong] of wrongs)
      expect(await phone.call(method, path, body, wrong)).toMatchObject({
        status: 401,
        json: { error: 'invalid-proof' },
      })
  })

  it.each(calls)('%s %s by a key that nobody activated', async (method, path, body) => {
    const phone = await Phone.unpacked(ward().app)
    expect(await phone.call(method, path, body)).toMatchObject({
      status: 401,
      json: { error: 'unknown-device' },
    })
  })

  it.each(calls)('%s %s by a person suspended since', async (method, path, body) => {
    const { phone, who } = await set()
    await suspend(who.id)
    expect(await phone.call(method, path, body)).toMatchObject({ status: 403, json: { error: 'suspended' } })
  })

  it.each(calls.filter(([, path]) => !['decisions', 'pairings'].includes(path)))(
    'RFC9449-11.1 %s %s with a proof used before',
    async (method, path, body) => {
      const { phone } = await set()
      const proof = await phone.proofFor(method, path, body === undefined ? '' : JSON.stringify(body))
      await phone.call(method, path, body, { proof })
      expect(await phone.call(method, path, body, { proof })).toMatchObject({
        status: 401,
        json: { error: 'invalid-proof' },
      })
    },
  )

  it.each(calls.filter(([, , body]) => body !== undefined))(
    '%s %s with a body that is no JSON',
    async (method, path) => {
      const { phone } = await set()
      const refused = await phone.call(method, path, { a: 1 }, { contentType: 'text/plain' })
      expect(refused).toMatchObject({ status: 400, json: { error: 'invalid-request' } })
    },
  )

  it('says nothing to caches, and nothing to other origins', async () => {
    const { phone } = await set()
    const { headers } = await phone.call('GET', 'me')
    expect(headers.get('cache-control')).toBe('no-store')
    expect([...headers.keys()].filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([])
  })
})
