import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { run } from '../../tools/command.ts'
import { openDatabase } from '../../tools/directory/database.ts'
import { databaseFile } from '../../tools/directory/local-database.ts'
import { writeNation } from '../../tools/directory/nation-file.ts'
import { ROOT } from '../../tools/places.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-killed-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MOMENTS = 10
const state = join(folder, 'state')
const database = databaseFile(state)
const [before, after] = [join(folder, 'before.txt'), join(folder, 'after.txt')]
const args = (file: string) => ['tools/directory-import.ts', file, '--state', state, '--allow-change', '100%']
const finished = (file: string) => run(process.execPath, args(file))

/** Every row, but for when it was written. */
function rows(): readonly unknown[] {
  const open = new DatabaseSync(database)
  const columns =
    'id, national_id, family_name, given_name, email, phone, record, status, vanished_at IS NULL AS here'
  const all = open.prepare(`SELECT ${columns} FROM practitioner ORDER BY id`).all()
  open.close()
  return all
}

function restore(saved: string): void {
  for (const left of ['-journal', '-wal', '-shm']) rmSync(`${database}${left}`, { force: true })
  copyFileSync(saved, database)
}

/** Killed as by a power cut, unless it ended before. Gives whether it was. */
function killed(milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args(after), { cwd: ROOT, stdio: 'ignore' })
    const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
    child.on('close', (_, signal) => {
      clearTimeout(timer)
      resolve(signal === 'SIGKILL')
    })
  })
}

it('killed at any moment leaves the directory as it was, and the next import ends as an uninterrupted one', async () => {
  writeNation(before, { seed: 5, people: 20_000 }, 'open')
  writeNation(after, { seed: 5, people: 20_000, changed: 0.4 }, 'open')
  expect((await finished(before)).code).toBe(0)
  const old = rows()
  const saved = join(folder, 'saved.sqlite')
  copyFileSync(database, saved)

  const started = performance.now()
  expect((await finished(after)).output).toMatch(/\d{4} new, \d{4} changed/)
  const takes = performance.now() - started
  const whole = rows()
  expect(whole.length).toBeGreaterThan(old.length)

  let kills = 0
  restore(saved)
  for (let moment = 0; moment < MOMENTS; moment += 1) {
    // One in each tenth of the time that it takes, from the first look at the file to the last page written.
    if (await killed(((moment + Math.random()) / MOMENTS) * takes)) kills += 1
    const found = rows()
    if (found.length === old.length) expect(found).toEqual(old)
    else {
      expect(found).toEqual(whole)
      restore(saved)
    }
  }
  expect(kills).toBeGreaterThan(MOMENTS / 2)
  // What the Workers runtime makes of what the last one left.
  const runtime = await openDatabase(state)
  const count = await runtime.database.prepare('SELECT count(*) AS people FROM practitioner').first()
  await runtime.close()
  expect(count).toEqual({ people: old.length })

  expect((await finished(after)).code).toBe(0)
  expect(rows()).toEqual(whole)
}, 240_000)
