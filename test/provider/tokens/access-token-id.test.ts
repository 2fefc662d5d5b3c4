import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newObjectName, systemEntropy } from '../../../src/kernel/handle.ts'
import { accessTokenId, originOf } from '../../../src/provider/tokens/access-token-id.ts'
import { anyText } from '../../actors/any-text.ts'

const session = newObjectName(systemEntropy)
const family = newObjectName(systemEntropy)

describe('RFC 9068 §2.2: the jti of an access token', () => {
  it('leads back to where the token came from, and is another each time', () => {
    const ids = Array.from({ length: 50 }, () => accessTokenId({ session, family }, systemEntropy))
    expect(new Set(ids).size).toBe(50)
    for (const id of ids) expect(originOf(id)).toEqual({ session, family })
  })

  it.each([
    ['nothing', ''],
    ['two parts', `${session}.${family}`],
    ['four parts', `${session}.${family}.${family}.${family}`],
    ['a part that is too short', `${session}.${family}.abc`],
    ['a foreign character', `${session}.${family.slice(1)}+.${family}`],
  ])('leads nowhere for %s', (_, jti) => {
    expect(originOf(jti)).toBeUndefined()
  })

  it('leads nowhere for anything else, and never throws', () => {
    fc.assert(fc.property(anyText(300), (text) => originOf(text) === undefined))
  })
})
