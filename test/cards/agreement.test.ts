import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { disagreements } from '../../src/cards/agreement.ts'
import type { Card } from '../../src/cards/card.ts'
import { anEntry } from '../actors/directory.ts'

const person = (familyName: string, givenName: string, nomDexercice = familyName) => {
  const { practitioner } = anEntry()
  const [practice] = practitioner.exercices
  if (practice === undefined) throw new Error('an entry has a practice')
  return {
    ...practitioner,
    familyName,
    givenName,
    exercices: [{ ...practice, nomDexercice, prenomDexercice: givenName }],
  }
}
const card = (familyName: string, givenName: string, profession: string | undefined = '10'): Card => ({
  nationalId: anEntry().practitioner.nationalId,
  type: 'CPS',
  cardId: '8025000001/2600301752',
  familyName,
  givenName,
  title: 'Médecin',
  profession,
  structure: undefined,
  certificateSerial: '01',
  issuerKeyId: '02',
})

describe('card and directory', () => {
  it.each([
    ['as both write it', card('TESTEUR', 'NOA'), person('TESTEUR', 'NOA')],
    ['accents and case', card('LEFEVRE', 'ANAIS'), person('Lefèvre', 'Anaïs')],
    ['a hyphen for a blank', card('DE LA TOUR', 'JEAN PAUL'), person('DE-LA-TOUR', 'JEAN-PAUL')],
    ['an apostrophe', card("L'HERMITE", 'ELIO'), person('L’HERMITE', 'ELIO')],
    ['the first of several given names', card('TESTEUR', 'NOA'), person('TESTEUR', 'NOA CAMILLE')],
    ['the name of practice', card('MARTIN', 'NOA'), person('TESTEUR', 'NOA', 'MARTIN')],
    ['a card without a profession', card('TESTEUR', 'NOA', ''), person('TESTEUR', 'NOA')],
  ])('agree: %s', (_, one, other) => {
    expect(disagreements(one.profession === '' ? { ...one, profession: undefined } : one, other)).toEqual([])
  })

  it.each([
    ['family name', card('AUTRE', 'NOA'), ['family name']],
    ['given name', card('TESTEUR', 'ALEX'), ['given name']],
    ['profession', card('TESTEUR', 'NOA', '50'), ['profession']],
    ['all three', card('AUTRE', 'ALEX', '50'), ['family name', 'given name', 'profession']],
  ])('disagree: %s', (_, one, found) => {
    expect(disagreements(one, person('TESTEUR', 'NOA'))).toEqual(found)
  })

  it('any two names are compared without an exception', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (family, given, other) => {
        disagreements(card(family, given), person(other, given))
      }),
    )
  })
})
