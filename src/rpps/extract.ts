import type { NationalId } from '../kernel/identifiers.ts'
import { type Column, type Layout, layoutOf } from './extract-columns.ts'
import { readNationalId } from './national-id.ts'
import type { Activity, ContactPoints, OtherId, Practice } from './practitioner.ts'

/** One line of an extract: a person, one of their practices, and one place of it. */
export interface ExtractLine {
  readonly nationalId: NationalId
  /** Civil names, which only the restricted extract has; without them the names of exercise stand in. */
  readonly civil: { readonly familyName: string; readonly givenName: string } | undefined
  readonly codeCivilite: string
  /** `undefined` in the open extract, which has no such columns: nothing is then known of contact details. */
  readonly contact: ContactPoints | undefined
  readonly otherIds: readonly OtherId[]
  readonly practice: Omit<Practice, 'activities'>
  /** `undefined` when the person has the practice but exercises nowhere. */
  readonly activity: Activity | undefined
}

export type LineRejection =
  | 'wrong-number-of-columns'
  | 'no-identifier'
  | 'malformed-identifier'
  | 'no-name'
  | 'not-text'
  | 'too-long'

/** An extract whose header was understood. */
export interface Extract {
  /** `restricted` has civil names and contact details. */
  readonly kind: 'open' | 'restricted'
  readonly read: (line: string) => ExtractLine | { readonly rejected: LineRejection }
}

export type HeaderRefusal =
  | { readonly refused: 'empty' }
  | { readonly refused: 'not-an-extract'; readonly missing: readonly string[] }

/** Longest line believed, in UTF-16 units: the longest real ones have about a thousand. */
export const LONGEST_LINE = 16_384

/**
 * Opens an extract by its header line. Formats: the ANS open extract "PS_LibreAcces_Personne_activite" (56 columns, 52
 * before 2022) and the restricted "Extraction_ProSanteConnect_Personne_activite" (50 fields). Neither quotes nor
 * escapes exist in them: every character but the bar is itself.
 */
export function openExtract(header: string): Extract | HeaderRefusal {
  const text = stripEnds(header)
  if (text === '') return { refused: 'empty' }
  const layout = text.length > LONGEST_LINE ? { missing: [] } : layoutOf(text)
  if ('missing' in layout) return { refused: 'not-an-extract', missing: layout.missing }
  const restricted = layout.at.has('familyName') && (layout.at.has('email') || layout.at.has('phone'))
  return { kind: restricted ? 'restricted' : 'open', read: (line) => readLine(layout, line) }
}

/** Without the byte order mark and the carriage return that some copies of the files have. */
export const stripEnds = (line: string): string => {
  const start = line.startsWith('\ufeff') ? 1 : 0
  return line.slice(start, line.endsWith('\r') ? -1 : undefined)
}

/** Control characters, and what a decoder writes for bytes that are not UTF-8. A damaged name is worse than none. */
const NOT_TEXT = /[\ufffd]|[^\P{Cc}\t]/u

/** A line's values by column, or why it has none: what every extract of the publication has in common. */
export function fieldsOf(layout: Layout, raw: string): Field | { readonly rejected: LineRejection } {
  if (raw.length > LONGEST_LINE) return { rejected: 'too-long' }
  const line = stripEnds(raw)
  if (NOT_TEXT.test(line)) return { rejected: 'not-text' }
  const fields = line.split('|')
  if (fields.length === layout.width + 1 && fields.at(-1)?.trim() === '') fields.pop()
  if (fields.length !== layout.width) return { rejected: 'wrong-number-of-columns' }

  return (column) => {
    const index = layout.at.get(column)
    return index === undefined ? '' : (fields[index] ?? '').trim()
  }
}

function readLine(layout: Layout, raw: string): ExtractLine | { rejected: LineRejection } {
  const field = fieldsOf(layout, raw)
  if (typeof field !== 'function') return field
  const printed = field('nationalId') || `${field('type')}${field('identifiant')}`
  if (printed === '') return { rejected: 'no-identifier' }
  const id = readNationalId(printed)
  if (id === undefined) return { rejected: 'malformed-identifier' }

  const familyName = field('familyName')
  const practice = practiceOf(field)
  if (familyName === '' && practice.nomDexercice === '') return { rejected: 'no-name' }
  const activity = activityOf(field)
  return {
    nationalId: id.id,
    // Three slots joined by apostrophes, the unused ones empty: `JEANNE'MARIE'`. The first is the usual name.
    civil:
      familyName === '' ? undefined : { familyName, givenName: field('givenNames').split("'", 1)[0] ?? '' },
    codeCivilite: field('codeCivilite'),
    contact:
      layout.at.has('email') || layout.at.has('phone')
        ? { email: field('email'), phone: field('phone') }
        : undefined,
    otherIds: otherIdsOf(field('otherIds')),
    practice,
    activity: Object.values(activity).some((value) => value !== '') ? activity : undefined,
  }
}

/** `899700900012,RPPS,1;0759012345,ADELI,2`: identifier, origin, quality. What does not read so is passed over. */
function otherIdsOf(text: string): OtherId[] {
  if (text === '') return []
  return text.split(';').flatMap((entry) => {
    const [identifiant = '', origine = '', qualite = ''] = entry.split(',').map((part) => part.trim())
    const id = readNationalId(identifiant)
    if (id === undefined) return []
    return [{ identifiant: id.id, origine: origine || id.origine, qualite: qualite === '2' ? 2 : 1 }]
  })
}

type Field = (column: Column) => string

const practiceOf = (field: Field): Omit<Practice, 'activities'> => ({
  codeProfession: field('codeProfession'),
  codeCategorieProfessionnelle: field('codeCategorieProfessionnelle'),
  codeCiviliteDexercice: field('codeCiviliteDexercice'),
  nomDexercice: field('nomDexercice'),
  prenomDexercice: field('prenomDexercice'),
  codeTypeSavoirFaire: field('codeTypeSavoirFaire'),
  codeSavoirFaire: field('codeSavoirFaire'),
})

const activityOf = (field: Field): Activity => ({
  codeModeExercice: field('codeModeExercice'),
  codeSecteurDactivite: field('codeSecteurDactivite'),
  codeSectionPharmacien: field('codeSectionPharmacien'),
  codeRole: field('codeRole'),
  codeGenreActivite: field('codeGenreActivite'),
  numeroSiretSite: field('numeroSiretSite'),
  numeroSirenSite: field('numeroSirenSite'),
  numeroFinessSite: field('numeroFinessSite'),
  numeroFinessetablissementJuridique: field('numeroFinessetablissementJuridique'),
  identifiantTechniqueDeLaStructure: field('identifiantTechniqueDeLaStructure'),
  raisonSocialeSite: field('raisonSocialeSite'),
  enseigneCommercialeSite: field('enseigneCommercialeSite'),
  complementDestinataire: field('complementDestinataire'),
  complementPointGeographique: field('complementPointGeographique'),
  numeroVoie: field('numeroVoie'),
  indiceRepetitionVoie: field('indiceRepetitionVoie'),
  codeTypeDeVoie: field('codeTypeDeVoie'),
  libelleVoie: field('libelleVoie'),
  mentionDistribution: field('mentionDistribution'),
  bureauCedex: field('bureauCedex'),
  codePostal: field('codePostal'),
  codeCommune: field('codeCommune'),
  codePays: field('codePays'),
  telephone: field('telephone'),
  telephone2: field('telephone2'),
  telecopie: field('telecopie'),
  adresseEMail: field('adresseEMail'),
  codeDepartement: field('codeDepartement'),
  ancienIdentifiantDeLaStructure: field('ancienIdentifiantDeLaStructure'),
  autoriteDenregistrement: field('autoriteDenregistrement'),
})
