import type { NameAttribute } from '../protocol/pki/distinguished-name.ts'

/** Attribute types of a card's subject (PSC §6). */
export const ATTRIBUTE = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  organization: '2.5.4.10',
  unit: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
} as const

type Subject = readonly (readonly NameAttribute[])[]

export interface Holder {
  readonly commonName: string
  readonly familyName: string
  readonly givenName: string
}

/**
 * The person of a subject: common name, surname and given name, once each, in the last relative name (PSC §6), in
 * whatever order they stand there. A name of only one of them is a card that names nobody.
 */
export function holderOf(
  subject: Subject,
): Holder | { readonly refused: 'names-nobody' | 'contradicts-itself'; readonly detail: string } {
  const types = [ATTRIBUTE.commonName, ATTRIBUTE.surname, ATTRIBUTE.givenName]
  const persons = subject.flat().filter(({ type }) => types.some((known) => known === type))
  if (types.some((wanted) => persons.filter(({ type }) => type === wanted).length > 1))
    return { refused: 'contradicts-itself', detail: 'two common names, surnames or given names' }
  const last = subject.at(-1) ?? []
  const [commonName, familyName, givenName] = types.map((wanted) =>
    printable(last.find(({ type }) => type === wanted)),
  )
  return commonName === undefined || familyName === undefined || givenName === undefined
    ? { refused: 'names-nobody', detail: 'without common name, surname and given name together at the end' }
    : { commonName, familyName, givenName }
}

/** The one value of this type in the subject, `''` when there is none, `undefined` for several or an odd one. */
export function oneOf(subject: Subject, wanted: string): string | undefined {
  const [attribute, more] = subject.flat().filter(({ type }) => type === wanted)
  if (attribute === undefined) return ''
  return more === undefined ? printable(attribute) : undefined
}

/** Structures that the units of a subject are: `1` and a FINESS number, `3` and a SIRET number (PSC §1.6, §6). */
export function structuresOf(subject: Subject): readonly { finess?: string; siret?: string }[] {
  return subject
    .flat()
    .filter(({ type }) => type === ATTRIBUTE.unit)
    .flatMap((unit) => {
      const text = printable(unit) ?? ''
      if (/^1[0-9][0-9A-Z][0-9]{7}$/.test(text)) return [{ finess: text.slice(1) }]
      if (/^3[0-9]{14}$/.test(text)) return [{ siret: text.slice(1) }]
      // Practices and SIREN: structures, of which only the name is told.
      return /^[024][0-9A-Z]{5,20}$/.test(text) ? [{}] : []
    })
}

/** Why the principal name is not that of this common name (PSC §6), `undefined` when it is, or when there is none. */
export function refusedPrincipal(upn: string | undefined, commonName: string): string | undefined {
  if (upn === undefined) return undefined
  const at = upn.lastIndexOf('@')
  if (upn.slice(at + 1).toLowerCase() !== 'carte-cps.fr') return 'a principal name of another domain'
  // `8.99700434378@carte-cps.fr`: some have a dot behind the type digit.
  const written = upn.slice(0, at)
  const named = written === commonName || written === `${commonName.slice(0, 1)}.${commonName.slice(1)}`
  return named ? undefined : 'the principal name is another person’s'
}

/** X.520 has 64 characters for most of them; no real name has a character that is not printed, and some deceive. */
function printable(attribute: NameAttribute | undefined): string | undefined {
  const text = attribute?.text?.normalize('NFC').trim()
  return text === undefined || text === '' || text.length > 128 || /[\p{C}\p{Zl}\p{Zp}]/u.test(text)
    ? undefined
    : text
}
