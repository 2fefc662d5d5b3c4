import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { approvalChallenge as onServer } from '../../src/ecps/approval.ts'
import { approvalChallenge, challengesOf, NONE } from '../../web/ecps/challenge.ts'

const nonce = base64url.encode(new Uint8Array(32).map((_, index) => index))
const context = '{"approval":"a","service":"Dossier Démo","place":{"city":"Lyon"}}'

describe('pick-what-you-sign, on the phone', () => {
  // The vector of test/ecps/approval.test.ts, which openssl computed.
  it.each([
    ['47', 'UXDZUr8uXsYfXtKPEyuozxK07M1C6dAatoYtXLFNvdw'],
    [NONE, 'BEDOHlzF09pncSHxVDjDKHOzv3OyhQLFffowmJ5riE8'],
  ])('the challenge of %s is %s', async (choice, challenge) => {
    expect(await approvalChallenge(nonce, context, choice)).toBe(challenge)
  })

  it('is what the server computes, whatever the context says', async () => {
    const input = fc.tuple(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.string({ unit: 'grapheme' }),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(input, async ([bytes, text, choice]) => {
        const one = base64url.encode(bytes)
        expect(await approvalChallenge(one, text, choice)).toBe(await onServer(one, text, choice))
      }),
      { numRuns: 100 },
    )
  })

  it('is ready for every choice before one is tapped', async () => {
    const all = await challengesOf({ nonce, context, values: ['47', '82', '15'] })
    expect([...all.keys()]).toEqual(['47', '82', '15', NONE])
    expect(new Set(all.values()).size).toBe(4)
    expect(all.get('47')).toBe(await approvalChallenge(nonce, context, '47'))
  })
})
