import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { builtBundle } from '../../tools/bundle.ts'
import { ROOT } from '../../tools/places.ts'

// decisions.md, "Budgets": kilobytes of script, compressed.

const DIST = join(ROOT, 'web', 'dist')
const KILOBYTE = 1000

beforeAll(async () => {
  await builtBundle('sandbox')
})

const read = (path: string) => readFileSync(join(DIST, path), 'utf8')

/** A script and all that it imports before it runs; what it imports later, when it is needed, is not in it. */
function withImports(path: string, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(path)) return seen
  seen.add(path)
  for (const [, imported = ''] of read(path).matchAll(
    /(?:^|[;}\s])(?:import|export)[^;'"()]*?["'](\.{1,2}\/[^"']+|\/[^"']+)["']/g,
  )) {
    withImports(
      imported.startsWith('/') ? imported.slice(1) : posix.normalize(join(dirname(path), imported)),
      seen,
    )
  }
  return seen
}

function compressed(paths: Iterable<string>): number {
  return [...paths].reduce((sum, path) => sum + gzipSync(read(path)).byteLength, 0)
}

describe('script that a person waits for', () => {
  test('the mire: at most 10 kB', () => {
    expect(compressed(withImports('mire.js'))).toBeLessThanOrEqual(10 * KILOBYTE)
  })

  test('the e-CPS app: at most 35 kB before anything is scanned', () => {
    const entries = [...read('ecps/index.html').matchAll(/<script[^>]+src="\/([^"]+)"/g)].flatMap(
      ([, path]) => (path === undefined ? [] : [path]),
    )
    expect(entries.length).toBeGreaterThan(0)
    const all = new Set(entries.flatMap((entry) => [...withImports(entry)]))
    expect(compressed(all)).toBeLessThanOrEqual(35 * KILOBYTE)
  })

  test('the QR decoder is a file of its own', () => {
    expect(existsSync(join(DIST, 'assets'))).toBe(true)
    expect(readdirSync(join(DIST, 'assets')).filter((name) => /^decoder-.*\.js$/.test(name))).toHaveLength(1)
  })
})
