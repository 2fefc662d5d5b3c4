import type { NationalId, PractitionerId } from '../kernel/identifiers.ts'

/**
 * One situation d'exercice. The names are Pro Santé Connect's own, odd spellings kept, because this is what relying
 * parties read (userinfo, `SubjectRefPro.exercices[].activities[]`). Every value is a string, `''` when unknown.
 */
export interface Activity {
  readonly codeModeExercice: string
  readonly codeSecteurDactivite: string
  readonly codeSectionPharmacien: string
  readonly codeRole: string
  readonly codeGenreActivite: string
  readonly numeroSiretSite: string
  readonly numeroSirenSite: string
  readonly numeroFinessSite: string
  readonly numeroFinessetablissementJuridique: string
  readonly identifiantTechniqueDeLaStructure: string
  readonly raisonSocialeSite: string
  readonly enseigneCommercialeSite: string
  readonly complementDestinataire: string
  readonly complementPointGeographique: string
  readonly numeroVoie: string
  readonly indiceRepetitionVoie: string
  readonly codeTypeDeVoie: string
  readonly libelleVoie: string
  readonly mentionDistribution: string
  readonly bureauCedex: string
  readonly codePostal: string
  readonly codeCommune: string
  readonly codePays: string
  readonly telephone: string
  readonly telephone2: string
  readonly telecopie: string
  readonly adresseEMail: string
  readonly codeDepartement: string
  readonly ancienIdentifiantDeLaStructure: string
  readonly autoriteDenregistrement: string
}

/** One professional practice: a profession, its category and skill, and where it is exercised. */
export interface Practice {
  readonly codeProfession: string
  readonly codeCategorieProfessionnelle: string
  readonly codeCiviliteDexercice: string
  readonly nomDexercice: string
  readonly prenomDexercice: string
  readonly codeTypeSavoirFaire: string
  readonly codeSavoirFaire: string
  readonly activities: readonly Activity[]
}

/** One of the identifiers under which a person is known (`otherIds[]`). `qualite` 1 is current, 2 a former one. */
export interface OtherId {
  readonly identifiant: string
  readonly origine: string
  readonly qualite: number
}

/** A professional as the reference directory knows them; what a session keeps to answer userinfo with. */
export interface Practitioner {
  readonly id: PractitionerId
  readonly nationalId: NationalId
  readonly familyName: string
  readonly givenName: string
  readonly codeCivilite: string
  readonly otherIds: readonly OtherId[]
  readonly exercices: readonly Practice[]
}

/** Where codes and notices are sent. Never part of `Practitioner`, so that it cannot leak into a token. */
export interface ContactPoints {
  readonly email: string
  readonly phone: string
}
