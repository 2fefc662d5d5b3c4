import * as z from 'zod'
import type { Brand } from '../kernel/brand.ts'

/**
 * A structure as national identifiers write it (PSC §1.6): `1` and a FINESS number, or `3` and a SIRET. It is also what
 * stands in the `OU` of a certificate.
 */
export type StructureId = Brand<string, 'StructureId'>

/** A health structure that software may speak for. */
export interface Structure {
  readonly id: StructureId
  /** FINESS number, of an establishment or of a legal entity. */
  readonly finess: string | undefined
  readonly siret: string | undefined
  readonly name: string
  /** FINESS number of the legal entity that an establishment belongs to. */
  readonly entity: string | undefined
}

/** Nine characters: a department (`2A` and `2B` are some), then digits. */
const FINESS = '[0-9][0-9AB][0-9]{7}'
const FORM = new RegExp(`^(?:1${FINESS}|3[0-9]{14})$`)
const FINESS_ALONE = new RegExp(`^${FINESS}$`)

export const isFiness = (text: string): boolean => FINESS_ALONE.test(text)
export const isSiret = (text: string): boolean => /^[0-9]{14}$/.test(text)

/** `undefined` for what is no identifier of a structure. */
export function structureId(text: string): StructureId | undefined {
  const written = text.trim().toUpperCase()
  return FORM.test(written) ? (written as StructureId) : undefined
}

export const StructureIdText = z.string().transform((text, context): StructureId => {
  const id = structureId(text)
  if (id === undefined) context.addIssue('neither 1 and a FINESS number nor 3 and a SIRET')
  return id ?? z.NEVER
})

/** What a certificate has in its `OU`, and a structure of the registry: whether they are one. */
export const isOf = (unit: StructureId, { id, siret, finess }: Structure): boolean =>
  unit === id || unit === `3${siret}` || unit === `1${finess}`

/** What a token says of the structure that its client is the software of. */
export interface StructureClaim {
  readonly id: StructureId
  readonly finess?: string
  readonly siret?: string
  readonly name: string
}

export const structureClaim = ({ id, finess, siret, name }: Structure): StructureClaim => ({
  id,
  ...(finess === undefined ? {} : { finess }),
  ...(siret === undefined ? {} : { siret }),
  name,
})
