import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { crc32, deflateRawSync } from 'node:zlib'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { instant } from '../../src/kernel/instant.ts'
import type { FileReport } from '../../src/rpps/import.ts'
import {
  OPEN_HEADER,
  openLine,
  RESTRICTED_HEADER,
  type Row,
  restrictedLine,
} from '../../tools/directory/columns.ts'
import { encodingOf } from '../../tools/directory/encoding.ts'
import { importLocally, type LocalImport } from '../../tools/directory/import-local.ts'
import { nationOf } from '../../tools/directory/nation.ts'
import { describeOutcome } from '../../tools/directory/report.ts'
import { sourcesOf } from '../../tools/directory/sources.ts'
import { ROOT } from '../../tools/places.ts'

const folder = mkdtempSync(join(tmpdir(), 'serment-local-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let directory: DatabaseSync
beforeEach(() => {
  directory = new DatabaseSync(':memory:')
  const migrations = readdirSync(join(ROOT, 'migrations')).filter((name) => name.endsWith('.sql'))
  for (const name of migrations.toSorted())
    directory.exec(readFileSync(join(ROOT, 'migrations', name), 'utf8'))
})

let files = 0
function file(content: string | Buffer, ending = '.txt'): string {
  files += 1
  const path = join(folder, `${files}${ending}`)
  writeFileSync(path, content)
  return path
}

async function importing(paths: readonly string[], more: Partial<LocalImport> = {}) {
  const reports: FileReport[] = []
  const sources = []
  for (const path of paths) {
    const found = await sourcesOf(path)
    if ('refused' in found) throw new Error(found.refused)
    sources.push(...found.sources)
  }
  const outcome = await importLocally({
    sources,
    directory,
    folder: join(folder, 'staging'),
    now: instant(1_000),
    whole: true,
    allowed: 1,
    dryRun: false,
    progress: { show: () => {}, clear: () => {} },
    report: (report) => reports.push(report),
    ...more,
  })
  return { ...outcome, reports }
}

const ROWS =
  'SELECT id, national_id, family_name, status, email, vanished_at, record FROM practitioner ORDER BY id'
const rows = () => directory.prepare(ROWS).all()
const one = (id: string) => directory.prepare('SELECT * FROM practitioner WHERE national_id = ?').get(id)

const NURSE: Row = {
  type: '8',
  identifiant: '99700900101',
  nationalId: '899700900101',
  familyName: 'CLAIRVAL',
  givenNames: "INES''",
  nomDexercice: 'CLAIRVAL',
  prenomDexercice: 'INES',
  codeProfession: '60',
  codeCategorieProfessionnelle: 'C',
}
const person = (number: number, more: Row = {}): Row => ({
  ...NURSE,
  identifiant: `997009${String(number).padStart(5, '0')}`,
  nationalId: `8997009${String(number).padStart(5, '0')}`,
  ...more,
})
const adeli = (number: number): Row => ({
  ...NURSE,
  type: '0',
  identifiant: `75930${String(number).padStart(4, '0')}`,
  nationalId: `075930${String(number).padStart(4, '0')}`,
})
const text = (...lines: readonly Row[]) => [OPEN_HEADER, ...lines.map(openLine), ''].join('\n')
const restricted = (...lines: readonly Row[]) =>
  [RESTRICTED_HEADER, ...lines.map(restrictedLine), ''].join('\n')
const open = (...lines: readonly Row[]) => file(text(...lines))
const crowd = (count: number): Row[] => Array.from({ length: count }, (_, n) => person(n))

describe('a difference', () => {
  it('is made, changed and left alone, and a second time is nothing', async () => {
    const first = await importing([open(...crowd(30))])
    expect(first).toMatchObject({ applied: true, people: 30, created: 30, updated: 0, unchanged: 0 })
    const before = rows()
    const again = await importing([open(...crowd(30))], { now: instant(2_000) })
    expect(again).toMatchObject({ created: 0, updated: 0, unchanged: 30, vanished: 0 })
    expect(rows()).toEqual(before)
    const changed = crowd(30).with(4, person(4, { raisonSocialeSite: 'AILLEURS' }))
    expect(await importing([open(...changed)])).toMatchObject({ created: 0, updated: 1, unchanged: 29 })
    expect(one('899700900004')?.record).toContain('AILLEURS')
  })

  it('joins the lines of a person wherever they are, in whichever file', async () => {
    const here = { codeModeExercice: 'S', identifiantTechniqueDeLaStructure: 'F1', raisonSocialeSite: 'ICI' }
    const there = { codeModeExercice: 'S', identifiantTechniqueDeLaStructure: 'F2', raisonSocialeSite: 'LA' }
    const [first, second] = [person(1, { ...here }), person(1, { ...there })]
    const contact = restricted(person(1, { ...here, email: 'ines@exemple.test', phone: '0639980000' }))
    await importing([open(first, ...crowd(300).slice(2), second), file(contact)])
    const record = JSON.parse(String(one('899700900001')?.record))
    expect(record.exercices).toHaveLength(1)
    expect(record.exercices[0].activities).toMatchObject([
      { raisonSocialeSite: 'ICI' },
      { raisonSocialeSite: 'LA' },
    ])
    expect(one('899700900001')?.email).toBe('ines@exemple.test')
    // The open extract alone knows no contact details, and keeps those that are there.
    await importing([open(first, ...crowd(300).slice(2), second)])
    expect(one('899700900001')?.email).toBe('ines@exemple.test')
  })

  it('suspends who has vanished, and no longer when they are back; what was decided here stays', async () => {
    await importing([open(...crowd(10))])
    directory.exec("UPDATE practitioner SET status = 'suspended' WHERE national_id = '899700900003'")
    const gone = await importing([open(...crowd(10).slice(4))], { now: instant(5_000) })
    expect(gone).toMatchObject({ vanished: 3, known: 10, unchanged: 6 })
    expect(one('899700900001')).toMatchObject({ status: 'suspended', vanished_at: 5_000, updated_at: 5_000 })
    expect(one('899700900003')).toMatchObject({ status: 'suspended', vanished_at: null })
    expect(await importing([open(...crowd(10).slice(4))])).toMatchObject({ vanished: 0 })
    expect(await importing([open(...crowd(10))])).toMatchObject({ back: 3, vanished: 0 })
    expect(one('899700900001')).toMatchObject({ status: 'active', vanished_at: null })
    expect(one('899700900003')).toMatchObject({ status: 'suspended', vanished_at: null })
  })

  it('lets nobody with an ADELI number vanish, nor anybody whose kind of number no line has', async () => {
    await importing([
      open(...crowd(2), adeli(1), { ...person(5), type: '9', identifiant: 'ABCDE', nationalId: '9ABCDE' }),
    ])
    expect(await importing([open(person(0))])).toMatchObject({ vanished: 1 })
    expect(one('0759300001')).toMatchObject({ status: 'active' })
    expect(one('9ABCDE')).toMatchObject({ status: 'active' })
  })

  it.each([
    ['files that are not the whole', { whole: false }],
    ['a file of which nothing was understood', {}],
  ])('of %s lets nobody vanish', async (name, more) => {
    await importing([open(...crowd(10))])
    const bad = name.startsWith('a file') ? [file('nothing|known|')] : []
    expect(await importing([open(person(0)), ...bad], more)).toMatchObject({ vanished: 0, unchanged: 1 })
  })

  it('moves a person whose number was replaced, whose id stays', async () => {
    await importing([open(adeli(1), ...crowd(3))])
    const moved = { ...person(50), otherIds: '899700900050,RPPS,1;0759300001,ADELI,2' }
    const found = await importing([file(restricted(moved, ...crowd(3), adeli(1)))])
    expect(found).toMatchObject({ created: 0, updated: 1, unchanged: 3, vanished: 0 })
    expect(one('899700900050')).toMatchObject({ id: '0759300001', status: 'active' })
    expect(one('0759300001')).toBeUndefined()
    expect(await importing([file(restricted(moved, ...crowd(3)))])).toMatchObject({
      unchanged: 4,
      updated: 0,
    })
  })

  it('suspends who a list names, again after a coming back', async () => {
    const list = file('nationalId;reason\n899700900001;essai\n899700900999;inconnu\n')
    const found = await importing([open(...crowd(3)), list])
    expect(found).toMatchObject({ suspended: 1, unknownSuspended: ['899700900999'] })
    expect(one('899700900001')).toMatchObject({ status: 'suspended', vanished_at: null })
    await importing([open(...crowd(3))])
    expect(one('899700900001')).toMatchObject({ status: 'suspended' })
  })

  it('is refused when more change or vanish than is allowed, and only shown in a dry run', async () => {
    await importing([open(...crowd(100))])
    const before = rows()
    const six = [
      ...crowd(100).slice(3, 97),
      ...crowd(100)
        .slice(97)
        .map((row) => ({ ...row, nomDexercice: 'AUTRE' })),
    ]
    const refused = await importing([open(...six)], { allowed: 0.05 })
    expect(refused).toMatchObject({ applied: false, why: 'too-much', share: 0.06, vanished: 3, updated: 3 })
    expect(describeOutcome(refused)).toMatch(
      /: 6\.0 % of the people known .*\n.*--partial.*--allow-change 6%$/,
    )
    expect(await importing([open(...six)], { dryRun: true })).toMatchObject({
      applied: false,
      why: 'dry-run',
    })
    expect(rows()).toEqual(before)
    expect(await importing([open(...six)], { allowed: 0.06 })).toMatchObject({ applied: true })
  })
})

describe('a file that is not as it should be', () => {
  const good = openLine(person(1))
  it.each([
    [
      'cut in the middle of a line',
      `${OPEN_HEADER}\n${good}\n${good.slice(0, 60)}`,
      1,
      ['wrong-number-of-columns'],
    ],
    [
      'with a line of other columns',
      `${OPEN_HEADER}\n${good}more|\n${good}\n`,
      1,
      ['wrong-number-of-columns'],
    ],
    ['with a line of 10 MB', `${OPEN_HEADER}\n${'x'.repeat(10_000_000)}\n${good}\n`, 1, ['too-long']],
    [
      'with a name in another encoding',
      Buffer.concat([
        Buffer.from(`${text(person(1), person(2, { nomDexercice: 'ÉTÉ' }))}`),
        Buffer.from(`${openLine(person(3, { nomDexercice: 'ETE#' }))}\n`.replace('#', '\u00e9'), 'latin1'),
      ]),
      2,
      ['not-text'],
    ],
    ['with a header only', `${OPEN_HEADER}\n`, 0, []],
    ['that names someone twice', `${OPEN_HEADER}\n${good}\n${good}\n`, 1, []],
  ])('%s', async (_, content, people, reasons) => {
    const path = file(content)
    const { reports, ...outcome } = await importing([path])
    expect(outcome).toMatchObject({ applied: true, people })
    expect(reports[0]?.rejectedLines.map((line) => line.reason)).toEqual(reasons)
    const rejects = `${path}.rejected`
    expect(existsSync(rejects)).toBe(reasons.length > 0)
    if (reasons[0] !== undefined)
      expect(readFileSync(rejects, 'utf8')).toMatch(new RegExp(`^\\d+;${reasons[0]};`))
  })

  it('in Latin-1 is read as such', async () => {
    await importing([
      file(Buffer.from(text(person(1, { familyName: '', nomDexercice: 'CHÂTEL-ÉTÉ' })), 'latin1')),
    ])
    expect(one('899700900001')?.family_name).toBe('CHÂTEL-ÉTÉ')
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'utf-8'],
    ['ASCII', Buffer.from('plain'), 'utf-8'],
    ['UTF-8', Buffer.from('é'), 'utf-8'],
    ['UTF-8 cut in a character', Buffer.from('éé').subarray(0, 3), 'utf-8'],
    ['UTF-8 with one damaged name', Buffer.from([...Buffer.from('éèà'), 0xe9, 0x20]), 'utf-8'],
    ['Latin-1', Buffer.from('été à', 'latin1'), 'windows-1252'],
  ])('%s is told', (_, head, encoding) => {
    expect(encodingOf(head)).toBe(encoding)
  })
})

describe('the publication’s two other files', () => {
  const bar = (...fields: readonly string[]) => `${fields.join('|')}|`
  const person13 = ['8', '99700900001', '899700900001', 'CLAIRVAL', 'INES']
  const WHO =
    "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Nom d'exercice|Prénom d'exercice"
  const SKILLS = `${WHO}|Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|`
  const DIPLOMAS = `${WHO}|Code type diplôme obtenu|Libellé type diplôme obtenu|Code diplôme obtenu|Libellé diplôme obtenu|Code type autorisation|Libellé type autorisation|Code discipline autorisation|Libellé discipline autorisation|`
  const skill = (profession: string, code: string) =>
    bar(...person13, profession, '', 'C', '', 'S', '', code, '')

  it.each([
    ['completes the practice that had none', '', ['SM04'], ['SM04']],
    ['adds to the one that had another', 'SM54', ['SM04', 'SM54'], ['SM54', 'SM04']],
    ['says nothing new', 'SM54', ['SM54'], ['SM54']],
  ])('a skill %s', async (_, before, skills, after) => {
    const place = { codeModeExercice: 'S', raisonSocialeSite: 'ICI' }
    const doctor = person(1, {
      ...place,
      codeProfession: '10',
      codeTypeSavoirFaire: before && 'S',
      codeSavoirFaire: before,
    })
    const lines = [SKILLS, ...skills.map((code) => skill('10', code)), skill('60', 'C01'), 'short|', '']
    const found = await importing([file(lines.join('\n')), open(doctor)])
    expect(found.reports[0]).toMatchObject({ kind: 'skills', accepted: skills.length + 1, rejected: 1 })
    const { exercices } = JSON.parse(String(one('899700900001')?.record))
    expect(exercices).toMatchObject(
      after.map((code) => ({ codeSavoirFaire: code, activities: [{ raisonSocialeSite: 'ICI' }] })),
    )
  })

  it('diplomas are known and not kept, nor is a person made of them', async () => {
    const diplomas = `${DIPLOMAS}\n${bar(...person13, 'DE', '', 'DE09', '', '', '', '', '')}\n`
    const found = await importing([file(diplomas), file(`${SKILLS}\n${skill('10', 'SM04')}\n`)])
    expect(found).toMatchObject({ people: 0, applied: true })
    expect(found.reports).toMatchObject([
      { kind: 'diplomas', accepted: 1 },
      { kind: 'skills', accepted: 1 },
    ])
    expect(rows()).toEqual([])
  })
})

describe('a zip', () => {
  it('is read without being unpacked, each text in it', async () => {
    const path = file(
      zip({ 'a/un.txt': text(...crowd(3)), 'deux.txt': text(person(9)), 'lisez.pdf': 'no' }),
      '.zip',
    )
    const { reports, ...outcome } = await importing([path])
    expect(reports.map((report) => report.name)).toEqual(['un.txt', 'deux.txt'])
    expect(outcome).toMatchObject({ people: 4, created: 4 })
  })

  it.each([
    ['that is none', Buffer.from('PK nothing'), /zip/i],
    ['that is cut', zip({ 'un.txt': text(...crowd(3)) }).subarray(0, 200), /zip/i],
    ['without a text', zip({ 'lisez.pdf': 'no' }), /no text in it/],
    ['that would swell', zip({ 'un.txt': '0'.repeat(20_000_000) }), /compressed more than 100 times/],
  ])('%s is refused', async (_, content, why) => {
    expect(await sourcesOf(file(content, '.zip'))).toEqual({ refused: expect.stringMatching(why) })
  })

  it('whose text is not what it says changes nothing', async () => {
    const whole = zip({ 'un.txt': text(...crowd(3)) })
    whole.fill(0xff, 60, 120)
    await expect(importing([file(whole, '.zip')])).rejects.toThrow()
    expect(rows()).toEqual([])
  })
})

describe('an invented nation', () => {
  const lines = (nation: Parameters<typeof nationOf>[0]) => [...nationOf(nation)].map((row) => row.nationalId)
  it('is the same for a seed, and a larger one begins with it', () => {
    expect([...nationOf({ seed: 7, people: 500 })]).toEqual([...nationOf({ seed: 7, people: 500 })])
    expect([...nationOf({ seed: 8, people: 500 })]).not.toEqual([...nationOf({ seed: 7, people: 500 })])
    const small = new Set(lines({ seed: 7, people: 500 }))
    const large = new Set(lines({ seed: 7, people: 900 }))
    expect([small.size, large.size]).toEqual([500, 900])
    expect([...small].filter((id) => !large.has(id))).toEqual([])
  })

  it('is read to the last line, and its change is of the size that was asked for', async () => {
    const people = 5_000
    await importing([open(...nationOf({ seed: 3, people }))])
    const later = await importing([open(...nationOf({ seed: 3, people, changed: 0.05 }))])
    expect(later.reports[0]).toMatchObject({ rejected: 0 })
    const all = later.updated + later.vanished + later.created
    expect(all / people).toBeGreaterThan(0.035)
    expect(all / people).toBeLessThan(0.065)
    expect(Math.min(later.updated, later.vanished, later.created)).toBeGreaterThan(0)
  })
})

/** A zip of texts, as archivers write them. */
function zip(texts: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(texts)) {
    const plain = Buffer.from(content)
    const packed = deflateRawSync(plain)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(plain.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    central.push(
      Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), common, tail, Buffer.from(name)]),
    )
    parts.push(local)
    offset += local.length
  }
  const directoryOf = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directoryOf.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...parts, directoryOf, Buffer.from('PK\u0005\u0006'), end])
}
