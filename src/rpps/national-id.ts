import { NationalId } from '../kernel/identifiers.ts'

/** A national identifier taken apart. */
export interface NationalIdReading {
  readonly id: NationalId
  /** The type digit (TRE_G08), or `''` for identities made outside the registers, in test environments. */
  readonly type: string
  /** What follows the type digit: the extract's column "Identifiant PP". */
  readonly identifiant: string
  /** The register that gave it, as `otherIds[].origine` names it. */
  readonly origine: string
}

interface Form {
  readonly origine: string
  readonly identifiant: RegExp
}

const INTERNAL = '[0-9A-Za-z._-]{1,40}'

/**
 * PSC §1.6. Forms that the registers publish are held to their length, because a digit lost or doubled is the
 * commonest mistake with these numbers; the others are only held to the characters of an identifier.
 */
const FORMS: Readonly<Record<string, Form>> = {
  '0': { origine: 'ADELI', identifiant: /^[0-9A-Z]{9}$/ },
  '1': { origine: 'ADELI', identifiant: new RegExp(`^[0-9A-Z]{5,14}/${INTERNAL}$`) },
  '2': { origine: 'DRASS', identifiant: /^[0-9A-Za-z/._-]{4,40}$/ },
  '3': { origine: 'FINESS', identifiant: new RegExp(`^[0-9A-Z]{9}/${INTERNAL}$`) },
  '4': { origine: 'SIREN', identifiant: new RegExp(`^[0-9]{9}/${INTERNAL}$`) },
  '5': { origine: 'SIRET', identifiant: new RegExp(`^[0-9]{14}/${INTERNAL}$`) },
  '6': { origine: 'RPPS', identifiant: new RegExp(`^[0-9A-Z]{5,20}/${INTERNAL}$`) },
  '8': { origine: 'RPPS', identifiant: /^[0-9]{11}$/ },
  '9': { origine: 'ETUDIANT', identifiant: /^[0-9A-Z]{5,20}$/ },
}

/** Identities of the test tool have no type digit (`ANS20231122132732`). */
const EDIT = /^[A-Z]{3}[0-9]{6,40}$/

/** Reads a national identifier as the directory prints it; `undefined` when its form is not that of its type. */
export function readNationalId(text: string): NationalIdReading | undefined {
  const parsed = NationalId.safeParse(text)
  if (!parsed.success) return undefined
  const type = text.slice(0, 1)
  const form = FORMS[type]
  if (form === undefined) {
    return EDIT.test(text) ? { id: parsed.data, type: '', identifiant: text, origine: 'EDIT' } : undefined
  }
  const identifiant = text.slice(1)
  return form.identifiant.test(identifiant)
    ? { id: parsed.data, type, identifiant, origine: form.origine }
    : undefined
}

/** The register behind an identifier already known to be one, as `otherIds[].origine` names it. */
export const origineOf = (id: NationalId): string => readNationalId(id)?.origine ?? 'EDIT'

/**
 * What a person typed, read kindly: spaces and dots are dropped, and the type digit may be left out of an RPPS number
 * (11 digits) or an ADELI number (9), which is how both are printed on cards and prescriptions.
 */
export function typedNationalId(text: string): NationalId | undefined {
  if (text.length > 100) return undefined
  const compact = text.replace(/[\s.]/g, '').toUpperCase()
  const digits = /^[0-9]+$/.test(compact) ? compact.length : 0
  const whole = digits === 11 ? `8${compact}` : digits === 9 ? `0${compact}` : compact
  return readNationalId(whole)?.id
}
