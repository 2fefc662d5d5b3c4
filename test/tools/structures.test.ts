import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import { STRUCTURES } from '../../src/sandbox/authority/cards.ts'
import {
  authorityKeyId,
  CLIENT_AUTH,
  extendedKeyUsage,
  keyUsage,
} from '../../src/sandbox/authority/extensions.ts'
import { issueCertificate, type Name } from '../../src/sandbox/authority/issue.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import { run } from '../../tools/command.ts'
import { type LocalDatabase, openDatabase } from '../../tools/directory/database.ts'
import {
  addStructure,
  bindCertificate,
  listBindings,
  unbindCertificate,
} from '../../tools/structures/commands.ts'
import { encodingOf, importStructures } from '../../tools/structures/import.ts'
import { inventedLines, seedStructures } from '../../tools/structures/invent.ts'
import { addAuthorities } from '../../tools/trust/commands.ts'
import { establishment, HEAD, legalEntity, PLACE } from '../structures/extract.ts'
import { DAY, type Issuer, NOW, newIssuer } from '../trust/issuers.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-structures-'))
const file = (name: string) => join(folder, name)
let database: LocalDatabase
let close: () => Promise<void>
beforeAll(async () => {
  const opened = await openDatabase(file('state'))
  database = opened.database
  close = opened.close
})
afterAll(async () => {
  await close()
  rmSync(folder, { recursive: true, force: true })
})

const issued = ({ name, keys, keyId }: Issuer, subject: Name) =>
  issueCertificate(
    {
      serial: '0b',
      issuer: name,
      subject,
      notBefore: instant(NOW - DAY),
      notAfter: instant(NOW + 100 * DAY),
      publicKey: keys.publicKey,
      extensions: [keyUsage('digitalSignature'), extendedKeyUsage(CLIENT_AUTH), authorityKeyId(keyId)],
    },
    keys.privateKey,
  )

const NAME = 'CLINIQUE DE LA FORÊT'
const text = [HEAD, establishment({ 4: NAME }), 'bad;line', legalEntity(), PLACE, ''].join('\r\n')

describe('npm run structures:import', () => {
  it.each([
    ['windows-1252', 'latin1'],
    ['utf-8', 'utf8'],
  ] as const)('reads %s without being told', async (encoding, written) => {
    writeFileSync(file(`${written}.csv`), text, written)
    expect(await encodingOf(file(`${written}.csv`))).toBe(encoding)
    const rejects = file(`${written}.rejected`)
    const wanted = { file: file(`${written}.csv`), rejects, database, now: instant(NOW) }
    expect(await importStructures(wanted)).toMatchObject({ structures: 2, rejected: 1, encoding })
    expect((await d1Structures(database).find('10B0000001'))?.name).toBe(NAME)
    expect(readFileSync(rejects, 'utf8')).toBe('3;unknown-line;bad;line\n')
    expect(await importStructures(wanted)).toMatchObject({ changed: 0 })
  })
  it('takes 20,000 lines and changes nothing when it reads them again', async () => {
    const many = [...inventedLines(20_000, 7)]
    expect([...inventedLines(3, 7)]).toEqual(many.slice(0, 3))
    expect([...inventedLines(3, 8)]).not.toEqual(many.slice(0, 3))
    writeFileSync(file('many.csv'), many.join('\n'))
    const wanted = { file: file('many.csv'), rejects: file('many.rejected'), database, now: instant(NOW) }
    expect(await importStructures(wanted)).toMatchObject({ structures: 20_000, changed: 20_000, rejected: 0 })
    expect(await importStructures(wanted)).toMatchObject({ structures: 20_000, changed: 0 })
  })
  it('the sandbox starts with every structure that its shop has certificates of, and they are put in once', async () => {
    expect(await seedStructures(database, instant(NOW))).toBeGreaterThan(60)
    for (const { id, name } of STRUCTURES) expect((await d1Structures(database).find(id))?.name).toBe(name)
    expect(await seedStructures(database, instant(NOW))).toBe(0)
  })
  it('says what is wrong with how it was asked', async () => {
    const command = (...args: string[]) => run(process.execPath, ['tools/structures-import.ts', ...args])
    expect(await command()).toMatchObject({ code: 2 })
    expect((await command(file('none.csv'))).output).toMatch(/no such file/)
  })
})

describe('npm run structures', () => {
  const said: string[] = []
  const desk = () => {
    said.length = 0
    return {
      database,
      environment: 'test' as const,
      clock: () => NOW,
      say: (line: string) => void said.push(line),
    }
  }
  const organisation = (unit: string): Name => [
    [{ type: '2.5.4.10', value: NAME }],
    [{ type: '2.5.4.11', value: unit }],
    [{ type: '2.5.4.3', value: 'DOSSIER-AUTO' }],
  ]
  let leaf: Uint8Array
  let stranger: Uint8Array
  let unknown: Uint8Array
  beforeAll(async () => {
    const issuer = await newIssuer('AC ORGANISATIONS')
    const wanted = {
      range: 'STANDARD',
      environment: 'test' as const,
      purposes: ['organisation' as const],
      crlUrls: [],
      ocspUrl: undefined,
      policies: [],
      anchor: true,
    }
    await addAuthorities({ database, clock: () => NOW, say: () => {} }, [issuer.der], wanted)
    leaf = await issued(issuer, organisation('10B0000001'))
    stranger = await issued(await newIssuer('AC INCONNUE'), organisation('10B0000001'))
    unknown = await issued(issuer, organisation('10B0000777'))
    for (const [id, method] of [
      ['dossier', 'tls_client_auth'],
      ['secret', 'client_secret_basic'],
    ])
      await database
        .prepare(
          "INSERT INTO relying_party (client_id, name, profile, status, metadata, registered_at) VALUES (?1, ?1, 'strict', 'active', ?2, 0)",
        )
        .bind(id, JSON.stringify({ token_endpoint_auth_method: method }))
        .run()
  })

  it('binds, lists and unbinds, and writes that into the trail', async () => {
    expect(await bindCertificate(desk(), [leaf], ['dossier'])).toBe(0)
    expect(said.join('\n')).toMatch(/DOSSIER-AUTO, STANDARD, until \d{4}-/)
    await listBindings(desk())
    const id = said[0]?.slice(0, 12) ?? ''
    expect(said[0]).toMatch(/10B0000001 {2}\S/)
    expect(said[0]).toContain('for: dossier')
    expect(await unbindCertificate(desk(), id, ['another'])).toBe(1)
    expect(await unbindCertificate(desk(), id, [])).toBe(0)
    await listBindings(desk())
    expect(said).toEqual(['No certificate is bound to a structure.'])
    const { results } = await database
      .prepare(
        "SELECT kind FROM audit_event WHERE kind IN ('structure.bound', 'structure.unbound') ORDER BY kind",
      )
      .all()
    expect(results).toEqual([{ kind: 'structure.bound' }, { kind: 'structure.unbound' }])
  })

  it.each([
    [
      'a certificate of an authority that is not registered',
      () => [stranger],
      ['dossier'],
      /unknown-authority/,
    ],
    ['a structure that is not in the registry', () => [unknown], ['dossier'], /no structure 10B0000777/],
    ['a client that nobody registered', () => [leaf], ['nobody'], /no relying party nobody/],
    ['a client that is known by a secret', () => [leaf], ['secret'], /not for tls_client_auth/],
    ['nothing', () => [], ['dossier'], /no certificate/],
  ])('refuses %s', async (_, ders, clients, why) => {
    expect(await bindCertificate(desk(), ders(), clients)).toBe(1)
    expect(said.join('\n')).toMatch(why)
  })

  it('adds a structure that no extract has', async () => {
    expect(await addStructure(desk(), '300000000700015', 'ÉDITEUR')).toBe(0)
    expect((await d1Structures(database).find('300000000700015'))?.siret).toBe('00000000700015')
    expect(await addStructure(desk(), '12', 'ÉDITEUR')).toBe(1)
  })

  it('says how it is used', async () => {
    const command = (...args: string[]) => run(process.execPath, ['tools/structures.ts', ...args])
    for (const args of [[], ['bind'], ['bind', 'x.pem'], ['unbind', 'zz'], ['add', '1']])
      expect(await command(...args)).toMatchObject({ code: 2 })
  })
})
