import { describe, expect, it } from 'vitest'
import type { NationalId } from '../../src/kernel/identifiers.ts'
import { type Assembled, assembly } from '../../src/rpps/assemble.ts'
import { type ExtractLine, openExtract } from '../../src/rpps/extract.ts'
import { readNationalId } from '../../src/rpps/national-id.ts'
import { OPEN_HEADER, openLine } from './extracts.ts'

function line(values: Parameters<typeof openLine>[0] = {}, more: Partial<ExtractLine> = {}): ExtractLine {
  const extract = openExtract(OPEN_HEADER)
  if ('refused' in extract) throw new Error(extract.refused)
  const read = extract.read(openLine(values))
  if ('rejected' in read) throw new Error(read.rejected)
  return { ...read, ...more }
}

const id = (text: string): NationalId => {
  const read = readNationalId(text)
  if (read === undefined) throw new Error(text)
  return read.id
}

function assembled(...lines: readonly ExtractLine[]): readonly Assembled[] {
  const people = assembly()
  for (const one of lines) people.add(one)
  return [...people.people()]
}

const place = (sector: string) => ({ codeModeExercice: 'S', codeSecteurDactivite: sector })
const sectors = (person: Assembled | undefined) =>
  person?.practitioner.exercices.map((practice) => practice.activities.map((one) => one.codeSecteurDactivite))

describe('people assembled', () => {
  it('of lines that are not adjacent, in the order of their first line', () => {
    const people = assembled(
      line(place('SA01')),
      line({ nationalId: '899700900102', nomDexercice: 'BOISJOLI' }),
      line(place('SA05')),
    )
    expect(people.map((person) => person.practitioner.familyName)).toEqual(['CLAIRVAL', 'BOISJOLI'])
    expect(sectors(people[0])).toEqual([['SA01', 'SA05']])
  })

  it('with a practice for each profession, category and skill', () => {
    const [person] = assembled(
      line({ codeProfession: '10', codeTypeSavoirFaire: 'S', codeSavoirFaire: 'SM04', ...place('SA01') }),
      line({ codeProfession: '10', codeTypeSavoirFaire: 'S', codeSavoirFaire: 'SM54', ...place('SA04') }),
      line({ codeProfession: '21', ...place('SA33') }),
      line({ codeProfession: '21', codeCategorieProfessionnelle: 'M', ...place('SA02') }),
      line({ codeProfession: '10', codeTypeSavoirFaire: 'S', codeSavoirFaire: 'SM04', ...place('SA08') }),
    )
    expect(sectors(person)).toEqual([['SA01', 'SA08'], ['SA04'], ['SA33'], ['SA02']])
  })

  it('once, when the same line comes again', () => {
    expect(sectors(assembled(line(place('SA01')), line(place('SA01')))[0])).toEqual([['SA01']])
  })

  it('with a practice and no place, when there is none', () => {
    expect(sectors(assembled(line())[0])).toEqual([[]])
  })

  it('under their national id, which is also the first of their identifiers', () => {
    expect(assembled(line())[0]?.practitioner).toMatchObject({
      id: '899700900101',
      nationalId: '899700900101',
      otherIds: [{ identifiant: '899700900101', origine: 'RPPS', qualite: 1 }],
    })
  })

  it('with civil names and contact details from whichever file has them', () => {
    const civil = { familyName: 'CLAIRVAL-MORIN', givenName: 'INES' }
    const contact = { email: 'ines@exemple.test', phone: '' }
    const people = assembled(
      line(),
      line({}, { civil, contact }),
      line({}, { civil, contact: { email: '', phone: '1' } }),
    )
    expect(people[0]?.practitioner).toMatchObject({ familyName: 'CLAIRVAL-MORIN', givenName: 'INES' })
    expect(people[0]?.contact).toEqual({ email: 'ines@exemple.test', phone: '1' })
    expect(assembled(line())[0]?.contact).toBeUndefined()
  })

  it('not twice, when another line says that the number is a former one', () => {
    const otherIds = [{ identifiant: '0337100042', origine: 'ADELI', qualite: 2 }]
    const people = assembled(
      line({ nationalId: '0337100042' }),
      line({}, { nationalId: id('899700900121'), otherIds }),
    )
    expect(people.map((person) => person.practitioner.nationalId)).toEqual(['899700900121'])
    expect(people[0]?.practitioner.otherIds).toEqual([
      { identifiant: '899700900121', origine: 'RPPS', qualite: 1 },
      { identifiant: '0337100042', origine: 'ADELI', qualite: 2 },
    ])
  })
})
