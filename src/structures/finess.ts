import { isFiness, isSiret, type Structure, structureId } from './structure.ts'

export type FinessRejection =
  | 'not-text'
  | 'too-long'
  | 'no-number'
  | 'malformed-number'
  | 'no-name'
  | 'unknown-line'

/** What a line of the file is. */
export type FinessLine =
  | { readonly structure: Structure }
  /** Read and not for us: the head of the file, where an establishment stands on the map. */
  | { readonly passed: true }
  | { readonly rejected: FinessRejection }

/** UTF-16 units; the longest real line has some six hundred. */
export const LONGEST_LINE = 4096

/** Where what we keep stands in a line, counted from its kind. */
const ESTABLISHMENT = { number: 1, entity: 2, name: 3, longName: 4, siret: 22 } as const
const LEGAL_ENTITY = { number: 1, name: 2, longName: 3 } as const

/**
 * One line of the open extracts of FINESS: `structureet` has an establishment, `structureej` a legal entity, to which
 * organisations' certificates are issued. Fields are parted by semicolons and never quoted.
 */
export function readFinessLine(line: string): FinessLine {
  const text = line.replace(/^\ufeff/, '').replace(/\r$/, '')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u0008\u000b-\u001f\ufffd]/.test(text)) return { rejected: 'not-text' }
  const fields = text.split(';').map((field) => field.trim())
  switch (fields[0]?.toLowerCase()) {
    case 'finess':
    case 'geolocalisation':
      return { passed: true }
    case 'structureet': {
      const siret = fields[ESTABLISHMENT.siret] ?? ''
      const entity = fields[ESTABLISHMENT.entity] ?? ''
      return structureOf(fields, ESTABLISHMENT, {
        // Spreadsheets turn long numbers into 2,601E+13: then there is none.
        siret: isSiret(siret) ? siret : undefined,
        entity: isFiness(entity) ? entity : undefined,
      })
    }
    case 'structureej':
      return structureOf(fields, LEGAL_ENTITY, { siret: undefined, entity: undefined })
    default:
      return { rejected: 'unknown-line' }
  }
}

function structureOf(
  fields: readonly string[],
  at: { readonly number: number; readonly name: number; readonly longName: number },
  more: Pick<Structure, 'siret' | 'entity'>,
): FinessLine {
  const finess = (fields[at.number] ?? '').toUpperCase()
  if (finess === '') return { rejected: 'no-number' }
  const id = structureId(`1${finess}`)
  if (id === undefined) return { rejected: 'malformed-number' }
  const name = oneLine(fields[at.longName] || fields[at.name] || '')
  return name === '' ? { rejected: 'no-name' } : { structure: { id, finess, name, ...more } }
}

const oneLine = (text: string): string => text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim()
