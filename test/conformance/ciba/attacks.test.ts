import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, it } from 'vitest'
import { Decided, Refusal } from '../../../src/ecps/contract.ts'
import { professionalName } from '../../../src/ecps/professional-name.ts'
import { after, systemClock } from '../../../src/kernel/instant.ts'
import { tally } from '../../actors/browser.ts'
import type { Service } from '../../actors/service.ts'
import { type Acknowledged, asked, begin, poll, refusal, request, until, waiting, world } from './world.ts'

const here = world()
let service: Service
let other: Service
beforeAll(async () => {
  service = await here.service()
  other = await here.service()
})

/** The clock of a request stands still so many seconds from `since`, so that how slow we are does not count. */
const later = (authReqId: string, seconds: number, since = systemClock()) =>
  runInDurableObject(env.CIBA.getByName(authReqId.split('.')[0] ?? ''), (object) => {
    object.clock = () => after(since, seconds)
  })

describe('the client is the attacker', () => {
  it('§11 slow_down: polling faster than allowed costs five seconds more each time', async () => {
    const { auth_req_id: id } = await begin(here, service, asked(await here.person()))
    const begun = systemClock()
    await later(id, 0, begun)
    expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
    expect(await refusal(await poll(service, id))).toBe('400 slow_down')
    // The interval of 2 is 7 now: what was slow enough before is too fast.
    await later(id, 4, begun)
    expect(await refusal(await poll(service, id))).toBe('400 slow_down')
    await later(id, 16, begun)
    expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
  })

  it('§11: the auth_req_id of another client gives nothing, and changes nothing for its own', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id: id } = await begin(here, service, asked(nationalId))
    for (let tried = 0; tried < 3; tried++)
      expect(await refusal(await poll(other, id))).toBe('400 invalid_grant')
    expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
    await phone.tap(await request(phone), '47')
    expect(await refusal(await poll(other, id))).toBe('400 invalid_grant')
    expect((await poll(service, id)).status).toBe(200)
  })

  it('§10.1: replay of an auth_req_id, and twenty polls at once: the tokens are given once', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id: id } = await begin(here, service, asked(nationalId))
    await phone.tap(await request(phone), '47')
    const answers = await Promise.all(Array.from({ length: 20 }, () => poll(service, id)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await refusal(await poll(service, id))).toBe('400 invalid_grant')
  })

  it('flooding a phone: a service rings three times, then no more until it is approved or time has passed', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const name = await professionalName(env.NAMING_KEY)(nationalId)
    const rings: number[] = []
    for (let tried = 0; tried < 8; tried++) {
      const ack = await begin(here, service, asked(nationalId))
      const shown = await waiting(phone)
      rings.push(shown.length)
      // The client is told the same whether the phone rings or not.
      expect(ack.expires_in).toBe(120)
      expect(await refusal(await poll(service, ack.auth_req_id))).toBe('400 authorization_pending')
      // Nobody answers; its time passes.
      for (const { id } of shown)
        await runInDurableObject(env.PROFESSIONAL.getByName(name), (object) => object.withdrawn(id))
    }
    expect(rings).toEqual([1, 1, 1, 0, 0, 0, 0, 0])
    // Another service has its own three, and then six are enough for anybody.
    const third = await here.service()
    for (const [by, expected] of [
      [other, 1],
      [other, 1],
      [other, 1],
      [third, 0],
    ] as const) {
      await begin(here, by, asked(nationalId))
      const shown = await waiting(phone)
      expect(shown).toHaveLength(expected)
      for (const { id } of shown)
        await runInDurableObject(env.PROFESSIONAL.getByName(name), (object) => object.withdrawn(id))
    }
  })

  it('flooding a phone: two refusals close it to every service for a quarter of an hour', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    for (let refused = 0; refused < 2; refused++) {
      await begin(here, service, asked(nationalId))
      await phone.tap(await request(phone), 'none')
    }
    const ack = await begin(here, other, asked(nationalId))
    expect(await waiting(phone)).toEqual([])
    expect(await refusal(await poll(other, ack.auth_req_id))).toBe('400 authorization_pending')
  })

  it('what is approved costs nothing: twenty sign-ins in a row ring twenty times', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    for (let time = 0; time < 20; time++) {
      await begin(here, service, asked(nationalId))
      expect(Decided.parse((await phone.tap(await request(phone), '47')).json).outcome).toBe('approved')
    }
  })

  it('two requests at once end each other on the phone, and the clients learn nothing of it', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const first = await begin(here, service, asked(nationalId))
    const shown = await request(phone)
    const second = await begin(here, other, asked(nationalId, { binding_message: '12' }))
    await until(() => true)
    expect(await waiting(phone)).toEqual([])
    expect(Refusal.parse((await phone.tap(shown, '47')).json).error).toBe('request-gone')
    expect(await refusal(await poll(service, first.auth_req_id))).toBe('400 authorization_pending')
    expect(await refusal(await poll(other, second.auth_req_id))).toBe('400 authorization_pending')
  })
})

describe('enumeration: who exists and who has an e-CPS is not told', () => {
  const PEOPLE = ['unknown', 'suspended', 'without an e-CPS', 'with an e-CPS'] as const
  const made = async (kind: (typeof PEOPLE)[number]): Promise<string> => {
    if (kind === 'unknown') return `899700${600_000 + Math.floor(Math.random() * 99_999)}`
    const nationalId = await here.person(kind === 'suspended' ? 'suspended' : 'active')
    if (kind === 'with an e-CPS') await here.phone(nationalId)
    return nationalId
  }

  it('by the answer: same status, headers, members and lengths, and pending all the same', async () => {
    const seen = new Set<string>()
    const rung = () => here.events().filter(({ detail }) => detail?.startsWith('service: ')).length
    const rings = rung()
    for (const kind of PEOPLE) {
      const response = await service.post('/bc-authorize', asked(await made(kind)))
      const body = await response.json<Acknowledged>()
      const { auth_req_id: id, ...rest } = body
      const polled = await poll(service, id)
      seen.add(
        JSON.stringify([
          response.status,
          [...response.headers],
          id.length,
          rest,
          polled.status,
          [...polled.headers],
          await polled.text(),
        ]),
      )
    }
    expect(seen.size).toBe(1)
    await until(() => rung() === rings + PEOPLE.length)
  })

  it('by storage calls: the same calls in the same order, and one of them only before the answer', async () => {
    const all = new Set<string>()
    const before = new Set<string>()
    for (const kind of PEOPLE) {
      const nationalId = await made(kind)
      const rung = () => here.events().filter(({ detail }) => detail?.startsWith('service: ')).length
      const [from, rings] = [here.counted.calls.length, rung()]
      await service.post('/bc-authorize', asked(nationalId))
      const own = here.counted.calls.slice(from).findIndex(({ what }) => what === 'CIBA.begin')
      before.add(JSON.stringify(tally(here.counted.calls.slice(from, from + own + 1))))
      await until(() => rung() > rings)
      all.add(JSON.stringify(tally(here.counted.calls.slice(from))))
    }
    expect([...before]).toEqual([JSON.stringify({ objects: ['CIBA.begin'], queries: [] })])
    expect(all.size, [...all].join('\n')).toBe(1)
    const [calls = '{}'] = all
    const { objects, queries } = JSON.parse(calls) as ReturnType<typeof tally>
    expect(objects).toEqual(['CIBA.begin', 'CIBA.address', 'PROFESSIONAL.announce'])
    expect(queries).toHaveLength(1)
  })

  it('by the end: an unanswered request expires like one that reached nobody', async () => {
    for (const kind of PEOPLE) {
      const { auth_req_id: id } = await begin(here, service, asked(await made(kind)))
      await later(id, 120)
      expect(await refusal(await poll(service, id))).toBe('400 expired_token')
    }
  })
})

describe('the person on the other phone is the attacker', () => {
  it('approval by another professional: the request is not theirs to see nor to decide', async () => {
    const [mine, theirs] = [await here.person(), await here.person()]
    const [phone, stranger] = [await here.phone(mine), await here.phone(theirs)]
    const { auth_req_id: id } = await begin(here, service, asked(mine))
    const shown = await request(phone)
    expect(await waiting(stranger)).toEqual([])
    expect(Refusal.parse((await stranger.tap(shown, '47')).json).error).toBe('request-gone')
    expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
    // Their object, told the id, would still not hand it out.
    const found = await env.CIBA.getByName(id.split('.')[0] ?? '').findApproval(
      'MOBILE',
      shown.id,
      theirs as never,
    )
    expect(found.approval).toBeUndefined()
  })

  it('pick-what-you-sign: a signature over another value, sent as the right one', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    const { auth_req_id: id } = await begin(here, service, asked(nationalId))
    const shown = await request(phone)
    const assertion = await phone.sign(shown, 'none')
    const sent = await phone.call('POST', 'decisions', { id: shown.id, choice: '47', assertion })
    expect(Refusal.parse(sent.json).error).toBe('invalid-passkey')
    expect(await refusal(await poll(service, id))).toBe('400 authorization_pending')
  })

  it('pick-what-you-sign: a changed message makes another challenge', async () => {
    const nationalId = await here.person()
    const phone = await here.phone(nationalId)
    await begin(here, service, asked(nationalId, { binding_message: 'Virement de 10 euros' }))
    const shown = await request(phone)
    const changed = { ...shown, context: shown.context.replace('10 euros', '9 euros') }
    const sent = await phone.tap(changed, 'confirm')
    expect(Refusal.parse(sent.json).error).toBe('invalid-passkey')
  })
})
