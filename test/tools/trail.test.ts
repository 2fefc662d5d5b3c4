import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CheckpointSigner } from '../../src/audit/checkpoint.ts'
import { d1Trail } from '../../src/audit/trail.d1.ts'
import { systemEntropy } from '../../src/kernel/handle.ts'
import { after, instant } from '../../src/kernel/instant.ts'
import { run } from '../../tools/command.ts'
import { openDatabase } from '../../tools/directory/database.ts'
import { publishedKeys, witnessIn } from '../../tools/trail/files.ts'
import { verifyTrail } from '../../tools/trail/verify.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-trail-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string) => join(folder, name)
const command = (state: string, ...args: string[]) =>
  run(process.execPath, ['tools/trail.ts', ...args, '--state', file(state)])
const script = (...args: string[]) => run(process.execPath, ['docs/examples/verify-trail.mjs', ...args])

const at = instant(1_795_000_000)
const LINES = 2100

async function signerOf(): Promise<CheckpointSigner> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    sign: (claims, { typ, alg }) =>
      new SignJWT({ ...claims }).setProtectedHeader({ alg, typ, kid }).sign(privateKey),
    jwks: async () => ({ keys: [{ ...jwk, kid }] }),
  }
}

/** A state folder with a chain of more than two pages, and its key set beside it. */
async function written(state: string): Promise<void> {
  const signer = await signerOf()
  writeFileSync(file(`${state}.jwks.json`), JSON.stringify(await signer.jwks()))
  const { database, close } = await openDatabase(file(state))
  let now = at
  const store = d1Trail({
    database,
    signer,
    issuer: 'https://id.example.org',
    clock: () => now,
    entropy: systemEntropy,
  })
  for (let from = 0; from < LINES; from += 100) {
    now = after(now, 61)
    await store.store(
      Array.from({ length: 100 }, (_, index) => ({
        id: `line-${from + index}`,
        event: {
          at: after(at, from + index),
          kind: 'token.issued',
          practitionerId: `89970090${index % 10}`,
          clientId: 'demo-records',
          detail: 'authorization_code',
        },
      })),
    )
  }
  await close()
}

beforeAll(() => written('whole'), 120_000)

describe('npm run trail -- verify', () => {
  it('finds nothing in what nobody touched', async () => {
    const { code, output } = await command('whole', 'verify', '--keys', file('whole.jwks.json'))
    expect(output).toMatch(/2100 entries \(0 without .*\), 21 signed heads, 0 lines not sealed/)
    expect(output).toMatch(/Signed as far as 2100, .*; 0 entries since/)
    expect(output).toMatch(/The chain is whole/)
    expect(code).toBe(0)
    writeFileSync(file('witness'), output.trimEnd().split('\n').at(-1) ?? '')
  })

  describe('finds, where the guard was taken away,', () => {
    const TRIGGERS = ['event_insert', 'event_update', 'event_delete', 'checkpoint_delete']
    const TABLES = ['audit_event', 'audit_checkpoint']
    let opened: Awaited<ReturnType<typeof openDatabase>>
    const statement = (sql: string) => opened.database.prepare(sql).run()
    const verified = async (against: Parameters<typeof verifyTrail>[1]) => {
      const said: string[] = []
      const desk = { database: opened.database, clock: () => at, say: (line: string) => said.push(line) }
      return { code: await verifyTrail(desk, against), output: said.join('\n') }
    }
    const keys = async () => {
      const read = await publishedKeys(file('whole.jwks.json'))
      return typeof read === 'string' ? undefined : read
    }

    beforeAll(async () => {
      cpSync(file('whole'), file('tampered'), { recursive: true })
      opened = await openDatabase(file('tampered'))
      for (const name of TRIGGERS) await statement(`DROP TRIGGER audit_${name}`)
      for (const table of TABLES) await statement(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`)
    })
    beforeEach(async () => {
      for (const table of TABLES) {
        await statement(`DELETE FROM ${table}`)
        await statement(`INSERT INTO ${table} SELECT * FROM kept_${table}`)
      }
    })
    afterAll(() => opened.close())

    it.each([
      ['that it was', [], /UNGUARDED +the trigger audit_event_delete is missing/],
      ['a removed entry', ['DELETE FROM audit_event WHERE seq = 1200'], /REMOVED +entry 1200:/],
      ['a changed one', ["UPDATE audit_event SET client_id = 'x' WHERE seq = 7"], /CHANGED +entry 7:/],
      [
        'an added one',
        [
          `INSERT INTO audit_event SELECT 'z', at, kind, practitioner_id, client_id, detail, place, means, 2101, hash,
             commitment, commitment, salt FROM audit_event WHERE seq = 2100`,
        ],
        /CHANGED +entry 2101:/,
      ],
      [
        'reordered ones',
        [
          'UPDATE audit_event SET seq = 9999 WHERE seq = 20',
          'UPDATE audit_event SET seq = 20 WHERE seq = 2050',
          'UPDATE audit_event SET seq = 2050 WHERE seq = 9999',
        ],
        /REORDERED +entry 20: it was entry 2050\nREORDERED +entry 2050: it was entry 20/,
      ],
      ['an end cut off', ['DELETE FROM audit_event WHERE seq > 2090'], /CUT-OFF +entries 2091 to 2100:/],
    ] as const)('%s', async (_, statements, said) => {
      for (const sql of statements) await statement(sql)
      const { code, output } = await verified({ keys: await keys(), witness: undefined })
      expect(output).toMatch(said)
      expect(output).toMatch(/the trail was tampered with/)
      expect(code).toBe(1)
    })

    it('a trail that was made anew as a whole, by the published keys', async () => {
      const { jwks } = await signerOf()
      const { output } = await verified({ keys: await jwks(), witness: undefined })
      expect(output).toMatch(/UNSIGNED +entry 2100: its key is not one of those published/)
      expect((await verified({ keys: undefined, witness: undefined })).output).not.toMatch(/UNSIGNED/)
    })

    it('an end that was cut off with its signatures, by a witness of before', async () => {
      await statement('DELETE FROM audit_event WHERE seq > 2000')
      await statement('DELETE FROM audit_checkpoint WHERE seq > 2000')
      const witness = witnessIn(file('witness'))
      expect(witness).toMatchObject({ seq: 2100 })
      const of = { keys: await keys(), witness: typeof witness === 'string' ? undefined : witness }
      expect((await verified({ ...of, witness: undefined })).output).not.toMatch(/CUT-OFF/)
      expect((await verified(of)).output).toMatch(/CUT-OFF +entries 2001 to 2100:/)
    })
  })
})

describe('npm run trail -- export', () => {
  const outside = () => script(file('trail.jsonl'), file('whole.jwks.json'))
  it('gives what a script with nothing of ours can verify, to its owner alone', async () => {
    const ended = await command('whole', 'export', file('trail.jsonl'))
    expect([ended.code, statSync(file('trail.jsonl')).mode & 0o777]).toEqual([0, 0o600])
    const { code, output } = await outside()
    expect(output).toMatch(/Signed as far as entry 2100/)
    expect(output).toMatch(/2100 entries, nothing wrong/)
    expect(code).toBe(0)
    const part = await command('whole', 'export', file('part.jsonl'), '--after', '2000')
    expect(part.output).toMatch(/100 entries, as far as 2100/)
    expect((await script(file('part.jsonl'))).output).toMatch(/100 entries, nothing wrong/)
    expect(witnessIn(file('part.jsonl'))).toMatchObject({ seq: 2100 })
  })

  it.each([
    ['a line removed', (all: string[]) => all.toSpliced(300, 1), /removed/],
    ['a line twice', (all: string[]) => all.toSpliced(300, 0, all[300] ?? ''), /added/],
    [
      'two lines in each other’s place',
      (all: string[]) => all.toSpliced(300, 2, all[301] ?? '', all[300] ?? ''),
      /place/,
    ],
    [
      'a service changed',
      (all: string[]) => all.with(300, all[300]?.replace('demo-records', 'x') ?? ''),
      /changed/,
    ],
    [
      'a person changed',
      (all: string[]) => all.with(300, all[300]?.replace('"89970090', '"1') ?? ''),
      /person, place/,
    ],
    ['the end cut off', (all: string[]) => all.slice(0, -40), /stops here/],
  ] as const)('shows the script %s', async (_, tamper, said) => {
    const lines = readFileSync(file('trail.jsonl'), 'utf8').trimEnd().split('\n')
    writeFileSync(file('tampered.jsonl'), `${tamper(lines).join('\n')}\n`)
    const { code, output } = await script(file('tampered.jsonl'), file('whole.jwks.json'))
    expect(output).toMatch(said)
    expect(code).toBe(1)
  })
})

describe('npm run trail -- search', () => {
  it('finds lines by person, service, kind and time, and writes down that somebody looked', async () => {
    const to = new Date((at + 100) * 1000).toISOString()
    const wanted = ['--person', '899700903', '--service', 'demo-records', '--kind', 'token.', '--to', to]
    const { code, output } = await command('whole', 'search', ...wanted, '--json')
    expect(code).toBe(0)
    expect(output.trim().split('\n')).toHaveLength(10)
    const looked = await command('whole', 'search', '--kind', 'trail.searched')
    expect(looked.output).toMatch(/not sealed {2}trail\.searched {2}person 899700903 {2}service demo-records/)
  })

  it.each([
    ['nothing to do', []],
    ['a time that is none', ['search', '--from', 'yesterday']],
    ['a file that is not there', ['verify', '--keys', 'absent.json']],
    ['a witness that is none', ['verify', '--witness', 'package.json']],
    ['an export to nowhere', ['export']],
    ['an option that there is not', ['search', '--name', 'x']],
  ])('refuses %s', async (_, args) => expect((await command('none', ...args)).code).toBe(2))
})
