import type { Column } from '../../src/rpps/extract-columns.ts'

/** The columns of the open extract since 2022, as published; the line ends with a bar. */
export const OPEN_LABELS =
  "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Code civilité d'exercice|Libellé civilité d'exercice|Code civilité|Libellé civilité|Nom d'exercice|Prénom d'exercice|Code profession|Libellé profession|Code catégorie professionnelle|Libellé catégorie professionnelle|Code type savoir-faire|Libellé type savoir-faire|Code savoir-faire|Libellé savoir-faire|Code mode exercice|Libellé mode exercice|Numéro SIRET site|Numéro SIREN site|Numéro FINESS site|Numéro FINESS établissement juridique|Identifiant technique de la structure|Raison sociale site|Enseigne commerciale site|Complément destinataire (coord. structure)|Complément point géographique (coord. structure)|Numéro Voie (coord. structure)|Indice répétition voie (coord. structure)|Code type de voie (coord. structure)|Libellé type de voie (coord. structure)|Libellé Voie (coord. structure)|Mention distribution (coord. structure)|Bureau cedex (coord. structure)|Code postal (coord. structure)|Code commune (coord. structure)|Libellé commune (coord. structure)|Code pays (coord. structure)|Libellé pays (coord. structure)|Téléphone (coord. structure)|Téléphone 2 (coord. structure)|Télécopie (coord. structure)|Adresse e-mail (coord. structure)|Code Département (structure)|Libellé Département (structure)|Ancien identifiant de la structure|Autorité d'enregistrement|Code secteur d'activité|Libellé secteur d'activité|Code section tableau pharmaciens|Libellé section tableau pharmaciens|Code rôle|Libellé rôle|Code genre activité|Libellé genre activité".split(
    '|',
  )

export const OPEN_HEADER = `${OPEN_LABELS.join('|')}|`

/** Where a few columns stand in it, counted from 0. */
const AT: readonly (readonly [Column, number])[] = [
  ['type', 0],
  ['identifiant', 1],
  ['nationalId', 2],
  ['codeCiviliteDexercice', 3],
  ['codeCivilite', 5],
  ['nomDexercice', 7],
  ['prenomDexercice', 8],
  ['codeProfession', 9],
  ['codeCategorieProfessionnelle', 11],
  ['codeTypeSavoirFaire', 13],
  ['codeSavoirFaire', 15],
  ['codeModeExercice', 17],
  ['identifiantTechniqueDeLaStructure', 23],
  ['raisonSocialeSite', 24],
  ['libelleVoie', 32],
  ['codeDepartement', 44],
  ['codeSecteurDactivite', 48],
  ['codeGenreActivite', 54],
]

type Values = Partial<Record<Column, string>>

/** A line of the open extract; what is not said is an invented nurse. */
export function openLine(values: Values = {}): string {
  const fields = OPEN_LABELS.map(() => '')
  const all: Values = {
    type: '8',
    identifiant: '99700900101',
    nationalId: '899700900101',
    nomDexercice: 'CLAIRVAL',
    prenomDexercice: 'INES',
    codeProfession: '60',
    codeCategorieProfessionnelle: 'C',
    ...values,
  }
  for (const [column, index] of AT) fields[index] = all[column] ?? ''
  return `${fields.join('|')}|`
}

/** Text as a stream gives it: in pieces of a size. */
export async function* inPieces(text: string, size = 7): AsyncGenerator<string> {
  for (let start = 0; start < text.length; start += size) yield text.slice(start, start + size)
}
