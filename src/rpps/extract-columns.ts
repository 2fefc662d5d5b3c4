import type { Activity, Practice } from './practitioner.ts'

/** What the parser wants of an extract; the names of userinfo, plus what identifies and reaches the person. */
export type Column =
  | keyof Activity
  | Exclude<keyof Practice, 'activities'>
  | 'type'
  | 'identifiant'
  | 'nationalId'
  | 'familyName'
  | 'givenNames'
  | 'codeCivilite'
  | 'phone'
  | 'email'
  | 'otherIds'

/**
 * Column → the labels under which publishers and their mirrors print it, compared by `loose`. Columns that are not
 * here (labels of codes, birth data) are never read: what is not kept cannot leak.
 */
const LABELS: Readonly<Record<Column, readonly string[]>> = {
  type: ["Type d'identifiant PP"],
  identifiant: ['Identifiant PP'],
  nationalId: ['Identification nationale PP', 'Identifiant national PP'],
  familyName: ['Nom de famille'],
  givenNames: ['Prénoms'],
  codeCivilite: ['Code civilité'],
  phone: ['Téléphone (coord. correspondance)', 'Téléphone de correspondance'],
  email: [
    'Adresse e-mail (coord. correspondance)',
    'E-mail de correspondance',
    'Adresse e-mail de correspondance',
  ],
  otherIds: ['Autres identifiants'],
  codeProfession: ['Code profession'],
  codeCategorieProfessionnelle: ['Code catégorie professionnelle'],
  codeCiviliteDexercice: ["Code civilité d'exercice"],
  nomDexercice: ["Nom d'exercice"],
  prenomDexercice: ["Prénom d'exercice"],
  codeTypeSavoirFaire: ['Code type savoir-faire'],
  codeSavoirFaire: ['Code savoir-faire'],
  codeModeExercice: ['Code mode exercice'],
  codeSecteurDactivite: ["Code secteur d'activité"],
  codeSectionPharmacien: [
    'Code section tableau pharmaciens',
    'Code section pharmacien',
    'Code section tableau pharmacien',
  ],
  codeRole: ['Code rôle', 'Code fonction'],
  codeGenreActivite: ['Code genre activité'],
  numeroSiretSite: ['Numéro SIRET site'],
  numeroSirenSite: ['Numéro SIREN site'],
  numeroFinessSite: ['Numéro FINESS site'],
  numeroFinessetablissementJuridique: ['Numéro FINESS établissement juridique'],
  identifiantTechniqueDeLaStructure: ['Identifiant technique de la structure'],
  raisonSocialeSite: ['Raison sociale site'],
  enseigneCommercialeSite: ['Enseigne commerciale site'],
  complementDestinataire: ['Complément destinataire'],
  complementPointGeographique: ['Complément point géographique'],
  numeroVoie: ['Numéro voie'],
  indiceRepetitionVoie: ['Indice répétition voie'],
  codeTypeDeVoie: ['Code type de voie'],
  libelleVoie: ['Libellé voie'],
  mentionDistribution: ['Mention distribution'],
  bureauCedex: ['Bureau cedex'],
  codePostal: ['Code postal'],
  codeCommune: ['Code commune'],
  codePays: ['Code pays'],
  telephone: ['Téléphone'],
  telephone2: ['Téléphone 2'],
  telecopie: ['Télécopie'],
  adresseEMail: ['Adresse e-mail'],
  codeDepartement: ['Code département'],
  ancienIdentifiantDeLaStructure: ['Ancien identifiant de la structure'],
  autoriteDenregistrement: ["Autorité d'enregistrement"],
}

const LINK_WORDS = new Set(['d', 'de', 'du', 'des', 'l', 'la', 'le', 'les'])

/**
 * A header label as compared: no accents, case, punctuation or link words, and without the suffix "(coord.
 * structure)" that some publications print and others do not.
 */
export const loose = (label: string): string =>
  label
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\((?:coord[a-z.]*\s*)?structure\)/g, '')
    .split(/[^a-z0-9]+/)
    .filter((word) => !LINK_WORDS.has(word))
    .join('')

const isColumn = (name: string): name is Column => Object.hasOwn(LABELS, name)

const COLUMN_OF: ReadonlyMap<string, Column> = new Map(
  Object.keys(LABELS)
    .filter(isColumn)
    .flatMap((column) => LABELS[column].map((text): [string, Column] => [loose(text), column])),
)

/** Without these a file is another one: the extracts of skills and of diplomas carry the persons' columns too. */
const NEEDED: readonly Column[] = [
  'codeProfession',
  'nomDexercice',
  'prenomDexercice',
  'codeModeExercice',
  'identifiantTechniqueDeLaStructure',
]

/** Where each column is, and how many there are in a line. */
export interface Layout {
  readonly width: number
  readonly at: ReadonlyMap<Column, number>
}

/**
 * Header line → layout, or which of the needed columns are missing. Order and number of columns do not matter.
 */
export function layoutOf(
  header: string,
  needed: readonly Column[] = NEEDED,
): Layout | { readonly missing: readonly string[] } {
  const labels = header.split('|')
  if (labels.at(-1)?.trim() === '') labels.pop()
  const at = new Map<Column, number>()
  labels.forEach((text, index) => {
    const column = text.length > 200 ? undefined : COLUMN_OF.get(loose(text))
    if (column !== undefined && !at.has(column)) at.set(column, index)
  })
  const missing: string[] = needed
    .filter((column) => !at.has(column))
    .map((column) => LABELS[column][0] ?? column)
  if (!at.has('nationalId') && !(at.has('type') && at.has('identifiant')))
    missing.unshift('Identification nationale PP')
  return missing.length > 0 ? { missing } : { width: labels.length, at }
}
