import {
  CATEGORIES,
  GENRES,
  label,
  MODES,
  PHARMACIST_SECTIONS,
  PROFESSIONS,
  SECTORS,
} from '../../src/rpps/code-systems.ts'
import type { Column } from '../../src/rpps/extract-columns.ts'

/** What a line of either extract is written from. */
export type Row = Partial<Readonly<Record<Column | 'birthDate', string>>>

type Labelled = readonly [header: string, value: (row: Row) => string]

const of =
  (column: keyof Row) =>
  (row: Row): string =>
    row[column] ?? ''

/** The publications print the straight apostrophe. */
const straight = (text: string): string => text.replaceAll('’', "'")

const named =
  (column: keyof Row, names: Readonly<Record<string, string>>) =>
  (row: Row): string =>
    straight(names[row[column] ?? ''] ?? '')

const official =
  (column: keyof Row, system: Parameters<typeof label>[0]) =>
  (row: Row): string => {
    const code = row[column] ?? ''
    return Object.hasOwn(system, code) ? straight(label(system, code, 'fr')) : ''
  }

const TITLES = { M: 'Monsieur', MME: 'Madame', MLLE: 'Mademoiselle', DR: 'Docteur', PR: 'Professeur' }
const SKILL_TYPES = { S: 'Spécialité ordinale', CEX: 'Compétence exclusive', C: 'Compétence' }
const SKILLS = {
  SM02: 'Anatomie et cytologie pathologiques',
  SM04: 'Cardiologie et maladies vasculaires',
  SM26: 'Qualifié en médecine générale',
  SM40: 'Pédiatrie',
  SM42: 'Psychiatrie',
  SM44: 'Radio-diagnostic',
  SM53: 'Spécialiste en médecine générale',
  SM54: 'Médecine générale',
  SCD01: 'Orthopédie dento-faciale',
  CEX22: 'Médecine appliquée aux sports',
}
const STREET_TYPES = {
  R: 'Rue',
  AV: 'Avenue',
  BD: 'Boulevard',
  PL: 'Place',
  ALL: 'Allée',
  CHE: 'Chemin',
  IMP: 'Impasse',
  QU: 'Quai',
}
const ROLES = { 'FON-01': 'Titulaire de cabinet', 'FON-02': 'Associé dans une société' }
const DEPARTMENTS = {
  '2A': 'Corse-du-Sud',
  '33': 'Gironde',
  '35': 'Ille-et-Vilaine',
  '57': 'Moselle',
  '69': 'Rhône',
  '75': 'Paris',
  '974': 'La Réunion',
}

const town = (row: Row): string => (row.bureauCedex ?? '').replace(/^\S+ /, '').replace(/ CEDEX$/, '')

/** The 56 columns of PS_LibreAcces_Personne_activite, in order. */
const OPEN: readonly Labelled[] = [
  ["Type d'identifiant PP", of('type')],
  ['Identifiant PP', of('identifiant')],
  ['Identification nationale PP', of('nationalId')],
  ["Code civilité d'exercice", of('codeCiviliteDexercice')],
  ["Libellé civilité d'exercice", named('codeCiviliteDexercice', TITLES)],
  ['Code civilité', of('codeCivilite')],
  ['Libellé civilité', named('codeCivilite', TITLES)],
  ["Nom d'exercice", of('nomDexercice')],
  ["Prénom d'exercice", of('prenomDexercice')],
  ['Code profession', of('codeProfession')],
  ['Libellé profession', official('codeProfession', PROFESSIONS)],
  ['Code catégorie professionnelle', of('codeCategorieProfessionnelle')],
  ['Libellé catégorie professionnelle', official('codeCategorieProfessionnelle', CATEGORIES)],
  ['Code type savoir-faire', of('codeTypeSavoirFaire')],
  ['Libellé type savoir-faire', named('codeTypeSavoirFaire', SKILL_TYPES)],
  ['Code savoir-faire', of('codeSavoirFaire')],
  ['Libellé savoir-faire', named('codeSavoirFaire', SKILLS)],
  ['Code mode exercice', of('codeModeExercice')],
  ['Libellé mode exercice', official('codeModeExercice', MODES)],
  ['Numéro SIRET site', of('numeroSiretSite')],
  ['Numéro SIREN site', of('numeroSirenSite')],
  ['Numéro FINESS site', of('numeroFinessSite')],
  ['Numéro FINESS établissement juridique', of('numeroFinessetablissementJuridique')],
  ['Identifiant technique de la structure', of('identifiantTechniqueDeLaStructure')],
  ['Raison sociale site', of('raisonSocialeSite')],
  ['Enseigne commerciale site', of('enseigneCommercialeSite')],
  ['Complément destinataire (coord. structure)', of('complementDestinataire')],
  ['Complément point géographique (coord. structure)', of('complementPointGeographique')],
  ['Numéro Voie (coord. structure)', of('numeroVoie')],
  ['Indice répétition voie (coord. structure)', of('indiceRepetitionVoie')],
  ['Code type de voie (coord. structure)', of('codeTypeDeVoie')],
  ['Libellé type de voie (coord. structure)', named('codeTypeDeVoie', STREET_TYPES)],
  ['Libellé Voie (coord. structure)', of('libelleVoie')],
  ['Mention distribution (coord. structure)', of('mentionDistribution')],
  ['Bureau cedex (coord. structure)', of('bureauCedex')],
  ['Code postal (coord. structure)', of('codePostal')],
  ['Code commune (coord. structure)', of('codeCommune')],
  ['Libellé commune (coord. structure)', town],
  ['Code pays (coord. structure)', of('codePays')],
  ['Libellé pays (coord. structure)', named('codePays', { '99000': 'FRANCE' })],
  ['Téléphone (coord. structure)', of('telephone')],
  ['Téléphone 2 (coord. structure)', of('telephone2')],
  ['Télécopie (coord. structure)', of('telecopie')],
  ['Adresse e-mail (coord. structure)', of('adresseEMail')],
  ['Code Département (structure)', of('codeDepartement')],
  ['Libellé Département (structure)', named('codeDepartement', DEPARTMENTS)],
  ['Ancien identifiant de la structure', of('ancienIdentifiantDeLaStructure')],
  ["Autorité d'enregistrement", of('autoriteDenregistrement')],
  ["Code secteur d'activité", of('codeSecteurDactivite')],
  ["Libellé secteur d'activité", named('codeSecteurDactivite', SECTORS)],
  ['Code section tableau pharmaciens', of('codeSectionPharmacien')],
  ['Libellé section tableau pharmaciens', official('codeSectionPharmacien', PHARMACIST_SECTIONS)],
  ['Code rôle', of('codeRole')],
  ['Libellé rôle', named('codeRole', ROLES)],
  ['Code genre activité', of('codeGenreActivite')],
  ['Libellé genre activité', official('codeGenreActivite', GENRES)],
]

const sex = (row: Row): string => ({ M: 'M', MME: 'F' })[row.codeCivilite ?? ''] ?? ''

/**
 * The columns of Extraction_ProSanteConnect_Personne_activite, in order: the fifty, and before the last the other
 * identifiers of the person, which the extract that Pro Santé Connect itself gives on has there.
 */
const RESTRICTED: readonly Labelled[] = [
  ["Type d'identifiant PP", of('type')],
  ['Identifiant PP', of('identifiant')],
  ['Identification nationale PP', of('nationalId')],
  ['Nom de famille', of('familyName')],
  ['Prénoms', of('givenNames')],
  ['Date de naissance', of('birthDate')],
  ['Code commune de naissance', () => ''],
  ['Code pays de naissance', () => '99000'],
  ['Lieu de naissance', () => 'BRUMEVAL'],
  ['Code sexe', sex],
  ['Téléphone (coord. correspondance)', of('phone')],
  ['Adresse e-mail (coord. correspondance)', of('email')],
  ['Code civilité', of('codeCivilite')],
  ['Code profession', of('codeProfession')],
  ['Code catégorie professionnelle', of('codeCategorieProfessionnelle')],
  ["Code civilité d'exercice", of('codeCiviliteDexercice')],
  ["Nom d'exercice", of('nomDexercice')],
  ["Prénom d'exercice", of('prenomDexercice')],
  ['Code type savoir-faire', of('codeTypeSavoirFaire')],
  ['Code savoir-faire', of('codeSavoirFaire')],
  ['Code mode exercice', of('codeModeExercice')],
  ["Code secteur d'activité", of('codeSecteurDactivite')],
  ['Code section tableau pharmaciens', of('codeSectionPharmacien')],
  ['Code rôle', of('codeRole')],
  ['Numéro SIRET site', of('numeroSiretSite')],
  ['Numéro SIREN site', of('numeroSirenSite')],
  ['Numéro FINESS site', of('numeroFinessSite')],
  ['Numéro FINESS établissement juridique', of('numeroFinessetablissementJuridique')],
  ['Identifiant technique de la structure', of('identifiantTechniqueDeLaStructure')],
  ['Raison sociale site', of('raisonSocialeSite')],
  ['Enseigne commerciale site', of('enseigneCommercialeSite')],
  ['Complément destinataire (coord. structure)', of('complementDestinataire')],
  ['Complément point géographique (coord. structure)', of('complementPointGeographique')],
  ['Numéro Voie (coord. structure)', of('numeroVoie')],
  ['Indice répétition voie (coord. structure)', of('indiceRepetitionVoie')],
  ['Code type de voie (coord. structure)', of('codeTypeDeVoie')],
  ['Libellé Voie (coord. structure)', of('libelleVoie')],
  ['Mention distribution (coord. structure)', of('mentionDistribution')],
  ['Bureau cedex (coord. structure)', of('bureauCedex')],
  ['Code postal (coord. structure)', of('codePostal')],
  ['Code commune (coord. structure)', of('codeCommune')],
  ['Code pays (coord. structure)', of('codePays')],
  ['Téléphone (coord. structure)', of('telephone')],
  ['Téléphone 2 (coord. structure)', of('telephone2')],
  ['Télécopie (coord. structure)', of('telecopie')],
  ['Adresse e-mail (coord. structure)', of('adresseEMail')],
  ['Code département (coord. structure)', of('codeDepartement')],
  ['Ancien identifiant de la structure', of('ancienIdentifiantDeLaStructure')],
  ["Autorité d'enregistrement", of('autoriteDenregistrement')],
  ['Autres identifiants', of('otherIds')],
  ["Code genre d'activité", of('codeGenreActivite')],
]

/** Each line ends with a bar, the header too. */
const joined = (fields: readonly string[]): string => `${fields.join('|')}|`

export const OPEN_HEADER = joined(OPEN.map(([header]) => header))
export const RESTRICTED_HEADER = joined(RESTRICTED.map(([header]) => header))
export const openLine = (row: Row): string => joined(OPEN.map(([, value]) => value(row)))
export const restrictedLine = (row: Row): string => joined(RESTRICTED.map(([, value]) => value(row)))
