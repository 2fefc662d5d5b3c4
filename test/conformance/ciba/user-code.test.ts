import { beforeAll, describe, expect, it } from 'vitest'
import type { Phone } from '../../actors/phone.ts'
import type { Service } from '../../actors/service.ts'
import { asked, begin, poll, refusal, request, until, waiting, world } from './world.ts'

const here = world()
let asks: Service
let doesNot: Service
beforeAll(async () => {
  asks = await here.service({ backchannel_user_code_parameter: true })
  doesNot = await here.service()
})

/** Somebody whose phone a service rings with that code only. */
async function guarded(code = '2468'): Promise<{ nationalId: string; phone: Phone }> {
  const nationalId = await here.person()
  const phone = await here.phone(nationalId)
  expect((await phone.call('POST', 'user-code', { code })).json).toEqual({ userCode: true })
  return { nationalId, phone }
}

/** What the trail says became of the requests, behind their answers. */
const rings = () => here.events().filter(({ kind }) => kind === 'approval.asked')
const cameOf = () => rings().at(-1)?.detail
const count = () => rings().length
const settled = (before: number) => until(() => count() > before)

describe('CIBA Core §7.1, user_code: grants', () => {
  it('the right code rings, and the rest goes as ever', async () => {
    const { nationalId, phone } = await guarded()
    const ack = await begin(here, asks, asked(nationalId, { user_code: '2468' }))
    await phone.tap(await request(phone), '47')
    expect((await poll(asks, ack.auth_req_id)).status).toBe(200)
  })

  it.each([
    ['a person without a code, whatever is sent', undefined],
    ['a person who took theirs away', null],
  ])('%s', async (_, code) => {
    const { nationalId, phone } = code === undefined ? await unguarded() : await guarded()
    if (code === null)
      expect((await phone.call('POST', 'user-code', { code })).json).toEqual({ userCode: false })
    await begin(here, asks, asked(nationalId, { user_code: '0000' }))
    expect((await request(phone)).values).toContain('47')
  })

  it('§4: from a client that does not ask for codes it is left aside', async () => {
    const { nationalId, phone } = await guarded()
    await begin(here, doesNot, asked(nationalId, { user_code: 'wrong' }))
    expect((await request(phone)).values).toContain('47')
  })

  it('the phone knows whether there is one', async () => {
    const { phone } = await guarded()
    expect((await phone.call('GET', 'me')).json).toMatchObject({ userCode: true })
  })
})

async function unguarded() {
  const nationalId = await here.person()
  return { nationalId, phone: await here.phone(nationalId) }
}

describe('CIBA Core §7.1, §13, user_code: refuses', () => {
  it('§13 missing_user_code, of everybody alike', async () => {
    const { nationalId } = await guarded()
    for (const who of [nationalId, await here.person(), '899700599998'])
      expect(await refusal(await asks.post('/bc-authorize', asked(who)))).toBe('400 missing_user_code')
  })

  it.each(['', 'x'.repeat(65)])('§13 invalid_user_code: a code that is none (%j)', async (code) => {
    const response = await asks.post('/bc-authorize', asked(await here.person(), { user_code: code }))
    expect(await refusal(response)).toMatch(/^400 (invalid|missing)_user_code$/)
  })

  it('a wrong code rings nobody, and the service learns no more than of somebody unknown', async () => {
    const { nationalId, phone } = await guarded()
    const before = count()
    const ack = await begin(here, asks, asked(nationalId, { user_code: '1357' }))
    await settled(before)
    expect(await waiting(phone)).toEqual([])
    expect(cameOf()).toBe('service: user-code')
    expect(await refusal(await poll(asks, ack.auth_req_id))).toBe('400 authorization_pending')
  })

  it('guesses: the fourth within a quarter of an hour is not even compared', async () => {
    const { nationalId, phone } = await guarded()
    for (const guess of ['0001', '0002', '0003', '2468']) {
      const before = count()
      await begin(here, asks, asked(nationalId, { user_code: guess }))
      await settled(before)
    }
    expect(cameOf()).toBe('service: closed')
    expect(await waiting(phone)).toEqual([])
  })

  it.each([
    { code: '123' },
    { code: '123456789' },
    { code: 'abcd' },
    { code: 7 },
    {},
    { code: '1234', more: 1 },
  ])('a code that a phone cannot set: %j', async (message) => {
    const { phone } = await unguarded()
    expect((await phone.call('POST', 'user-code', message)).json).toEqual({ error: 'invalid-request' })
  })

  it('keeps no code: the object holds a keyed digest', async () => {
    const { nationalId, phone } = await guarded('97531')
    expect(JSON.stringify((await phone.call('GET', 'me')).json)).not.toContain('97531')
    expect(JSON.stringify(here.events())).not.toContain('97531')
    expect(nationalId).toBeTruthy()
  })
})
