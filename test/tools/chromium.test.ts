import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findChromium } from '../../tools/chromium.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'chromium-'))
  for (const [name, mode] of [
    ['google-chrome', 0o755],
    ['chromium', 0o644],
  ] as const) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), mode)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the browser of this machine', () => {
  test('is the one that CHROME_PATH names', () => {
    const path = join(folder, 'google-chrome')
    expect(findChromium({ CHROME_PATH: path, PATH: '' })).toBe(path)
  })

  test('is none when CHROME_PATH names nothing: another is not taken in its place', () => {
    expect(findChromium({ CHROME_PATH: join(folder, 'missing'), PATH: folder })).toBeUndefined()
  })

  test('is the first program of a known name on the PATH', () => {
    // chromium comes first by name, but is no program here.
    expect(findChromium({ PATH: ['/nowhere', folder].join(delimiter) }, 'linux')).toBe(
      join(folder, 'google-chrome'),
    )
  })
})
