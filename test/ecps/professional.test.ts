import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Professional, Waiting } from '../../src/ecps/professional.ts'
import * as machine from '../../src/ecps/professional.ts'
import { instant, after as later } from '../../src/kernel/instant.ts'
import { NOWHERE } from '../../src/kernel/place.ts'

const now = instant(1_800_000_000)
const { NOBODY } = machine

const request = (login: string, by: Waiting['by'] = 'bond', lifetime = 90): Waiting => ({
  approval: `${login}.1`,
  loginName: login,
  service: 'Dossier Démo',
  expiresAt: later(now, lifetime),
  by,
})
const refusal = (outcome: 'wrong-code' | 'denied', approval = 'a.1') => ({
  approval,
  outcome,
  service: 'Dossier Démo',
  place: NOWHERE,
})

describe('requests', () => {
  it('one waits', () => {
    const { next, ...answer } = machine.announce(NOBODY, request('a'), now)
    expect(answer).toEqual({ outcome: 'listed' })
    expect(next.waiting).toEqual([request('a')])
  })

  it.each<[Waiting['by'], Waiting['by']]>([
    ['bond', 'bond'],
    ['bond', 'pairing'],
    ['pairing', 'bond'],
    ['pairing', 'pairing'],
  ])('two at once, by %s then by %s, end each other', (first, second) => {
    const one = machine.announce(NOBODY, request('a', first), now).next
    const { next, ...answer } = machine.announce(one, request('b', second), now)
    expect(answer).toEqual({ outcome: 'two-at-once', cancel: ['a.1', 'b.1'] })
    expect(next.waiting).toEqual([])
  })

  it('what waits for the card meets nothing that waits on the phone, and leaves alone', () => {
    const phone = machine.announce(NOBODY, request('a', 'service'), now).next
    const both = machine.announce(phone, { ...request('b', 'service'), forCard: true }, now)
    expect(both.outcome).toBe('listed')
    expect(both.next.waiting).toEqual([request('a', 'service')])
    expect(machine.withdraw(both.next, 'b.1')).toMatchObject({ waiting: phone.waiting, forCard: [] })
    const again = machine.announce(both.next, { ...request('c', 'service'), forCard: true }, now)
    expect(again).toMatchObject({ outcome: 'two-at-once', cancel: ['b.1', 'c.1'] })
    expect(again.next.waiting).toEqual(phone.waiting)
    expect(machine.expire(both.next, later(now, 90)).forCard).toEqual([])
  })

  it('the same login asking again replaces its own', () => {
    const one = machine.announce(NOBODY, request('a'), now).next
    const again = { ...request('a', 'pairing'), approval: 'a.2' }
    const { next, outcome } = machine.announce(one, again, now)
    expect(outcome).toBe('listed')
    expect(next.waiting).toEqual([again])
  })

  it('one that was withdrawn or has expired does not count as the first of two', () => {
    const one = machine.announce(NOBODY, request('a'), now).next
    expect(machine.announce(machine.withdraw(one, 'a.1'), request('b'), now).outcome).toBe('listed')
    expect(machine.announce(machine.expire(one, later(now, 90)), request('b'), now).outcome).toBe('listed')
  })

  it('whatever comes, at most one waits', () => {
    const step = fc.record({ login: fc.constantFrom('a', 'b', 'c'), drop: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let state = NOBODY
        for (const { login, drop } of steps) {
          state = machine.announce(state, request(login), now).next
          if (drop) state = machine.withdraw(state, `${login}.1`)
          if (state.waiting.length > 1) return false
        }
        return true
      }),
    )
  })
})

describe('the push channel', () => {
  const refused = (times: number, at = now) =>
    Array.from({ length: times }).reduce<Professional>(
      (state, _, index) => machine.settle(state, refusal(index % 2 === 0 ? 'denied' : 'wrong-code'), at),
      NOBODY,
    )

  it.each([
    [0, 'listed'],
    [1, 'listed'],
    [2, 'closed'],
    [3, 'closed'],
  ])('after %d refusals a bonded browser is %s', (times, outcome) => {
    expect(machine.announce(refused(times), request('a'), now).outcome).toBe(outcome)
  })

  it('stays open to what the phone fetches itself: only the ringing stops', () => {
    expect(machine.announce(refused(2), request('a', 'pairing'), now).outcome).toBe('listed')
  })

  it('opens again after a quarter of an hour', () => {
    const opening = later(now, machine.CLOSED_FOR)
    expect(machine.announce(machine.expire(refused(2), opening), request('a'), opening).outcome).toBe(
      'listed',
    )
  })

  it('forgets refusals further apart than that', () => {
    const opening = later(now, machine.CLOSED_FOR)
    const state = machine.settle(machine.expire(refused(1), opening), refusal('denied'), opening)
    expect(machine.announce(state, request('a'), opening).outcome).toBe('listed')
  })

  it('is not closed by approvals', () => {
    let state = NOBODY
    for (let i = 0; i < 5; i++)
      state = machine.settle(state, { ...refusal('denied'), outcome: 'approved' }, now)
    expect(machine.announce(state, request('a'), now).outcome).toBe('listed')
  })
})

describe('proofs', () => {
  const proof = { jti: 'a'.repeat(22), iat: now }
  const once = () => {
    const seen = machine.witness(NOBODY, proof)
    if ('refused' in seen) throw new Error('refused')
    return seen.next
  }

  it('RFC9449-11.1 are taken once', () => {
    expect(machine.witness(once(), proof)).toEqual({ refused: 'replayed' })
  })

  it.each([
    [0, 'refused'],
    [119, 'refused'],
    [120, 'next'],
  ])('%d s after their iat: %s', (seconds, answer) => {
    expect(machine.witness(machine.expire(once(), later(now, seconds)), proof)).toHaveProperty(answer)
  })

  it('are limited in number', () => {
    let state = NOBODY
    for (let i = 0; i < machine.MAX_PROOFS; i++) {
      const seen = machine.witness(state, { jti: `${i}`, iat: now })
      if ('refused' in seen) throw new Error('refused early')
      state = seen.next
    }
    expect(machine.witness(state, { jti: 'one more', iat: now })).toEqual({ refused: 'too-many' })
  })
})

describe('sign-ins and sessions', () => {
  const opened = (session: string, at = now) => ({
    session,
    at,
    service: 'Dossier Démo',
    place: NOWHERE,
    means: 'PASSKEY' as const,
  })
  const listed = (state: Professional, one: Parameters<typeof machine.openSession>[1]) =>
    machine.openSession(state, one).next

  it('are listed newest first, and only so many', () => {
    let state = NOBODY
    for (let i = 0; i < machine.MAX_SIGN_INS + 5; i++) state = listed(state, opened(`s${i}`))
    expect(state.signIns).toHaveLength(machine.MAX_SIGN_INS)
    expect(state.signIns[0]?.session).toBe(`s${machine.MAX_SIGN_INS + 4}`)
  })

  it('are live until ended, or until the longest a session lives', () => {
    const state = listed(listed(NOBODY, opened('s1')), opened('s2'))
    const live = (p: Professional) => p.signIns.map((signIn) => machine.isLive(p, signIn))
    expect(live(state)).toEqual([true, true])
    expect(live(machine.endSessions(state, ['s1']))).toEqual([true, false])
    expect(live(machine.expire(state, later(now, 14_400)))).toEqual([false, false])
  })

  it('a session told twice is one', () => {
    const state = listed(listed(NOBODY, opened('s1')), opened('s1'))
    expect(state.signIns).toHaveLength(1)
  })

  describe('closed for a card, or for all', () => {
    const byCard = (session: string, card: string, at = now) => ({
      ...opened(session, at),
      means: 'CARD' as const,
      card,
    })
    const three = listed(listed(listed(NOBODY, opened('s1')), byCard('s2', 'lost')), byCard('s3', 'other'))

    it.each([
      ['one card ends what it opened, and nothing else', 'lost', ['s2']],
      ['all cards end what cards opened, and leave the phone its own', machine.ANY_CARD, ['s2', 's3']],
      ['all ends all', undefined, ['s1', 's2', 's3']],
      ['a card that opened nothing ends nothing', 'unknown', []],
    ])('%s', (_, card, sessions) => {
      const closed = machine.closeSessions(three, card, now)
      expect(closed.sessions).toEqual(sessions)
      // Ending one may fail: who closes again finds it again, until somebody says that it ended.
      expect(machine.closeSessions(closed.next, card, now).sessions).toEqual(sessions)
      const ended = machine.endSessions(closed.next, closed.sessions)
      expect(machine.closeSessions(ended, card, now).sessions).toEqual([])
    })

    it.each([
      ['refuses a session of a card while all cards are closed', byCard('s4', 'new'), 'closed'],
      ['grants one of the phone', opened('s4'), 'listed'],
    ])('%s', (_, late, outcome) => {
      const { next } = machine.closeSessions(three, machine.ANY_CARD, now)
      expect(machine.openSession(next, late).outcome).toBe(outcome)
    })

    it.each([
      ['refuses a session that was being opened with it meanwhile', byCard('s4', 'lost'), 'closed'],
      ['refuses one that was proved just before', byCard('s4', 'lost', instant(now - 5)), 'closed'],
      ['grants one that was proved after', byCard('s4', 'lost', later(now, 1)), 'listed'],
      ['grants one of another card', byCard('s4', 'other'), 'listed'],
      ['grants one without a card', opened('s4'), 'listed'],
    ])('%s', (_, late, outcome) => {
      const { next } = machine.closeSessions(three, 'lost', now)
      expect(machine.openSession(next, late).outcome).toBe(outcome)
    })

    it('is remembered as long as a session lives', () => {
      const { next } = machine.closeSessions(NOBODY, undefined, now)
      expect(machine.isBlank(next, now)).toBe(false)
      expect(machine.expire(next, later(now, 14_400)).closings).toEqual([])
    })
  })

  it('refusals are never live', () => {
    const state = machine.settle(NOBODY, refusal('denied'), now)
    expect(state.signIns.map((signIn) => machine.isLive(state, signIn))).toEqual([false])
  })
})

describe('tickets', () => {
  const issued = machine.issueTicket(NOBODY, 'd'.repeat(43), 'device', now)
  it.each([
    ['once', issued, 'd'.repeat(43), 'device'],
    ['not twice', machine.takeTicket(issued, 'd'.repeat(43)).next, 'd'.repeat(43), undefined],
    ['not another', issued, 'e'.repeat(43), undefined],
    ['not after 30 s', machine.expire(issued, later(now, 30)), 'd'.repeat(43), undefined],
    ['not when the device was revoked', machine.dropDevice(issued, 'device').next, 'd'.repeat(43), undefined],
    ['though another device was', machine.dropDevice(issued, 'other').next, 'd'.repeat(43), 'device'],
  ])('%s', (_, state, digest, device) => {
    expect(machine.takeTicket(state, digest).device).toBe(device)
  })
})

describe('budgets', () => {
  it('five activations an hour', () => {
    let state = NOBODY
    const begin = (at = now) => {
      const { next, outcome } = machine.beginActivation(machine.expire(state, at), at)
      state = next
      return outcome
    }
    expect(Array.from({ length: 6 }, () => begin())).toEqual([...Array(5).fill('within'), 'exceeded'])
    expect(begin(later(now, 3599))).toBe('exceeded')
    expect(begin(later(now, 3600))).toBe('within')
  })

  it('ten codes that lead nowhere, then none at all for a while', () => {
    let state = NOBODY
    for (let i = 0; i < machine.MAX_MISSES; i++) state = machine.miss(state, now)
    expect(machine.announce(state, request('a', 'pairing'), now).outcome).toBe('too-many')
    expect(machine.announce(state, request('a', 'bond'), now).outcome).toBe('listed')
  })
})

describe('time', () => {
  it('nothing ended: nothing changed, so nothing is written', () => {
    const state = machine.announce(NOBODY, request('a'), now).next
    const same = machine.expire(state, now)
    for (const part of Object.keys(state) as (keyof Professional)[]) expect(same[part]).toBe(state[part])
  })

  it('wakes for the first thing to end', () => {
    expect(machine.wakeAt(NOBODY)).toBeUndefined()
    const begun = machine.beginActivation(NOBODY, now).next
    expect(machine.wakeAt(begun)).toBe(now + 3600)
    expect(machine.wakeAt(machine.announce(begun, request('a'), now).next)).toBe(now + 90)
  })

  it('is blank when nothing is left to remember', () => {
    const begun = machine.beginActivation(NOBODY, now).next
    expect(machine.isBlank(begun, now)).toBe(false)
    expect(machine.isBlank(machine.expire(begun, later(now, 3600)), later(now, 3600))).toBe(true)
    expect(machine.isBlank(machine.settle(NOBODY, refusal('denied'), now), now)).toBe(false)
  })
})

describe('requests of services', () => {
  const ring = (client: string, login: string): Waiting => ({
    ...request(login, 'service'),
    clientId: client,
  })
  /** Rings in turn, nobody answering: each is withdrawn before the next. */
  const unanswered = (rings: readonly string[]) => {
    let state: Professional = NOBODY
    const outcomes: string[] = []
    for (const [turn, client] of rings.entries()) {
      const { next, outcome } = machine.announce(state, ring(client, `l${turn}`), now)
      outcomes.push(outcome)
      state = machine.withdraw(next, `l${turn}.1`)
    }
    return { state, outcomes }
  }

  it.each([
    [
      ['a', 'a', 'a', 'a'],
      ['listed', 'listed', 'listed', 'closed'],
    ],
    [
      ['a', 'a', 'a', 'b'],
      ['listed', 'listed', 'listed', 'listed'],
    ],
    [
      ['a', 'a', 'b', 'b', 'c', 'c', 'd'],
      ['listed', 'listed', 'listed', 'listed', 'listed', 'listed', 'closed'],
    ],
  ])('three of one service, six of all: %j', (rings, outcomes) =>
    expect(unanswered(rings).outcomes).toEqual(outcomes),
  )

  it('ring again when a quarter of an hour has passed, and nothing is left to remember then', () => {
    const { state } = unanswered(['a', 'a', 'a'])
    const next = later(now, machine.CLOSED_FOR)
    expect(machine.wakeAt(state)).toBe(next)
    expect(machine.isBlank(state, now)).toBe(false)
    expect(machine.isBlank(machine.expire(state, next), next)).toBe(true)
    expect(machine.announce(machine.expire(state, next), ring('a', 'n'), next).outcome).toBe('listed')
  })

  it('cost nothing when they are approved', () => {
    let state: Professional = NOBODY
    for (let turn = 0; turn < 10; turn++) {
      const { next, outcome } = machine.announce(state, ring('a', `l${turn}`), now)
      expect(outcome).toBe('listed')
      const decided = { approval: `l${turn}.1`, outcome: 'approved', service: 'S', place: NOWHERE } as const
      state = machine.settle(next, decided, now)
    }
    expect(state.rings).toEqual([])
  })

  it('leave the browsers that are trusted alone: their budget is their own', () => {
    const { state } = unanswered(['a', 'a', 'b', 'b', 'c', 'c', 'd'])
    expect(machine.announce(state, request('bond'), now).outcome).toBe('listed')
    expect(machine.announce(state, request('pair', 'pairing'), now).outcome).toBe('listed')
  })
})
