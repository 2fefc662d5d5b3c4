import { describe, expect, it } from 'vitest'
import { digest } from '../../../src/kernel/digest.ts'
import { newObjectName, systemEntropy } from '../../../src/kernel/handle.ts'
import { ClientId, PractitionerId } from '../../../src/kernel/identifiers.ts'
import { after, instant } from '../../../src/kernel/instant.ts'
import {
  APPROVAL_PREFIX,
  type Asked,
  address,
  begin,
  cancel,
  decide,
  endOf,
  poll,
  type Request,
  waitingApproval,
} from '../../../src/provider/backchannel-authentication/request.ts'

const T0 = instant(1_800_000_000)
const at = (seconds: number) => after(T0, seconds)
const me = PractitionerId.parse('899700900012')
const other = PractitionerId.parse('899700900013')
const clientId = ClientId.parse('demo')
const secret = await digest('secret')
const by = { secret, clientId }
const asked: Asked = {
  name: newObjectName(systemEntropy),
  secret,
  clientId,
  clientName: 'Démo',
  scope: 'openid',
  acr: 'eidas1',
  shown: { code: '47', values: ['12', '47', '83'] },
  lifetime: 120,
  ping: undefined,
}
const to = (practitionerId: string) => ({ practitionerId, id: 'i'.repeat(22), nonce: 'n'.repeat(43) })
const subjectOf = (practitionerId: string) => ({
  practitionerId,
  authTime: at(10),
  contextClass: 'eidas1',
  authentication: '{}',
})

const ringing = (): Request => address(begin(asked, T0), to(me), T0).request
const id = `${APPROVAL_PREFIX}${asked.name}.${'i'.repeat(22)}`
const tap = (request: Request, choice: string, seconds = 10, person: string = me) =>
  decide(request, { channel: 'MOBILE', id, choice, subject: subjectOf(person) }, at(seconds))

describe('address', () => {
  it('makes one approval, in the words that are signed', () => {
    const { outcome } = address(begin(asked, T0), to(me), T0)
    if (outcome === 'gone') throw new Error('gone')
    expect(outcome.approval).toMatchObject({ id, practitionerId: me, code: '47', values: ['12', '47', '83'] })
    expect(JSON.parse(outcome.approval.context)).toMatchObject({
      approval: id,
      askedBy: 'service',
      bonded: false,
    })
    expect(outcome.approval.context).not.toContain('47')
  })
  it('does so once, and not for a request that has ended', () => {
    expect(address(ringing(), to(other), at(1)).outcome).toBe('gone')
    expect(address(begin(asked, T0), to(me), at(120)).outcome).toBe('gone')
    expect(address(cancel(ringing(), id, 'two-at-once'), to(me), at(1)).outcome).toBe('gone')
  })
})

describe('decide', () => {
  it.each([
    ['47', 'approved'],
    ['12', 'wrong-code'],
    ['none', 'denied'],
  ])('%s is %s, once', (choice, outcome) => {
    const decided = tap(ringing(), choice)
    expect(decided.outcome).toBe(outcome)
    expect(tap(decided.request, '47').outcome).toBe('already-decided')
  })
  it.each([
    ['another professional', () => tap(ringing(), '47', 10, other), 'gone'],
    ['too late', () => tap(ringing(), '47', 120), 'expired'],
    ['nobody was addressed', () => tap(begin(asked, T0), '47'), 'gone'],
    ['two requests met', () => tap(cancel(ringing(), id, 'two-at-once'), '47'), 'gone'],
    ['the phone was revoked', () => tap(cancel(ringing(), id, 'device-revoked'), '47'), 'already-decided'],
  ])('refuses: %s', (_, act, outcome) => expect(act().outcome).toBe(outcome))
  it('is shown to its professional, until its end', () => {
    expect(waitingApproval(ringing(), 'MOBILE', id, me, at(119))?.id).toBe(id)
    expect(waitingApproval(ringing(), 'MOBILE', id, me, at(120))).toBeUndefined()
    expect(waitingApproval(ringing(), 'MOBILE', id, other, at(1))).toBeUndefined()
    expect(waitingApproval(ringing(), 'MOBILE', 'ciba:other', me, at(1))).toBeUndefined()
  })
})

describe('poll', () => {
  const outcomeOf = (request: Request, seconds: number, who = by) =>
    poll(request, who, at(seconds)).outcome.outcome
  it.each([
    ['waiting', () => ringing(), 10, 'authorization_pending'],
    ['nobody addressed', () => begin(asked, T0), 10, 'authorization_pending'],
    ['two at once', () => cancel(ringing(), id, 'two-at-once'), 10, 'authorization_pending'],
    ['two at once, over', () => cancel(ringing(), id, 'two-at-once'), 120, 'expired_token'],
    ['over', () => ringing(), 120, 'expired_token'],
    ['denied', () => tap(ringing(), 'none').request, 20, 'access_denied'],
    ['wrong', () => tap(ringing(), '12').request, 20, 'access_denied'],
    ['revoked', () => cancel(ringing(), id, 'device-revoked'), 20, 'access_denied'],
    ['approved', () => tap(ringing(), '47').request, 20, 'approved'],
    ['approved at the last second', () => tap(ringing(), '47', 119).request, 178, 'approved'],
    ['approved, and never fetched', () => tap(ringing(), '47', 119).request, 179, 'expired_token'],
  ])('CIBA Core §11: %s', (_, made, seconds, outcome) => expect(outcomeOf(made(), seconds)).toBe(outcome))

  it('the result is given once', () => {
    const first = poll(tap(ringing(), '47').request, by, at(20))
    expect(first.outcome).toMatchObject({ outcome: 'approved', scope: 'openid', acr: 'eidas1' })
    expect(outcomeOf(first.request, 21)).toBe('already-used')
    expect(outcomeOf(first.request, 500)).toBe('already-used')
  })
  it('another client, or a wrong secret, changes nothing', async () => {
    for (const who of [
      { secret, clientId: ClientId.parse('thief') },
      { secret: await digest('guess'), clientId },
    ]) {
      const before = tap(ringing(), '47').request
      expect(poll(before, who, at(20)).request).toBe(before)
    }
  })
  it('slow_down adds five seconds each time, and a result is never slowed down', () => {
    const first = poll(ringing(), by, at(1))
    const second = poll(first.request, by, at(1))
    expect(second.outcome.outcome).toBe('slow_down')
    expect(second.request.interval).toBe(7)
    expect(outcomeOf(second.request, 6)).toBe('slow_down')
    expect(outcomeOf(second.request, 7)).toBe('authorization_pending')
    expect(outcomeOf(tap(second.request, '47', 2).request, 2)).toBe('approved')
  })
  it('is forgotten ten minutes after its end', () => expect(endOf(ringing())).toBe(at(720)))
})
