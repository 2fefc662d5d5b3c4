import { describe, expect, it } from 'vitest'
import { instant } from '../../../src/kernel/instant.ts'
import {
  isEnough,
  parseAcrValues,
  statedAcr,
  wantsPhishingResistance,
} from '../../../src/protocol/oidc/acr.ts'
import { tooOld } from '../../../src/protocol/oidc/prompt.ts'

describe('acr (OIDC Core §3.1.2.1, OpenID EAP ACR Values 1.0 §2)', () => {
  it.each([
    // asked, reached, enough, stated, only phishing-resistant means
    [undefined, 'eidas1', true, 'eidas1', false],
    [undefined, 'phrh', true, 'eidas1', false],
    ['eidas1', 'eidas1', true, 'eidas1', false],
    ['eidas1', 'phrh', true, 'eidas1', false],
    ['eidas2', 'phr', true, 'eidas1', false],
    ['phr eidas1', 'eidas1', true, 'eidas1', false],
    ['phr', 'eidas1', false, 'eidas1', true],
    ['phr', 'phr', true, 'phr', true],
    ['phr', 'phrh', true, 'phr', true],
    ['phrh', 'phr', false, 'phr', true],
    ['phrh phr', 'phr', true, 'phr', true],
    ['phr phrh', 'phrh', true, 'phrh', true],
  ] as const)('asked %j, reached %j: enough %j, stated %j', (asked, reached, enough, stated, only) => {
    const values = parseAcrValues(asked)
    expect(isEnough(reached, values)).toBe(enough)
    expect(statedAcr(reached, values)).toBe(stated)
    expect(wantsPhishingResistance(values)).toBe(only)
  })
})

describe('max_age (OIDC Core §3.1.2.1)', () => {
  it.each([
    [undefined, 1_000_000, false],
    [60, 59, false],
    [60, 60, true],
    [60, 61, true],
    [0, 0, true],
  ])('max_age %j, %d seconds later: too old %j', (maxAge, elapsed, expected) => {
    expect(tooOld(instant(1_000_000), maxAge, instant(1_000_000 + elapsed))).toBe(expected)
  })
})
