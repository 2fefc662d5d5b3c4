import fc from 'fast-check'
import { base64url } from 'jose'
import { describe, expect, it } from 'vitest'
import { approvalChallenge, NONE, shownIn } from '../../src/ecps/approval.ts'

const nonce = base64url.encode(new Uint8Array(32).map((_, index) => index))
const context = '{"approval":"a","service":"Dossier Démo","place":{"city":"Lyon"}}'

describe('the challenge of a choice', () => {
  // Computed apart from this code, with `printf … | openssl dgst -sha256`: the web app and the robots must agree.
  it.each([
    ['47', 'UXDZUr8uXsYfXtKPEyuozxK07M1C6dAatoYtXLFNvdw'],
    [NONE, 'BEDOHlzF09pncSHxVDjDKHOzv3OyhQLFffowmJ5riE8'],
  ])('of %s is %s', async (choice, challenge) => {
    expect(await approvalChallenge(nonce, context, choice)).toBe(challenge)
  })

  it('differs whenever nonce, context or choice does', async () => {
    const input = fc.tuple(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.string(), fc.string())
    await fc.assert(
      fc.asyncProperty(input, input, async ([n1, c1, p1], [n2, c2, p2]) => {
        const one = [base64url.encode(n1), c1, p1] as const
        const two = [base64url.encode(n2), c2, p2] as const
        const same = one.every((part, index) => part === two[index])
        return ((await approvalChallenge(...one)) === (await approvalChallenge(...two))) === same
      }),
      { numRuns: 100 },
    )
  })
})

describe('what was shown', () => {
  const place = { city: 'Lyon', country: 'FR', network: 'Réseau Démo' }
  it('is read back from the text that was signed', () => {
    const shown = { clientId: 'dossier-demo', service: 'Dossier Démo', place }
    expect(shownIn({ context: JSON.stringify({ ...shown, browser: 'Chrome' }) })).toEqual(shown)
  })

  it.each(['', '{}', '[]', '{"clientId":"a","service":"b"}'])('is not made up: %j', (text) => {
    expect(() => shownIn({ context: text })).toThrow()
  })
})
