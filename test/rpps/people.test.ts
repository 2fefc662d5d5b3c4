import { describe, expect, it } from 'vitest'
import { assembly } from '../../src/rpps/assemble.ts'
import {
  CATEGORIES,
  GENRES,
  MODES,
  PHARMACIST_SECTIONS,
  PROFESSIONS,
  SECTORS,
} from '../../src/rpps/code-systems.ts'
import { type FileReport, readFile, type Suspension } from '../../src/rpps/import.ts'
import restricted from '../../src/sandbox/people/Extraction_ProSanteConnect_Personne_activite_sandbox.txt?raw'
import open from '../../src/sandbox/people/PS_LibreAcces_Personne_activite_sandbox.txt?raw'
import { specialOf } from '../../src/sandbox/people/specials.ts'
import suspensions from '../../src/sandbox/people/suspensions.csv?raw'
import { inPieces, OPEN_HEADER } from './extracts.ts'

const all = assembly()
const suspended: Suspension[] = []
const reports: FileReport[] = []
for (const text of [open, restricted, suspensions]) {
  const reading = { onLine: all.add, onSuspension: (one: Suspension) => suspended.push(one) }
  reports.push(await readFile('file', inPieces(text, 4096), reading))
}
const people = [...all.people()]
const practices = people.flatMap((person) => person.practitioner.exercices)
const activities = practices.flatMap((practice) => practice.activities)

function person(nationalId: string) {
  const found = people.find((one) => one.practitioner.nationalId === nationalId)
  if (found === undefined) throw new Error(nationalId)
  return found
}

describe('the invented people', () => {
  it('read whole, in the three formats', () => {
    expect(reports.map(({ kind, rejected, refusal }) => ({ kind, rejected, refusal }))).toEqual([
      { kind: 'open', rejected: 0, refusal: undefined },
      { kind: 'restricted', rejected: 0, refusal: undefined },
      { kind: 'suspensions', rejected: 0, refusal: undefined },
    ])
    expect(open.split('\n', 1)[0]).toBe(OPEN_HEADER)
    for (const line of open.trimEnd().split('\n')) expect(line.split('|')).toHaveLength(57)
  })

  it('are the same in the open and the restricted extract', async () => {
    const only = assembly()
    await readFile('open', inPieces(open, 4096), { onLine: only.add, onSuspension: () => {} })
    const openly = [...only.people()]
    expect(openly.map((one) => one.practitioner.exercices)).toEqual(
      people.map((one) => one.practitioner.exercices),
    )
    for (const one of openly) expect(one.contact).toBeUndefined()
  })

  it('are at least 60, the person of the examples first', () => {
    expect(people.length).toBeGreaterThanOrEqual(60)
    expect(people[0]).toMatchObject({
      practitioner: { nationalId: '899700900012', familyName: 'EXEMPLE', givenName: 'CAMILLE' },
      contact: { email: 'camille.exemple@exemple.test', phone: '0639980012' },
    })
  })

  it.each([
    ['profession', Object.keys(PROFESSIONS), practices.map((one) => one.codeProfession)],
    ['category', Object.keys(CATEGORIES), practices.map((one) => one.codeCategorieProfessionnelle)],
    ['mode', Object.keys(MODES), activities.map((one) => one.codeModeExercice)],
    ['sector class', Object.keys(SECTORS), activities.map((one) => one.codeSecteurDactivite)],
    ['kind of activity', Object.keys(GENRES), activities.map((one) => one.codeGenreActivite)],
    [
      'section of pharmacists',
      Object.keys(PHARMACIST_SECTIONS),
      activities.map((one) => one.codeSectionPharmacien),
    ],
  ])('PSC §1.7 cover every %s', (_, wanted, present) => {
    expect(wanted.filter((code) => !present.includes(code))).toEqual([])
  })

  it('PSC §1.6 have an identifier of each register', () => {
    const origins = people.flatMap((one) => one.practitioner.otherIds.map((other) => other.origine))
    expect(new Set(origins)).toEqual(
      new Set(['RPPS', 'ADELI', 'FINESS', 'SIRET', 'SIREN', 'ETUDIANT', 'EDIT']),
    )
  })

  it.each([
    ['without contact details', '899700900118', { email: '', phone: '' }],
    ['with only an e-mail address', '899700900119', { email: 'paul.lettremar@exemple.test', phone: '' }],
    ['with only a phone', '899700900120', { email: '', phone: '0639980120' }],
  ])('have someone %s', (_, id, contact) => {
    expect(person(id).contact).toEqual(contact)
  })

  it('have someone with a former number', () => {
    expect(person('899700900121').practitioner.otherIds).toEqual([
      { identifiant: '899700900121', origine: 'RPPS', qualite: 1 },
      { identifiant: '0337100042', origine: 'ADELI', qualite: 2 },
    ])
  })

  it('have someone suspended', () => {
    expect(suspended).toEqual([{ nationalId: '899700900117', reason: 'interdiction temporaire' }])
    expect(person('899700900117')).toBeDefined()
  })

  it('have someone of another name of exercise, three namesakes, and a name that is hard to write', () => {
    expect(person('899700900122').practitioner).toMatchObject({
      familyName: 'PRIMEVERE',
      exercices: [{ nomDexercice: 'PRIMEVERE-VALLON' }],
    })
    expect(people.filter((one) => one.practitioner.familyName === 'LAVERDURE')).toHaveLength(3)
    expect(person('899700900113').practitioner).toMatchObject({
      familyName: "D'AIGUEBÉLINE-ŒILLET",
      givenName: 'ANAÏS',
    })
  })

  it('have telephones and addresses that reach nobody', () => {
    for (const { contact } of people) {
      expect(contact?.phone).toMatch(/^(063998[0-9]{4})?$/)
      expect(contact?.email).toMatch(/^([a-z0-9.-]+@exemple\.test)?$/)
    }
    for (const { telephone, adresseEMail } of activities) {
      expect(telephone).toMatch(/^((0199|0261|0353|0465|0536)[0-9]{6})?$/)
      expect(adresseEMail).toMatch(/^([a-z0-9.]+@exemple\.test)?$/)
    }
  })

  it('are each said to be there for something, in both languages', () => {
    for (const { practitioner } of people) {
      expect(specialOf(practitioner.nationalId)?.fr, practitioner.nationalId).toMatch(/\S/)
      expect(specialOf(practitioner.nationalId)?.en, practitioner.nationalId).toMatch(/\S/)
    }
    expect(specialOf('toString')).toBeUndefined()
  })
})
