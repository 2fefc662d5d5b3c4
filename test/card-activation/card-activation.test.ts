import { describe, expect, it } from 'vitest'
import {
  begunActivation,
  CARD_ACTIVATION_LIFETIME,
  CARD_RETURN_LIFETIME,
  type CardActivation,
  calledOff,
  cameBack,
  cardPresented,
  finished,
  finishing,
  statusOf,
  taken,
  viewed,
} from '../../src/card-activation/card-activation.ts'
import type { Digest } from '../../src/kernel/digest.ts'
import { ObjectName, PractitionerId } from '../../src/kernel/identifiers.ts'
import type { Instant } from '../../src/kernel/instant.ts'
import type { Pairing } from '../../src/mire/login.ts'

const at = (seconds: number) => (1_800_000_000 + seconds) as Instant
const mark = (text: string) => text.padEnd(43, '0') as Digest
const name = ObjectName.parse('a'.repeat(22))
const [first, second] = [ObjectName.parse('1'.repeat(22)), ObjectName.parse('2'.repeat(22))]
const holder = {
  practitionerId: PractitionerId.parse('810000000001'),
  displayName: 'Maëlle ALLARD',
  card: 'reference',
}
const pairing = (which: string, until: number): Pairing => ({
  secret: which,
  secretDigest: mark(`qr-${which}`),
  code: which,
  codeDigest: mark(`code-${which}`),
  expiresAt: at(until),
})
const qr = (which: string) => ({ means: 'qr', digest: mark(`qr-${which}`) }) as const
const code = (which: string) => ({ means: 'code', digest: mark(`code-${which}`) }) as const
const opening = (taking: ObjectName) => ({ activation: name, taking })

const begun = begunActivation({ name, browser: mark('browser'), handle: mark('handle') }, at(0))
const presented = cardPresented(begun, { handle: mark('handle'), back: mark('back'), holder }, at(5)).next
const back = cameBack(presented, mark('back'), at(6)).next
const shown = viewed(back, pairing('one', 96), at(6))
const took = taken(shown, qr('one'), first, at(20)).next
const ending = finishing(took, opening(first)).next
const done = finished(ending, opening(first), 'iPhone')

describe('the walk', () => {
  it.each<[CardActivation, string]>([
    [begun, 'card'],
    [presented, 'card'],
    [back, 'shown'],
    [shown, 'shown'],
    [took, 'taken'],
    [ending, 'taken'],
    [done, 'done'],
  ])('%#: %s', (activation, status) => {
    expect(statusOf(activation)).toBe(status)
  })

  it('ends by saying which phone it was', () => {
    expect(done.phase).toEqual({ status: 'done', holder, device: 'iPhone' })
  })

  it('a phone that came late has its ten minutes too', () => {
    expect(begun.expiresAt).toBe(at(CARD_ACTIVATION_LIFETIME))
    expect(took.expiresAt).toBe(at(20 + CARD_ACTIVATION_LIFETIME))
  })
})

describe('refuses a card', () => {
  const shows = (activation: CardActivation, handle: string) =>
    cardPresented(activation, { handle: mark(handle), back: mark('other'), holder }, at(10)).outcome

  it.each<[string, CardActivation, string]>([
    ['with a handle that was made up', begun, 'guess'],
    ['with a handle that was used', presented, 'handle'],
    ['once the QR is shown', shown, 'handle'],
    ['once a phone is activated', done, 'handle'],
  ])('%s', (_, activation, handle) => {
    expect(shows(activation, handle)).toBe('unknown')
  })
})

describe('refuses the way back', () => {
  it.each<[string, CardActivation, string, number, string]>([
    ['made up', presented, 'guess', 6, 'spent'],
    ['before a card was shown', begun, 'back', 6, 'spent'],
    ['after a minute', presented, 'back', 5 + CARD_RETURN_LIFETIME, 'spent'],
    ['a second time, which changes nothing', shown, 'back', 7, 'open-already'],
  ])('%s', (_, activation, secret, when, outcome) => {
    const step = cameBack(activation, mark(secret), at(when))
    expect(step.outcome).toBe(outcome)
    expect(step.next).toBe(activation)
  })
})

describe('shows a QR for 90 seconds', () => {
  it('and the next one shortly before, while the older works until its own end', () => {
    expect(viewed(shown, pairing('two', 165), at(50))).toBe(shown)
    const renewed = viewed(shown, pairing('two', 165), at(80))
    expect(taken(renewed, qr('one'), first, at(95)).outcome).toEqual({
      practitionerId: holder.practitionerId,
    })
    expect(taken(renewed, qr('one'), first, at(96)).outcome).toBe('expired')
    expect(taken(renewed, code('two'), first, at(164)).outcome).toEqual({
      practitionerId: holder.practitionerId,
    })
  })

  it('none before a card, and none beside a phone that has it', () => {
    for (const each of [begun, presented, took, done])
      expect(viewed(each, pairing('two', 165), at(80))).toBe(each)
  })
})

describe('refuses a phone', () => {
  it.each<[string, CardActivation, ReturnType<typeof qr> | ReturnType<typeof code>, number, string]>([
    ['a guess', shown, qr('guess'), 20, 'unknown'],
    [
      'a QR’s secret typed as a code',
      shown,
      { means: 'code', digest: mark('qr-one') } as never,
      20,
      'unknown',
    ],
    ['before a card', begun, qr('one'), 20, 'unknown'],
    ['after 90 seconds', shown, code('one'), 96, 'expired'],
    ['the second phone', took, qr('one'), 21, 'already-taken'],
    ['the second phone, by the code beside the QR', took, code('one'), 21, 'already-taken'],
    ['one that guesses at what another has', took, qr('guess'), 21, 'unknown'],
    ['once another is activated', done, qr('one'), 21, 'unknown'],
  ])('%s', (_, activation, by, when, outcome) => {
    const step = taken(activation, by, second, at(when))
    expect(step.outcome).toBe(outcome)
    expect(step.next).toBe(activation)
  })
})

describe('"that is not my phone"', () => {
  const off = calledOff(took)

  it('takes it back: that phone gets nothing, its QR is no good any more, and another may come', () => {
    expect(statusOf(off)).toBe('shown')
    expect(finishing(off, opening(first)).outcome).toBeUndefined()
    expect(taken(off, qr('one'), second, at(30)).outcome).toBe('unknown')
    const again = taken(viewed(off, pairing('two', 120), at(30)), qr('two'), second, at(31)).next
    expect(finishing(again, opening(first)).outcome).toBeUndefined()
    expect(finishing(again, opening(second)).outcome).toEqual(holder)
  })

  it.each<[string, CardActivation]>([
    ['no phone has it', shown],
    ['its passkey is being registered', ending],
    ['it is active', done],
  ])('changes nothing when %s', (_, activation) => {
    expect(calledOff(activation)).toBe(activation)
  })

  it('nobody is done who was not at the end', () => {
    expect(finished(took, opening(first), 'iPhone')).toBe(took)
    expect(finished(ending, opening(second), 'iPhone')).toBe(ending)
  })
})
