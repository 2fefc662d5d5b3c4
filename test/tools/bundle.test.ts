import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Bundle, builtBundle, type Environment } from '../../tools/bundle.ts'

/** kB as wrangler prints them. */
const BUDGET = 350 * 1024

/** Names that only src/sandbox/ has: its objects, its paths and its library. */
const OF_THE_SANDBOX = [
  'RobotObject',
  'OutboxObject',
  'AuthorityObject',
  '/sandbox',
  'startPhone',
  'phone-not-accepted',
  // pkijs, which writes the test authority's files.
  'PKCS8ShroudedKeyBag',
]

const textOf = (bundle: Bundle) => readFileSync(bundle.script, 'utf8')

describe('the bundle that wrangler would upload', () => {
  test.each<Environment>(['production', 'sandbox'])('%s builds', async (environment) => {
    const text = textOf(await builtBundle(environment))
    expect(text).toContain('LoginObject')
    expect(text).toContain('SessionObject')
  })

  test('production is within its size, compressed', async () => {
    const size = gzipSync(textOf(await builtBundle('production'))).byteLength
    expect(size).toBeLessThanOrEqual(BUDGET)
  })

  test.each(OF_THE_SANDBOX)(
    'production has no %s, and the sandbox has: the search itself works',
    async (name) => {
      expect(textOf(await builtBundle('production'))).not.toContain(name)
      expect(textOf(await builtBundle('sandbox'))).toContain(name)
    },
  )
})
