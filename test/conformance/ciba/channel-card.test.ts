import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuditEvent } from '../../../src/audit/event.ts'
import { d1CardBlocks } from '../../../src/cards/blocks.d1.ts'
import { objectProfessionals } from '../../../src/ecps/professional.object.ts'
import { ANY_CARD } from '../../../src/ecps/professional.ts'
import { systemEntropy } from '../../../src/kernel/handle.ts'
import { PractitionerId } from '../../../src/kernel/identifiers.ts'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import type { Queued } from '../../../src/notifications/queued.ts'
import { Browser, tally } from '../../actors/browser.ts'
import { cardDesk, type Shown } from '../../actors/card-desk.ts'
import { anEntry, inDirectory } from '../../actors/directory.ts'
import { Phone } from '../../actors/phone.ts'
import { Service } from '../../actors/service.ts'
import { asked, begin, CIBA, poll, refusal, request, type Tokens, waiting } from './world.ts'

let desk: Awaited<ReturnType<typeof cardDesk>>
let service: Service
let number = 99_700_510_000

beforeAll(async () => {
  desk = await cardDesk()
  service = await Service.register(desk.composed, {
    client_name: 'Logiciel <b>Démo</b>',
    redirect_uris: [],
    grant_types: [CIBA, 'refresh_token'],
  })
})

const isQueued = (body: unknown): body is Queued =>
  typeof body === 'object' && body !== null && 'type' in body && typeof body.type === 'string'
const queued = <Type extends Queued['type']>(type: Type) =>
  desk.queued.filter(isQueued).filter((body): body is Extract<Queued, { type: Type }> => body.type === type)
const events = (): AuditEvent[] => queued('audit').map(({ event }) => event)

async function person(status: 'active' | 'suspended' = 'active'): Promise<string> {
  number += 1
  const nationalId = `8${number}`
  await inDirectory(anEntry(nationalId, { status }))
  return nationalId
}

async function phoneOf(nationalId: string): Promise<Phone> {
  const phone = await Phone.unpacked({ origin: desk.issuer, fetch: desk.fetch })
  const code = (channel: 'email' | 'sms') =>
    queued('message')
      .findLast(({ message }) => message.channel === channel)
      ?.message.body.match(/\d{6}/)?.[0] ?? ''
  const codes = () => ({ emailCode: code('email'), smsCode: code('sms') })
  const done = await phone.finish(await phone.begin(nationalId, codes))
  if (done.status !== 201) throw new Error(`not activated: ${done.text}`)
  return phone
}

const askedOfCard = (nationalId: string, change: Record<string, string> = {}) =>
  asked(nationalId, { channel: 'CARD', ...change })
const ask = (nationalId: string, change: Record<string, string> = {}, by = service) =>
  begin({ events }, by, askedOfCard(nationalId, change))
const locationOf = (response: Response) => response.headers.get('location') ?? ''

/** Somebody shows a card; the way back is not followed yet. */
async function showing(card: Shown) {
  const browser = new Browser(desk.issuer, desk.fetch)
  const at = locationOf(await browser.ask('/requests', { method: 'POST' }))
  return { browser, at, back: locationOf(await desk.show(at, card)) }
}

/** Somebody at their computer, who has shown their card. */
async function atDesk(nationalId: string) {
  const card = await desk.buy({ nationalId })
  const { browser, back, at } = await showing(card)
  const page = locationOf(await browser.ask(back))
  const look = async () => (await browser.ask(page)).text()
  const approvalIn = (html: string) => /name="approval" value="([^"]+)"/.exec(html)?.[1] ?? ''
  const answer = (approval: string, choice: string) =>
    browser.ask(page, { method: 'POST', body: new URLSearchParams({ approval, choice }) })
  return {
    browser,
    card,
    at,
    back,
    page,
    look,
    approval: async () => approvalIn(await look()),
    answer,
    pick: async (choice: string) => (await answer(approvalIn(await look()), choice)).text(),
  }
}

/** The clock of a request stands so many seconds from now. */
const later = (authReqId: string, seconds: number) =>
  runInDurableObject(env.CIBA.getByName(authReqId.split('.')[0] ?? ''), (object) => {
    object.clock = () => after(systemClock(), seconds)
  })
const pending = async (id: string) => {
  await later(id, 30)
  expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
}

describe('PSC §3 channel=CARD: grants', () => {
  it('asked, shown, picked, polled: tokens that say CARD and what the card did (RFC 8176 §2)', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const html = await there.look()
    expect(html.match(/name="choice" value="\d\d"/g)).toHaveLength(3)
    expect(html).toContain('name="choice" value="none"')
    expect(await there.pick('47')).toContain('C’est fait')
    const response = await poll(service, id)
    expect(response.status).toBe(200)
    const tokens = await response.json<Tokens>()
    expect(decodeJwt(tokens.id_token)).toMatchObject({
      acr: 'eidas1',
      amr: ['sc', 'pin', 'mfa', 'hwk', 'pop'],
    })
    const userinfo = await desk.fetch(
      new Request(`${desk.issuer}/userinfo`, { headers: { authorization: `Bearer ${tokens.access_token}` } }),
    )
    expect(await userinfo.json()).toMatchObject({ authMode: 'CARD' })
    expect(await refusal(await poll(service, id))).toBe('400 invalid_grant')
    expect(events()).toContainEqual(
      expect.objectContaining({ kind: 'login.proved', practitionerId: nationalId, detail: 'CARD, CIBA' }),
    )
  })

  it('the session is one that this card opened: a block finds it', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    await (await atDesk(nationalId)).pick('47')
    expect((await poll(service, id)).status).toBe(200)
    const { professionalName: name } = desk.composed
    const professionals = objectProfessionals({ namespace: env.PROFESSIONAL, name, entropy: systemEntropy })
    let closed: readonly string[] = []
    // Listed behind the answer.
    for (let turn = 0; turn < 200 && closed.length === 0; turn++) {
      await scheduler.wait(1)
      closed = await professionals.closeSessions(nationalId, ANY_CARD)
    }
    expect(closed).toHaveLength(1)
  })

  it('words to confirm: shown as text, whatever they look like', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId, { binding_message: 'Signer <script>alert(1)</script>' })
    const there = await atDesk(nationalId)
    const html = await there.look()
    expect(html).toContain('Signer &lt;script&gt;alert(1)&lt;/script&gt;')
    expect(html).toContain('Logiciel &lt;b&gt;Démo&lt;/b&gt;')
    expect(html).not.toContain('<script')
    await there.pick('confirm')
    expect((await poll(service, id)).status).toBe(200)
  })

  it('a request that comes after the card is there when the person looks again', async () => {
    const nationalId = await person()
    const there = await atDesk(nationalId)
    expect(await there.look()).toContain('Aucun service n’attend votre carte')
    const { auth_req_id: id } = await ask(nationalId)
    await there.pick('47')
    expect((await poll(service, id)).status).toBe(200)
  })

  it('ping: the client is told (CIBA Core §10.2)', async () => {
    const client = await Service.register(desk.composed, {
      client_name: 'Démo',
      redirect_uris: [],
      grant_types: [CIBA],
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://demo.example.test/ping',
    })
    const nationalId = await person()
    const token = 'a-token-of-the-client'
    const { auth_req_id: authReqId } = await ask(nationalId, { client_notification_token: token }, client)
    await (await atDesk(nationalId)).pick('47')
    expect(queued('ping').map(({ ping }) => ping)).toContainEqual(
      expect.objectContaining({ token, authReqId }),
    )
  })

  it('the phone is not rung, and a request of the phone waits beside it', async () => {
    const nationalId = await person()
    const phone = await phoneOf(nationalId)
    const { auth_req_id: byCard } = await ask(nationalId)
    expect(await waiting(phone)).toEqual([])
    const { auth_req_id: byPhone } = await ask(nationalId, { channel: 'MOBILE', binding_message: '58' })
    const shown = await request(phone)
    expect(shown.id).toContain(byPhone.split('.')[0])
    const there = await atDesk(nationalId)
    expect(await there.approval()).toContain(byCard.split('.')[0])
    await phone.tap(shown, '58')
    await there.pick('47')
    expect((await poll(service, byPhone)).status).toBe(200)
    expect((await poll(service, byCard)).status).toBe(200)
  })
})

describe('refuses', () => {
  it.each([
    ['a wrong value', (values: string[]) => values.find((value) => value !== '47') ?? ''],
    ['none of these', () => 'none'],
  ])('%s: one try, and the request is over', async (_, choose) => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const values = [...(await there.look()).matchAll(/name="choice" value="(\d\d)"/g)].map(
      ([, value = '']) => value,
    )
    await there.pick(choose(values))
    expect(await refusal(await poll(service, id))).toBe('400 access_denied')
    expect(await (await atDesk(nationalId)).look()).toContain('Aucun service n’attend votre carte')
  })

  it('a value that was not shown spends nothing', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    expect((await there.answer(await there.approval(), 'confirm')).status).toBe(303)
    await there.pick('47')
    expect((await poll(service, id)).status).toBe(200)
  })

  it('acr_values=phr: a question that a service sends can be relayed', async () => {
    const response = await service.post('/bc-authorize', askedOfCard(await person(), { acr_values: 'phr' }))
    expect(await refusal(response)).toBe('400 invalid_request')
  })

  it('people who are unknown or suspended: the same answer, the same calls, the same silence', async () => {
    const seen = []
    for (const nationalId of [await person(), await person('suspended'), '899700519999']) {
      const before = desk.calls.length
      const { auth_req_id: id, ...told } = await ask(nationalId)
      seen.push(JSON.stringify([told, tally(desk.calls.slice(before))]))
      await pending(id)
    }
    expect(new Set(seen).size).toBe(1)
  })

  it('the fourth request of a service in a quarter of an hour is listed nowhere, and stays pending', async () => {
    const nationalId = await person()
    // The first two meet: two at once end each other, as on the phone. The third is alone.
    await ask(nationalId)
    await ask(nationalId)
    const { auth_req_id: third } = await ask(nationalId)
    const { auth_req_id: fourth } = await ask(nationalId)
    expect(events().findLast(({ kind }) => kind === 'approval.asked')?.detail).toBe('service: closed')
    const there = await atDesk(nationalId)
    expect(await there.approval()).toContain(third.split('.')[0])
    await pending(fourth)
  })
})

describe('attacks', () => {
  it('another person’s card sees nothing and decides nothing', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const approval = await (await atDesk(nationalId)).approval()
    const stranger = await atDesk(await person())
    expect(await stranger.look()).not.toContain('name="approval"')
    expect(await (await stranger.answer(approval, '47')).text()).toContain('n’attend plus')
    await pending(id)
  })

  it('another browser has neither the page nor the answer (RFC 9700 §4.7)', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const approval = await there.approval()
    const other = new Browser(desk.issuer, desk.fetch)
    expect((await other.ask(there.page)).status).toBe(403)
    const body = new URLSearchParams({ approval, choice: '47' })
    expect((await other.ask(there.page, { method: 'POST', body })).status).toBe(403)
    await pending(id)
  })

  it('a link sent to the holder of a card: the address they arrive at is worth nothing', async () => {
    const attacker = await showing(await desk.buy({ nationalId: await person() }))
    expect((await desk.show(attacker.back, undefined)).status).toBe(403)
    expect(locationOf(await attacker.browser.ask(attacker.back))).toBe('/requests?spent')
  })

  it('the way back and the way there are good once', async () => {
    const there = await atDesk(await person())
    expect(locationOf(await there.browser.ask(there.back))).toBe('/requests?spent')
    expect((await desk.show(there.at, there.card)).status).toBe(403)
  })

  it('deciding twice, and two answers at once: one counts', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const approval = await there.approval()
    const answers = await Promise.all([there.answer(approval, '47'), there.answer(approval, '47')])
    const told = await Promise.all(answers.map((response) => response.text()))
    expect(told.filter((html) => html.includes('C’est fait'))).toHaveLength(1)
    expect((await there.browser.ask(there.page)).status).toBe(410)
    const again = await atDesk(nationalId)
    expect(await (await again.answer(approval, 'none')).text()).toContain('n’attend plus')
    expect((await poll(service, id)).status).toBe(200)
  })

  it('after the request has expired nothing is decided', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const approval = await there.approval()
    await later(id, 120)
    expect(await (await there.answer(approval, '47')).text()).toContain('n’attend plus')
    expect(await refusal(await poll(service, id))).toBe('400 expired_token')
  })

  it('a phone does not decide what waits for the card, nor the card what waits on the phone', async () => {
    const nationalId = await person()
    const phone = await phoneOf(nationalId)
    const { auth_req_id: byPhone } = await ask(nationalId, { channel: 'MOBILE' })
    const { auth_req_id: byCard } = await ask(nationalId)
    const shown = await request(phone)
    const there = await atDesk(nationalId)
    const forCard = await there.approval()
    expect((await phone.tap({ ...shown, id: forCard }, '47')).status).not.toBe(200)
    expect(await (await there.answer(shown.id, '47')).text()).toContain('n’attend plus')
    await pending(byPhone)
    await pending(byCard)
  })

  it('a form of another site', async () => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const approval = await there.approval()
    const cookie = `requests-${there.page.split('/')[2]?.slice(0, 8)}`
    const name = [cookie, `__Host-${cookie}`].find((each) => there.browser.cookie(each) !== undefined) ?? ''
    const forged = await desk.fetch(
      new Request(`${desk.issuer}${there.page}`, {
        method: 'POST',
        headers: {
          cookie: `${name}=${there.browser.cookie(name)}`,
          origin: 'https://evil.example.test',
          'sec-fetch-site': 'cross-site',
        },
        body: new URLSearchParams({ approval, choice: '47' }),
      }),
    )
    expect(name).not.toBe('')
    expect(forged.status).toBe(403)
    await pending(id)
  })

  it.each(['blocked', 'suspended'])('%s between the card and the answer', async (what) => {
    const nationalId = await person()
    const { auth_req_id: id } = await ask(nationalId)
    const there = await atDesk(nationalId)
    const approval = await there.approval()
    if (what === 'suspended')
      await env.DB.prepare(`UPDATE practitioner SET status = 'suspended' WHERE national_id = ?`)
        .bind(nationalId)
        .run()
    else
      await d1CardBlocks(env.DB).add({
        id: crypto.randomUUID(),
        practitionerId: PractitionerId.parse(nationalId),
        card: undefined,
        reason: 'lost',
        blockedBy: 'authority',
        blockedAt: systemClock(),
      })
    expect(await (await there.answer(approval, '47')).text()).toContain('n’est plus acceptée')
    await pending(id)
  })
})
