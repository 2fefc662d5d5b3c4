import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { challenge, codeChallenge, codeVerifier } from '../../../src/protocol/oauth/pkce.ts'
import { refusal } from './refused.ts'

// RFC 7636 appendix B.
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

describe('grants', () => {
  it('RFC 7636 app. B: the challenge of the verifier', async () => {
    expect(await challenge(codeVerifier(VERIFIER))).toBe(CHALLENGE)
  })
  it('RFC 7636 §4.3: S256', () => expect(codeChallenge(CHALLENGE, 'S256')).toBe(CHALLENGE))
  it('a request without', () => expect(codeChallenge(undefined, undefined)).toBeUndefined())
  it.each([43, 128])('RFC 7636 §4.1: a verifier of %d characters', (length) => {
    expect(codeVerifier('~'.repeat(length))).toHaveLength(length)
  })
})

describe('refuses', () => {
  it.each([
    ['RFC 9700 §2.1.1: plain', VERIFIER, 'plain'],
    ['RFC 7636 §4.3: no method, which means plain', CHALLENGE, undefined],
    ['a method in another case', CHALLENGE, 's256'],
    ['a method without a challenge', undefined, 'S256'],
    ['RFC 7636 §4.2: a challenge too short', CHALLENGE.slice(1), 'S256'],
    ['RFC 7636 §4.2: a challenge too long', `${CHALLENGE}A`, 'S256'],
    ['RFC 7636 §4.2: padded', `${CHALLENGE}=`, 'S256'],
    ['RFC 7636 §4.2: not base64url', CHALLENGE.replace('-', '+'), 'S256'],
    ['a line break at the end', `${CHALLENGE}\n`, 'S256'],
  ])('%s', (_, sent, method) => expect(refusal(() => codeChallenge(sent, method))).toBe('invalid_request'))

  it.each([
    ['too short', 'a'.repeat(42)],
    ['too long', 'a'.repeat(129)],
    ['with a reserved character', `${'a'.repeat(43)}+`],
    ['with a blank', `${'a'.repeat(43)} `],
    ['with a letter beyond ASCII', `${'a'.repeat(43)}é`],
    ['with a line break', `${'a'.repeat(43)}\n`],
  ])('RFC 7636 §4.1: a verifier %s', (_, sent) =>
    expect(refusal(() => codeVerifier(sent))).toBe('invalid_grant'),
  )
})

it('every verifier makes a challenge that the parser accepts', async () => {
  const unreserved = [...'ABCXYZabcxyz0129-._~']
  const verifiers = fc.array(fc.constantFrom(...unreserved), { minLength: 43, maxLength: 128 })
  await fc.assert(
    fc.asyncProperty(verifiers, async (characters) => {
      const made = await challenge(codeVerifier(characters.join('')))
      expect(codeChallenge(made, 'S256')).toBe(made)
    }),
    { numRuns: 50 },
  )
})
