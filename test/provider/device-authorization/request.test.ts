import { describe, expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../../src/kernel/handle.ts'
import { ClientId } from '../../../src/kernel/identifiers.ts'
import { after, instant } from '../../../src/kernel/instant.ts'
import { NOWHERE } from '../../../src/kernel/place.ts'
import {
  type Asked,
  answer,
  begin,
  endOf,
  poll,
  type Request,
  waiting,
} from '../../../src/provider/device-authorization/request.ts'

const T0 = instant(1_800_000_000)
const at = (seconds: number) => after(T0, seconds)
const secret = await digest('secret')
const otherSecret = await digest('other')
const clientId = ClientId.parse('demo')
const asked: Asked = {
  name: newObjectName(systemEntropy),
  secret,
  clientId,
  clientName: 'Tableau',
  scope: 'openid',
  acrValues: [],
  maxAge: undefined,
  place: NOWHERE,
  jkt: undefined,
  lifetime: 600,
}
const approval = {
  subject: { practitionerId: '899700900012', authTime: at(10), contextClass: 'phr', authentication: '{}' },
  acr: 'eidas1',
  from: undefined,
}
const fresh = (change: Partial<Asked> = {}) => begin({ ...asked, ...change }, T0)
const approved = (seconds = 10) => answer(fresh(), { approval }, at(seconds)).request
const ask = (request: Request, seconds: number, by: Partial<Parameters<typeof poll>[1]> = {}) =>
  poll(request, { secret, clientId, jkt: undefined, ...by }, at(seconds))

describe('RFC 8628 §3.5: what a poll is told', () => {
  it('authorization_pending, however slowly it comes', () => {
    let request = fresh()
    for (const seconds of [0, 5, 10, 15, 100, 599]) {
      const step = ask(request, seconds)
      expect(step.outcome).toEqual({ outcome: 'authorization_pending' })
      request = step.request
    }
  })

  it('slow_down: five seconds more for this and all that follow', () => {
    const first = ask(fresh(), 0).request
    const early = ask(first, 2)
    expect(early.outcome).toEqual({ outcome: 'slow_down' })
    expect(early.request.interval).toBe(10)
    const again = ask(early.request, 9)
    expect([again.outcome.outcome, again.request.interval]).toEqual(['slow_down', 15])
    expect(ask(again.request, 24).outcome).toEqual({ outcome: 'authorization_pending' })
  })

  it('a second of tolerance to clocks that count whole ones', () => {
    expect(ask(ask(fresh(), 0).request, 4).outcome).toEqual({ outcome: 'authorization_pending' })
    expect(ask(ask(fresh(), 0).request, 3).outcome).toEqual({ outcome: 'slow_down' })
  })

  it.each([
    ['expired_token', fresh(), 600],
    ['access_denied', answer(fresh(), 'denied', at(10)).request, 20],
    ['access_denied', answer(fresh(), 'denied', at(10)).request, 700],
  ] as const)('%s', (outcome, request, seconds) => {
    expect(ask(request, seconds).outcome).toEqual({ outcome })
  })

  it('tokens once, and nothing personal is left', () => {
    const first = ask(approved(), 20)
    expect(first.outcome).toMatchObject({ outcome: 'approved', ...approval, clientName: 'Tableau' })
    expect(JSON.stringify(first.request)).not.toContain('899700900012')
    expect(ask(first.request, 30).outcome).toEqual({ outcome: 'already-used' })
  })

  it('an answer in the last second counts, for a minute', () => {
    expect(ask(approved(599), 658).outcome.outcome).toBe('approved')
    expect(ask(approved(599), 659).outcome.outcome).toBe('expired_token')
    expect(ask(approved(10), 599).outcome.outcome).toBe('approved')
    expect(ask(approved(10), 600).outcome.outcome).toBe('expired_token')
  })
})

describe('refuses', () => {
  it.each([
    ['another secret', 'unknown', { secret: otherSecret }],
    ['another client', 'other-client', { clientId: ClientId.parse('thief') }],
  ] as const)('%s, and changes nothing by it', (_, outcome, by) => {
    for (const request of [fresh(), approved()]) {
      const step = ask(request, 20, by)
      expect(step.outcome).toEqual({ outcome })
      expect(step.request).toBe(request)
    }
  })

  it.each([
    ['no proof', 'key-missing', undefined],
    ['another key', 'key-mismatch', 'thief'],
  ] as const)('RFC 9449 §10: %s for a code bound to a key', (_, outcome, jkt) => {
    const bound = fresh({ jkt: 'mine' })
    expect(ask(bound, 20, { jkt }).outcome).toEqual({ outcome })
    expect(ask(bound, 20, { jkt: 'mine' }).outcome).toEqual({ outcome: 'authorization_pending' })
  })
})

describe('RFC 8628 §3.3: an answer', () => {
  it('the first one counts', () => {
    const after1 = answer(approved(), 'denied', at(20))
    expect(after1.outcome).toBe('answered')
    expect(ask(after1.request, 20).outcome.outcome).toBe('approved')
    const denied = answer(fresh(), 'denied', at(10)).request
    expect(answer(denied, { approval }, at(11)).outcome).toBe('answered')
  })

  it('none after the end', () => {
    expect(answer(fresh(), { approval }, at(600)).outcome).toBe('expired')
    expect(waiting(fresh(), at(599))).toMatchObject({ waiting: { clientName: 'Tableau' } })
    expect(waiting(fresh(), at(600))).toEqual({ absent: 'expired' })
    expect(waiting(approved(), at(20))).toEqual({ absent: 'answered' })
    expect(endOf(fresh())).toBe(at(1200))
  })

  it('what is shown has neither secret nor key', () => {
    expect(Object.keys(waiting(fresh(), T0))).toEqual(['waiting'])
    expect(JSON.stringify(waiting(fresh(), T0))).not.toContain(secret)
  })
})
