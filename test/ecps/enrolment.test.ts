import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  beginEnrolment,
  codesDigest,
  ENROLMENT_LIFETIME,
  type Enrolment,
  giveCodes,
  MAX_ATTEMPTS,
  sixDigits,
  takeChallenge,
} from '../../src/ecps/enrolment.ts'
import { type Digest, digest } from '../../src/kernel/digest.ts'
import { PractitionerId } from '../../src/kernel/identifiers.ts'
import { instant, after as later } from '../../src/kernel/instant.ts'

const now = instant(1_800_000_000)
const practitionerId = PractitionerId.parse('810000000001')
const secret = await digest('secret')
const right = await codesDigest('secret', '123456', '654321')
const wrong = await codesDigest('secret', '123456', '654320')
const begun = beginEnrolment({ secret, codes: right, practitionerId, userHandle: 'handle' }, now)
const given = (codes: Digest, over = {}) => ({ secret, codes, challenge: 'challenge', ...over })

const afterWrong = (times: number): Enrolment =>
  Array.from({ length: times }).reduce<Enrolment>((state) => giveCodes(state, given(wrong), now).next, begun)

describe('grants', () => {
  it('right codes, once, with a challenge', () => {
    const { next, answer } = giveCodes(begun, given(right), now)
    expect(answer).toEqual({ practitionerId, userHandle: 'handle' })
    expect(takeChallenge(next, secret, now).answer).toEqual({
      practitionerId,
      userHandle: 'handle',
      challenge: 'challenge',
    })
  })

  it.each([1, 2, 3, 4])('right codes after %d wrong ones', (times) => {
    expect(giveCodes(afterWrong(times), given(right), now).answer).toHaveProperty('practitionerId')
  })

  it('until its last second', () => {
    expect(giveCodes(begun, given(right), later(now, ENROLMENT_LIFETIME - 1)).answer).toHaveProperty(
      'practitionerId',
    )
  })
})

describe('refuses', () => {
  const accepted = giveCodes(begun, given(right), now).next
  const nowhere = beginEnrolment(
    { secret, codes: right, practitionerId: undefined, userHandle: 'handle' },
    now,
  )
  const late = later(now, ENROLMENT_LIFETIME)
  const otherSecret = given(right, { secret: wrong })

  it.each([
    ['wrong codes', giveCodes(begun, given(wrong), now), { refused: 'wrong-codes', attemptsLeft: 4 }],
    ['the fifth wrong answer', giveCodes(afterWrong(4), given(wrong), now), { refused: 'too-many-attempts' }],
    [
      'right codes after five wrong',
      giveCodes(afterWrong(5), given(right), now),
      { refused: 'too-many-attempts' },
    ],
    ['right codes twice', giveCodes(accepted, given(right), now), { refused: 'activation-expired' }],
    ['right codes too late', giveCodes(begun, given(right), late), { refused: 'activation-expired' }],
    ['right codes by another holder', giveCodes(begun, otherSecret, now), { refused: 'activation-expired' }],
    [
      'right codes of a number that leads nowhere',
      giveCodes(nowhere, given(right), now),
      { refused: 'wrong-codes', attemptsLeft: 4 },
    ],
    ['a challenge before the codes', takeChallenge(begun, secret, now), { refused: 'activation-expired' }],
    ['a challenge by another holder', takeChallenge(accepted, wrong, now), { refused: 'activation-expired' }],
    ['a challenge too late', takeChallenge(accepted, secret, late), { refused: 'activation-expired' }],
    [
      'a challenge twice',
      takeChallenge(takeChallenge(accepted, secret, now).next, secret, now),
      { refused: 'activation-expired' },
    ],
  ])('%s', (_, { answer }, refusal) => expect(answer).toEqual(refusal))

  it('counts no attempt of who is not the holder', () => {
    expect(giveCodes(begun, otherSecret, now).next).toBe(begun)
  })

  it('any run of wrong answers longer than five is dead for good', () => {
    fc.assert(
      fc.property(fc.integer({ min: MAX_ATTEMPTS, max: 20 }), (times) => {
        const { answer } = giveCodes(afterWrong(times), given(right), now)
        return 'refused' in answer && answer.refused === 'too-many-attempts'
      }),
    )
  })
})

describe('codes', () => {
  it('are compared together: neither may move into the other', async () => {
    const digests = await Promise.all([
      codesDigest('s', '123456', '654321'),
      codesDigest('s', '654321', '123456'),
      codesDigest('s', '12345', '6654321'),
      codesDigest('s', '123456654321', ''),
      codesDigest('t', '123456', '654321'),
    ])
    expect(new Set(digests).size).toBe(digests.length)
    expect(await codesDigest('s', ' 123 456 ', '654\u00a0321')).toBe(digests[0])
  })

  it('are six digits, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 4 }), (first) => {
        let drawn = 0
        const code = sixDigits(() => (drawn++ === 0 ? first : new Uint8Array([0, 0, 0, 7])))
        return /^\d{6}$/.test(code) && drawn <= 2
      }),
    )
  })

  it.each([
    [[0, 0, 0, 0], '000000'],
    [[0, 0, 0x30, 0x39], '012345'],
    [[0xff, 0xf1, 0x3d, 0x7f], '999999'],
  ])('%j is %s', (bytes, code) => {
    expect(sixDigits(() => Uint8Array.from(bytes))).toBe(code)
  })

  it('the top of the range, which would favour some codes, is drawn again', () => {
    const draws = [
      [0xff, 0xff, 0xff, 0xff],
      [0xff, 0xf1, 0x3d, 0x80],
      [0, 0, 0, 1],
    ]
    expect(sixDigits(() => Uint8Array.from(draws.shift() ?? []))).toBe('000001')
  })
})
