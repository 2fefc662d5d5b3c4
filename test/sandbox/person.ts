import { NationalId, PractitionerId } from '../../src/kernel/identifiers.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'

/** An invented nurse, for tests that need somebody and do not care whom. */
export const PERSON: Practitioner = {
  id: PractitionerId.parse('810000000018'),
  nationalId: NationalId.parse('810000000018'),
  familyName: 'AUBRAC',
  givenName: 'Camille',
  codeCivilite: 'MME',
  otherIds: [],
  exercices: [],
}
