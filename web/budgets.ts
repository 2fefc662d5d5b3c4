import { readdirSync, readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'

/*
 * `node web/budgets.ts` says how much script a person's browser fetches, gzip, and ends with 1 over budget. It reads
 * what `npm run build:web` wrote. A chunk fetched only when needed (the QR decoder) is not part of the app's sum.
 */

export interface Budget {
  readonly what: string
  /** Bytes, gzip level 9. */
  readonly size: number
  readonly limit: number
}

const DIST = resolve(import.meta.dirname, 'dist')

const gzipped = (paths: readonly string[]): number =>
  paths.reduce((sum, path) => sum + gzipSync(readFileSync(resolve(DIST, path)), { level: 9 }).length, 0)

const isLazy = (name: string): boolean => name.startsWith('decoder-')

export function budgets(): readonly Budget[] {
  const scripts = readdirSync(resolve(DIST, 'assets')).filter((name) => name.endsWith('.js'))
  const shell = scripts.filter((name) => !isLazy(name)).map((name) => `assets/${name}`)
  const lazy = scripts.filter(isLazy).map((name) => `assets/${name}`)
  return [
    { what: 'mire, script', size: gzipped(['mire.js']), limit: 10_000 },
    { what: 'e-CPS app, script', size: gzipped([...shell, 'ecps/sw.js']), limit: 35_000 },
    { what: 'QR decoder, fetched when needed', size: gzipped(lazy), limit: 20_000 },
    { what: 'rendered pages, style', size: gzipped(['styles.css']), limit: 6_000 },
  ]
}

if (basename(process.argv[1] ?? '') === 'budgets.ts') {
  const all = budgets()
  for (const { what, size, limit } of all) {
    console.log(
      `${size <= limit ? 'ok  ' : 'OVER'} ${what}: ${(size / 1000).toFixed(1)} kB of ${limit / 1000} kB`,
    )
  }
  process.exitCode = all.every(({ size, limit }) => size <= limit) ? 0 : 1
}
