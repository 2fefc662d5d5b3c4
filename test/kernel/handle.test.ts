import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { sameDigest } from '../../src/kernel/digest.ts'
import { address, addressed, newHandle, newObjectName, systemEntropy } from '../../src/kernel/handle.ts'

describe('addressed handles', () => {
  it('carry their object and their secret', () => {
    const object = newObjectName(systemEntropy)
    const secret = newHandle(systemEntropy)
    expect(address(addressed(object, secret))).toEqual({ object, secret })
  })

  it.each([
    '',
    '.',
    'a.b',
    `${'a'.repeat(22)}.`,
    `.${'a'.repeat(43)}`,
    `${'a'.repeat(22)}.${'é'.repeat(43)}`,
    'a'.repeat(4000),
  ])('refuses %j', (text) => expect(address(text)).toBeUndefined())
})

describe('digests', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abd', false],
    ['abc', 'ab', false],
    ['', '', true],
  ])('%j and %j: %j', (a, b, same) => expect(sameDigest(a, b)).toBe(same))
})

it('the database has its tables', async () => {
  const tables = await env.DB.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all<{
    name: string
  }>()
  expect(tables.results.map((row) => row.name)).toContain('practitioner')
})
