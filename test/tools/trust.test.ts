import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../tools/command.ts'
import { openDatabase } from '../../tools/directory/database.ts'
import { applyMigrations } from '../../tools/migrations.ts'
import { certificatesIn } from '../../tools/trust/certificate-files.ts'
import { addAuthorities, listAuthorities, retireAuthority } from '../../tools/trust/commands.ts'
import { wranglerDatabase, written } from '../../tools/trust/wrangler-database.ts'
import { NOW, newIssuer, newLeaf } from '../trust/issuers.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-trust-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const state = join(folder, 'state')
const command = (...args: string[]) => run(process.execPath, ['tools/trust.ts', ...args, '--state', state])
const file = (name: string) => join(folder, name)
const certificatesOrNone = (name: string): readonly Uint8Array[] => {
  const ders = certificatesIn([file(name)])
  return 'refused' in ders ? [] : ders
}
const pem = (der: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`

beforeAll(async () => {
  const root = await newIssuer("AC RACINE D'ESSAI")
  const people = await newIssuer('AC PERSONNES', root)
  writeFileSync(file('racine.cer'), root.der)
  writeFileSync(
    file('deux.pem'),
    `Les deux\n${pem(people.der)}et\n${pem((await newIssuer('AC AUTRES', root)).der)}`,
  )
  writeFileSync(file('personne.pem'), pem(await newLeaf(people)))
  writeFileSync(file('lettre.txt'), 'Bonjour')
})

describe('npm run trust', () => {
  it('adds, lists and retires, and writes that into the trail', async () => {
    const added = await command(
      'add',
      file('racine.cer'),
      '--range',
      'STANDARD',
      '--crl',
      'http://crl.example.test/r.crl',
    )
    expect(added.output).toMatch(/test, anchor, STANDARD, issues for authorities/)
    expect(added.code).toBe(0)

    const { database, close } = await openDatabase(state)
    const said: string[] = []
    const desk = { database, clock: () => NOW, say: (line: string) => said.push(line) }
    const ders = certificatesOrNone('deux.pem')
    const wanted = {
      range: 'STANDARD',
      environment: 'test',
      purposes: ['person'],
      crlUrls: [],
      ocspUrl: undefined,
      policies: [],
      anchor: false,
    } as const
    expect(await addAuthorities(desk, ders, wanted)).toBe(0)
    expect(
      said.filter((line) => /issues for: person/.test(line) && /PUBLISHES NOTHING/.test(line)),
    ).toHaveLength(2)

    said.length = 0
    expect(await listAuthorities(desk)).toBe(0)
    expect(said.map((line) => line.split('\n')[0]?.slice(14)).toSorted()).toEqual([
      'AC AUTRES',
      'AC PERSONNES',
      "AC RACINE D'ESSAI",
    ])
    expect(said.find((line) => /RACINE/.test(line))).toMatch(/not fetched yet/)
    const id = said.find((line) => /PERSONNES/.test(line))?.slice(0, 12) ?? ''

    expect([
      await retireAuthority(desk, id),
      await retireAuthority(desk, id),
      await retireAuthority(desk, 'ffffffffffff'),
    ]).toEqual([0, 1, 1])
    said.length = 0
    await listAuthorities(desk)
    expect(said.find((line) => /PERSONNES/.test(line))).toMatch(/RETIRED 2026-11-22/)
    expect(await addAuthorities(desk, certificatesOrNone('personne.pem'), wanted)).toBe(1)
    const { results } = await database
      .prepare("SELECT detail FROM audit_event WHERE kind = 'trust.changed'")
      .all()
    await close()
    expect(results).toHaveLength(4)
  }, 120_000)

  it.each([
    ['nothing to do', [], /npm run trust -- add/],
    ['no range', ['add', 'racine.cer'], /which range/],
    ['a file that is not there', ['add', 'absent.cer', '--range', 'STANDARD'], /no such file/],
    ['what is no certificate', ['add', 'lettre.txt', '--range', 'STANDARD'], /no certificate in it/],
    [
      'a purpose that there is not',
      ['add', 'racine.cer', '--range', 'STANDARD', '--purpose', 'server'],
      /person or organisation/,
    ],
    ['another environment', ['list', '--environment', 'both'], /test or production/],
    ['an option that there is not', ['list', '--force'], /force/],
    ['too little of an identifier', ['retire', 'f'], /six characters/],
  ] as const)(
    'refuses %s',
    async (_, args, said) => {
      const ended = await command(...args.map((arg) => (/\.(cer|pem|txt)$/.test(arg) ? file(arg) : arg)))
      expect(ended.output).toMatch(said)
      expect(ended.code).toBe(2)
    },
    60_000,
  )
})

describe('the deployed database, by wrangler', () => {
  it('takes statements and gives rows, as a local one does', async () => {
    const local = join(folder, 'by-wrangler')
    await applyMigrations(local)
    const database = wranglerDatabase(['--env=', '--local', '--persist-to', local])
    const insert = database.prepare('INSERT INTO audit_event (id, at, kind, detail) VALUES (?1, ?2, ?3, ?4)')
    const detail = `l'autorité "AC" ?1 -- 100 %; DROP TABLE audit_event`
    await insert.bind('1', 7, 'trust.changed', detail).run()
    await insert.bind('2', 8, 'trust.changed', null).run()
    const { results } = await database
      .prepare('SELECT at, detail FROM audit_event WHERE at >= ?1 ORDER BY at')
      .bind(7)
      .all()
    expect(results).toEqual([
      { at: 7, detail },
      { at: 8, detail: null },
    ])
    await expect(database.prepare('SELECT at FROM nowhere').all()).rejects.toThrow(/nowhere/)
  }, 120_000)
  it('quotes every text so that it stays one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, two) => {
        const sql = written('?1|?2', [one.replaceAll('\0', ''), two.replaceAll('\0', '')])
        const [, a, b] = /^'((?:[^']|'')*)'\|'((?:[^']|'')*)'$/.exec(sql) ?? []
        return (
          a?.replaceAll("''", "'") === one.replaceAll('\0', '') &&
          b?.replaceAll("''", "'") === two.replaceAll('\0', '')
        )
      }),
    )
  })
})
