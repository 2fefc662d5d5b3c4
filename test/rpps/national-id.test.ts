import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readNationalId, typedNationalId } from '../../src/rpps/national-id.ts'

describe('PSC §1.6 national identifiers: reads', () => {
  it.each([
    ['8 and 11 digits: RPPS', '899700900012', '8', '99700900012', 'RPPS'],
    ['0 and 9 characters: ADELI', '0759300018', '0', '759300018', 'ADELI'],
    ['0 and 9 characters, Corsica', '02A9300018', '0', '2A9300018', 'ADELI'],
    ['1: cabinet ADELI and internal id', '1759300018/01', '1', '759300018/01', 'ADELI'],
    ['2: DRASS', '2123456', '2', '123456', 'DRASS'],
    ['3: FINESS and internal id', '30B0057881/CPET0002', '3', '0B0057881/CPET0002', 'FINESS'],
    ['4: SIREN and internal id', '4000000024/RH-118', '4', '000000024/RH-118', 'SIREN'],
    ['5: SIRET and internal id', '500000001815646/CPAT00045', '5', '00000001815646/CPAT00045', 'SIRET'],
    ['6: cabinet RPPS and internal id', '699700900103001/SEC01', '6', '99700900103001/SEC01', 'RPPS'],
    ['9: student', '999700910001', '9', '99700910001', 'ETUDIANT'],
    ['no type: made in the test tool', 'ANS20231122132732', '', 'ANS20231122132732', 'EDIT'],
  ])('%s', (_, id, type, identifiant, origine) => {
    expect(readNationalId(id)).toEqual({ id, type, identifiant, origine })
  })
})

describe('PSC §1.6 national identifiers: refuses', () => {
  it.each([
    ['nothing', ''],
    ['an RPPS number of 10 digits', '89970090001'],
    ['an RPPS number of 12 digits', '8997009000120'],
    ['an RPPS number with a letter', '89970090001A'],
    ['an ADELI number of 8', '075930001'],
    ['a FINESS employee without internal id', '30B0057881'],
    ['a FINESS employee with an empty internal id', '30B0057881/'],
    ['a SIRET of 13 digits', '50000000181564/CPAT00045'],
    ['a slash after the type digit', '3/0B0057881/CPET0002'],
    ['a type that does not exist', '799700900012'],
    ['spaces', '8 99700900012'],
    ['a quote', "899700900012'"],
  ])('%s', (_, text) => {
    expect(readNationalId(text)).toBeUndefined()
  })

  it('anything, without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => [undefined, text].includes(readNationalId(text)?.id)))
  })
})

describe('what a person types', () => {
  it.each([
    ['as printed', '899700900012', '899700900012'],
    ['an RPPS number without its type digit', '99700900012', '899700900012'],
    ['with spaces', ' 8 9970 0900 012 ', '899700900012'],
    ['with the dot of a card', '8.99700900012', '899700900012'],
    ['an ADELI number without its type digit', '759300018', '0759300018'],
    ['small letters', '30b0057881/cpet0002', '30B0057881/CPET0002'],
  ])('%s', (_, typed, id) => {
    expect(typedNationalId(typed)).toBe(id)
  })

  it.each([
    ['a name', 'CAMILLE'],
    ['ten digits', '8970090001'],
    ['far too much', '9'.repeat(101)],
  ])('refuses %s', (_, typed) => {
    expect(typedNationalId(typed)).toBeUndefined()
  })
})
