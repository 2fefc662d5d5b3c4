import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { objectEnrolments } from '../../src/ecps/enrolment.object.ts'
import { address, systemEntropy } from '../../src/kernel/handle.ts'
import { PractitionerId } from '../../src/kernel/identifiers.ts'

const enrolments = objectEnrolments({ namespace: env.ENROLMENT, entropy: systemEntropy })
const practitionerId = PractitionerId.parse('810000000001')

const stubOf = (activation: string) => {
  const at = address(activation)
  if (at === undefined) throw new Error('not a handle')
  return env.ENROLMENT.getByName(at.object)
}

describe('an activation', () => {
  it('keeps neither code nor secret', async () => {
    const begun = await enrolments.begin(practitionerId, 'handle')
    const kept = await runInDurableObject(stubOf(begun.activation), (_, state) =>
      JSON.stringify([...state.storage.kv.list()]),
    )
    expect(kept).toContain(practitionerId)
    for (const secret of [begun.emailCode, begun.smsCode, address(begun.activation)?.secret])
      expect(kept).not.toContain(secret)
  })

  it('takes right codes once, of twenty at once', async () => {
    const begun = await enrolments.begin(practitionerId, 'handle')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => enrolments.giveCodes(begun.activation, begun)),
    )
    const accepted = answers.filter((answer) => 'challenge' in answer)
    expect(accepted).toHaveLength(1)
    expect(accepted[0]).toMatchObject({ practitionerId, userHandle: 'handle' })
  })

  it('gives its challenge once, of twenty at once', async () => {
    const begun = await enrolments.begin(practitionerId, 'handle')
    const accepted = await enrolments.giveCodes(begun.activation, begun)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => enrolments.takeChallenge(begun.activation)),
    )
    expect(answers.filter((answer) => 'challenge' in answer)).toEqual([accepted])
  })

  it('allows five wrong answers, of twenty at once', async () => {
    const begun = await enrolments.begin(practitionerId, 'handle')
    const wrong = { emailCode: 'x', smsCode: 'x' }
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => enrolments.giveCodes(begun.activation, wrong)),
    )
    expect(answers.filter((answer) => 'refused' in answer && answer.refused === 'wrong-codes')).toHaveLength(
      4,
    )
    expect(await enrolments.giveCodes(begun.activation, begun)).toEqual({ refused: 'too-many-attempts' })
  })

  it('leaves nothing behind after its ten minutes', async () => {
    const begun = await enrolments.begin(practitionerId, 'handle')
    const stub = stubOf(begun.activation)
    const at = await runInDurableObject(stub, (_, state) => state.storage.getAlarm())
    expect((at ?? 0) - Date.now()).toBeGreaterThan(590_000)
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await runInDurableObject(stub, (_, state) => [...state.storage.kv.list()])).toEqual([])
    expect(await enrolments.giveCodes(begun.activation, begun)).toEqual({ refused: 'activation-expired' })
  })
})
