import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import type { SqlDatabase } from '../../src/rpps/store.d1.ts'
import { run } from '../../tools/command.ts'
import { openDatabase } from '../../tools/directory/database.ts'
import { OPEN_FILE, PEOPLE, RESTRICTED_FILE } from '../../tools/directory/files.ts'
import { importDirectory, seedSandbox } from '../../tools/directory/import.ts'
import { files } from '../../tools/directory/invent.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-directory-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const command = (...args: string[]) => run(process.execPath, ['tools/directory-import.ts', ...args])

describe('the invented people', () => {
  it.each(Object.entries(files()))('%s is what the script writes', (name, content) => {
    expect(readFileSync(join(PEOPLE, name), 'utf8')).toBe(content)
  })
})

describe('seeding the sandbox', () => {
  const SUSPENDED = "SELECT status FROM practitioner WHERE national_id = '899700900117'"
  let database: SqlDatabase
  let close: () => Promise<void>
  beforeAll(async () => {
    const opened = await openDatabase(join(folder, 'seeded'))
    database = opened.database
    close = opened.close
  })
  afterAll(() => close())

  it('puts everybody in once, and keeps what was decided since', async () => {
    const first = await seedSandbox(database, Date.now())
    expect(first).toMatchObject({
      updated: 0,
      unchanged: 0,
      suspended: 1,
      unknownSuspended: [],
      tooLarge: [],
    })
    expect(first.created).toBeGreaterThanOrEqual(60)
    expect(await database.prepare(SUSPENDED).first()).toEqual({ status: 'suspended' })

    await database.prepare("UPDATE practitioner SET status = 'active'").run()
    const again = await seedSandbox(database, Date.now())
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: first.created, suspended: 0 })
    expect(await database.prepare(SUSPENDED).first()).toEqual({ status: 'active' })
  })

  it('of the open extract alone knows no contact details, and keeps those that are there', async () => {
    const only = [join(PEOPLE, OPEN_FILE)]
    await importDirectory({ files: only, database, now: instant(Date.now() / 1000) })
    const email = "SELECT email FROM practitioner WHERE national_id = '899700900012'"
    expect(await database.prepare(email).first()).toEqual({ email: 'camille.exemple@exemple.test' })
  })

  it('rejects for a file that cannot be read, before anything is written', async () => {
    const missing = { files: [join(folder, 'none.txt')], database, now: instant(0) }
    await expect(importDirectory(missing)).rejects.toThrow(/ENOENT/)
  })
})

describe('npm run directory:import', () => {
  const bad = join(folder, 'bad.txt')
  const suspensions = join(folder, 'suspensions.csv')
  const [header = '', camille = ''] = readFileSync(join(PEOPLE, OPEN_FILE), 'utf8').split('\n')
  writeFileSync(bad, `${header}\n${camille}\ncut|short\n`)
  writeFileSync(suspensions, 'nationalId;reason\n899700900012;essai\n899700900999;inconnu\n')

  it('imports, says what it left out, and a second time changes nothing', async () => {
    const state = ['--state', join(folder, 'imported')]
    const first = await command(bad, join(PEOPLE, RESTRICTED_FILE), suspensions, ...state)
    expect(first.code, first.output).toBe(0)
    expect(first.output).toContain(
      'bad.txt (open): 1 lines read, 1 rejected\n  line 3: not as many columns as the header',
    )
    expect(first.output).toMatch(
      /(\d+) people: \1 new, 0 changed, 0 as they were\n1 suspended\n899700900999: listed as suspended, not/,
    )
    const second = await command(join(PEOPLE, RESTRICTED_FILE), ...state)
    expect(second.output).toMatch(/(\d+) people: 0 new, 0 changed, \1 as they were\n$/)
  })

  it('writes what a runtime reads, the same rows as it would have written, and waits for none', async () => {
    const state = join(folder, 'beside')
    const files = [OPEN_FILE, RESTRICTED_FILE].map((name) => join(PEOPLE, name))
    expect((await command(...files, '--state', state)).code).toBe(0)
    const rows =
      'SELECT id, national_id, family_name, given_name, email, phone, status, record FROM practitioner'
    const { database, close } = await openDatabase(state)
    const ours = await database.prepare(`${rows} ORDER BY id`).all()
    const held = await command(...files, '--state', state)
    expect(held).toMatchObject({ code: 2, output: `${state} is in use: stop what runs on it first.\n` })
    await database.prepare('DELETE FROM practitioner').run()
    await importDirectory({ files, database, now: instant(Date.now() / 1000) })
    const theirs = await database.prepare(`${rows} ORDER BY id`).all()
    await close()
    expect(ours.results.length).toBeGreaterThan(80)
    expect(ours.results).toEqual(theirs.results)
  }, 120_000)

  it.each([
    ['a file that is no extract', [suspensions.replace('.csv', '.md')], 1, /neither an extract/],
    ['no file', [], 2, /^Which files\? Usage: npm run directory:import/],
    ['a file that is not there', ['none.txt'], 2, /^none\.txt: no such file\.\n$/],
    ['a folder', ['src'], 2, /^src: no such file\.\n$/],
    ['a zip that is none', [join(folder, 'none.zip')], 2, /none\.zip: .*zip/i],
    ['a share that is none', ['--allow-change', 'much', bad], 2, /^--allow-change takes a share/],
    ['another environment', ['--env', 'production', bad], 2, /^Only a local database/],
    ['the real database', ['--remote', bad], 2, /^Only a local database/],
    ['an unknown option', ['--bogus'], 2, /^Unknown option '--bogus'/],
  ])('refuses %s in a clear line', async (_, args, code, line) => {
    writeFileSync(suspensions.replace('.csv', '.md'), '# not an extract\n')
    writeFileSync(join(folder, 'none.zip'), 'PK')
    const ended = await command(...args, '--state', join(folder, 'imported'))
    expect(ended.output).toMatch(line)
    expect(ended.output).not.toContain('at file:')
    expect(ended.code).toBe(code)
  })
})
