import * as z from 'zod'
import { NationalId, PractitionerId } from '../kernel/identifiers.ts'
import type { DirectoryEntry } from './directory.ts'
import type { Practitioner } from './practitioner.ts'

const text = z.string()

const Activity = z.object({
  codeModeExercice: text,
  codeSecteurDactivite: text,
  codeSectionPharmacien: text,
  codeRole: text,
  codeGenreActivite: text,
  numeroSiretSite: text,
  numeroSirenSite: text,
  numeroFinessSite: text,
  numeroFinessetablissementJuridique: text,
  identifiantTechniqueDeLaStructure: text,
  raisonSocialeSite: text,
  enseigneCommercialeSite: text,
  complementDestinataire: text,
  complementPointGeographique: text,
  numeroVoie: text,
  indiceRepetitionVoie: text,
  codeTypeDeVoie: text,
  libelleVoie: text,
  mentionDistribution: text,
  bureauCedex: text,
  codePostal: text,
  codeCommune: text,
  codePays: text,
  telephone: text,
  telephone2: text,
  telecopie: text,
  adresseEMail: text,
  codeDepartement: text,
  ancienIdentifiantDeLaStructure: text,
  autoriteDenregistrement: text,
})

const Practice = z.object({
  codeProfession: text,
  codeCategorieProfessionnelle: text,
  codeCiviliteDexercice: text,
  nomDexercice: text,
  prenomDexercice: text,
  codeTypeSavoirFaire: text,
  codeSavoirFaire: text,
  activities: z.array(Activity),
})

const Person = z.object({
  id: PractitionerId,
  nationalId: NationalId,
  familyName: text,
  givenName: text,
  codeCivilite: text,
  otherIds: z.array(z.object({ identifiant: text, origine: text, qualite: z.number() })),
  exercices: z.array(Practice),
})

const Row = z.object({
  id: PractitionerId,
  nationalId: NationalId,
  status: z.enum(['active', 'suspended']),
  email: text,
  phone: text,
  record: text,
})

/** What `practitioner.record` holds for a person. */
export const recordOf = (practitioner: Practitioner): string => JSON.stringify(practitioner)

/**
 * A row of the table `practitioner`, whoever read it (a join of another capability too), as the directory's answer.
 * The identifiers are the columns': when a number is succeeded by another, only they are rewritten.
 */
export function entryOf(row: unknown): DirectoryEntry {
  const { id, nationalId, status, email, phone, record } = Row.parse(row)
  const practitioner: Practitioner = { ...Person.parse(JSON.parse(record)), id, nationalId }
  return { practitioner, status, contact: { email, phone } }
}
