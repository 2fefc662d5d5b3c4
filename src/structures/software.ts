import type { ClientId } from '../kernel/identifiers.ts'
import type { Instant } from '../kernel/instant.ts'
import type { Certificate } from '../protocol/pki/certificate.ts'
import { nameKey } from '../protocol/pki/distinguished-name.ts'
import { type Structure, type StructureId, structureId } from './structure.ts'

/** A certificate subject that was bound to a structure. */
export interface BoundSubject {
  readonly id: string
  readonly structure: Structure
  /** `nameKey` of the subject. */
  readonly subject: string
  readonly range: string
  readonly thumbprint: string
  readonly notAfter: Instant
}

/** A certificate that a client was known by, and that the registry of authorities vouches for. */
export interface ShownCertificate {
  readonly certificate: Certificate
  readonly thumbprint: string
  readonly range: string
}

/** What a client's certificate makes it: a structure's software, or nobody's in particular. */
export type Admission = { readonly structure: Structure | undefined } | { readonly refused: string }

/** Which structure's software a client is. */
export interface StructureSoftware {
  /**
   * Holds a client to the certificates that were bound to it, if any were. A renewed one (RFC 8705 §2.1: by name, so with
   * any key) is noted behind the answer. `refused` is for the trail.
   */
  admit(clientId: ClientId, shown: ShownCertificate): Promise<Admission>
}

/** Which of a client's bindings this certificate falls under. A client without one is bound to nothing. */
export function bindingOf(
  bound: readonly BoundSubject[],
  { certificate, range }: ShownCertificate,
): BoundSubject | undefined | { readonly refused: string } {
  if (bound.length === 0) return undefined
  const subject = nameKey(certificate.subject)
  const named = bound.filter((one) => one.subject === subject)
  if (named.length === 0) return { refused: 'not the certificate of its structure' }
  return (
    named.find((one) => one.range === range) ?? {
      refused: `range ${range}, bound under ${named.map((one) => one.range).join(', ')}`,
    }
  )
}

/** Whether the shown one replaces what was seen before. Two may be in use while a structure renews; the later end counts. */
export const isRenewal = (
  { thumbprint, notAfter }: Pick<BoundSubject, 'thumbprint' | 'notAfter'>,
  shown: ShownCertificate,
): boolean => shown.thumbprint !== thumbprint && shown.certificate.notAfter > notAfter

const ORGANISATIONAL_UNIT = '2.5.4.11'
const COMMON_NAME = '2.5.4.3'

/** What an organisation's certificate (ORG AUTH_CLI, PSC §6) says of itself. */
export interface OrganisationCertificate {
  readonly unit: StructureId
  readonly software: string
}

/** The one `OU` that is a structure, and the common name. A certificate that names two structures names none. */
export function organisationOf({
  subjectParts,
}: Certificate): OrganisationCertificate | { readonly refused: string } {
  const texts = (wanted: string) =>
    subjectParts.flat().flatMap(({ type, text }) => (type === wanted && text !== undefined ? [text] : []))
  const units = texts(ORGANISATIONAL_UNIT).flatMap((text) => structureId(text) ?? [])
  const [unit, another] = units
  if (unit === undefined) return { refused: 'no OU with 1 and a FINESS number, or 3 and a SIRET' }
  if (another !== undefined) return { refused: 'it names two structures' }
  const [software] = texts(COMMON_NAME)
  return software === undefined ? { refused: 'no common name' } : { unit, software }
}
