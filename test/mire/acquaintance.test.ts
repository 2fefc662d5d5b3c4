import { describe, expect, it } from 'vitest'
import { covers, widened } from '../../src/mire/acquaintance.ts'
import { sharedData } from '../../src/mire/words.ts'

describe('what was shown before', () => {
  it.each([
    ['openid identity', 'openid identity', true],
    ['openid identity', 'openid', true],
    ['openid identity contact', 'openid contact', true],
    ['openid', 'openid offline_access', true],
    ['openid scope_all', 'openid identity profession activities contact', true],
    ['openid identity', 'openid identity contact', false],
    ['openid identity', 'openid scope_all', false],
    [undefined, 'openid', false],
  ])('%j covers %j: %j', (shown, asked, covered) => {
    expect(covers(shown, asked)).toBe(covered)
  })
  it.each([
    [undefined, 'openid identity', 'openid identity'],
    ['openid identity', 'openid contact', 'openid identity contact'],
    ['openid scope_all', 'openid identity', 'openid scope_all identity'],
  ])('%j and %j are kept as %j', (before, asked, kept) => {
    expect(widened(before, asked)).toBe(kept)
  })
})

describe('the list of what a service gets', () => {
  it.each(['fr', 'en'] as const)('says everything for scope_all (%s)', (language) => {
    expect(sharedData('openid scope_all', language)).toEqual(
      sharedData('openid identity profession activities contact', language),
    )
    expect(sharedData('openid scope_all', language)).toHaveLength(5)
    expect(sharedData('openid scope_all profile', language)).toHaveLength(5)
  })
  it('is never silent about a scope it does not know', () => {
    expect(sharedData('openid constructor', 'en')).toEqual([
      'An identifier that stands for you, always the same',
      'Other data, which this service calls “constructor”',
    ])
  })
})
