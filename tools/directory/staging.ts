import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { NationalId } from '../../src/kernel/identifiers.ts'
import { type Assembled, personOf } from '../../src/rpps/assemble.ts'
import { type Extract, type ExtractLine, openExtract } from '../../src/rpps/extract.ts'
import type { Suspension } from '../../src/rpps/import.ts'
import { type SkillLine, withSkills } from '../../src/rpps/skills.ts'

/** Lines of one person that follow each other in a file are one row, up to about this many characters. */
const LINES_TOGETHER = 32_768
const Skill = z.object({
  codeProfession: z.string(),
  codeCategorieProfessionnelle: z.string(),
  codeTypeSavoirFaire: z.string(),
  codeSavoirFaire: z.string(),
})

/** Page cache, in KiB. */
const CACHE = 24 * 1024

/**
 * Where the lines of an import wait until every file has been read, because those of one person may be anywhere in any
 * of them. On disk, so that memory does not grow with the directory; without a journal on disk, because an import that was
 * interrupted starts again with an empty one.
 *
 * `line` keeps lines as they stood: they are read twice, which takes less time than writing all that they say would.
 */
const TABLES = `
CREATE TABLE line (person TEXT NOT NULL, extract INTEGER NOT NULL, text TEXT NOT NULL);
CREATE TABLE skill (person TEXT NOT NULL, said TEXT NOT NULL, PRIMARY KEY (person, said)) WITHOUT ROWID;
CREATE TABLE succession (former TEXT PRIMARY KEY, current TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE suspension (national_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE moved (former TEXT PRIMARY KEY, current TEXT NOT NULL UNIQUE) WITHOUT ROWID;
CREATE TABLE change (
  national_id TEXT NOT NULL, family_name TEXT NOT NULL, given_name TEXT NOT NULL, with_contact INTEGER NOT NULL,
  email TEXT NOT NULL, phone TEXT NOT NULL, record TEXT NOT NULL);
CREATE TABLE vanished (national_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE back (national_id TEXT PRIMARY KEY) WITHOUT ROWID;`

export interface Staging {
  readonly database: DatabaseSync
  readonly file: string
  /** What the lines of a file can be read with again; gives the number to stage them under. */
  readonly extract: (header: string) => number
  readonly line: (extract: number, line: ExtractLine, text: string) => void
  readonly skill: (line: SkillLine) => void
  readonly suspension: (suspension: Suspension) => void
  /** When every file has been read. Gives how many rows of lines there are. */
  readonly sort: () => number
  /** People in the order of their identifier, without those whose number another has replaced. */
  readonly people: (onRow: () => void) => Generator<Assembled>
  readonly close: () => void
}

export function openStaging(file: string): Staging {
  discard(file)
  mkdirSync(dirname(file), { recursive: true })
  const database = new DatabaseSync(file)
  database.exec(
    `PRAGMA page_size = 16384; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA cache_size = -${CACHE};
     PRAGMA temp_store = FILE; ${TABLES} BEGIN`,
  )
  const insertLine = database.prepare('INSERT INTO line (person, extract, text) VALUES (?, ?, ?)')
  const insertSuccession = database.prepare(
    'INSERT OR IGNORE INTO succession (former, current) VALUES (?, ?)',
  )
  const insertSuspension = database.prepare('INSERT OR IGNORE INTO suspension (national_id) VALUES (?)')
  const insertSkill = database.prepare('INSERT OR IGNORE INTO skill (person, said) VALUES (?, ?)')
  const skillsOf = database.prepare('SELECT said FROM skill WHERE person = ?')
  const extracts: Extract[] = []
  let skilled = false
  const finished = (nationalId: NationalId, lines: readonly ExtractLine[]): Assembled => {
    const person = personOf(nationalId, lines)
    if (!skilled) return person
    const skills = skillsOf.all(nationalId).map((row) => Skill.parse(JSON.parse(String(row.said))))
    return { ...person, practitioner: withSkills(person.practitioner, skills) }
  }
  let held: { person: string; extract: number; text: string } | undefined
  const flush = () => {
    if (held !== undefined) insertLine.run(held.person, held.extract, held.text)
    held = undefined
  }

  return {
    database,
    file,
    extract: (header) => {
      const opened = openExtract(header)
      if ('refused' in opened) throw new Error('A header that was understood once is not understood again.')
      return extracts.push(opened) - 1
    },
    line: (extract, { nationalId, otherIds }, text) => {
      for (const other of otherIds)
        if (other.qualite === 2) insertSuccession.run(other.identifiant, nationalId)
      if (held?.person === nationalId && held.extract === extract && held.text.length < LINES_TOGETHER) {
        held.text += `\n${text}`
        return
      }
      flush()
      held = { person: nationalId, extract, text }
    },
    skill: ({ nationalId, skill }) => {
      skilled = true
      insertSkill.run(nationalId, JSON.stringify(skill))
    },
    suspension: ({ nationalId }) => void insertSuspension.run(nationalId),
    sort: () => {
      flush()
      database.exec('CREATE INDEX line_person ON line (person)')
      return Number(database.prepare('SELECT count(*) AS rows FROM line').get()?.rows ?? 0)
    },
    people: function* (onRow) {
      const rows = database.prepare(
        `SELECT person, extract, text FROM line INDEXED BY line_person
         WHERE person NOT IN (SELECT former FROM succession) ORDER BY person, rowid`,
      )
      let person: string | undefined
      let lines: ExtractLine[] = []
      for (const row of rows.iterate()) {
        onRow()
        const next = String(row.person)
        if (person !== undefined && next !== person) {
          yield finished(NationalId.parse(person), lines)
          lines = []
        }
        person = next
        const extract = extracts[Number(row.extract)]
        for (const text of String(row.text).split('\n')) {
          const line = extract?.read(text)
          if (line !== undefined && !('rejected' in line)) lines.push(line)
        }
      }
      if (person !== undefined) yield finished(NationalId.parse(person), lines)
    },
    close: () => {
      database.close()
      discard(file)
    },
  }
}

/** A journal that was left would be taken for one of the file made next. */
function discard(file: string): void {
  for (const part of [file, `${file}-journal`]) rmSync(part, { force: true })
}
