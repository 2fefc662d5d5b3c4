import type { NationalId, PractitionerId } from '../kernel/identifiers.ts'
import type { ContactPoints, Practitioner } from './practitioner.ts'

/** What the directory answers about one person. */
export interface DirectoryEntry {
  readonly practitioner: Practitioner
  readonly status: 'active' | 'suspended'
  readonly contact: ContactPoints
}

/** The reference directory, read side. Each method is one query. */
export interface Directory {
  byNationalId(id: NationalId): Promise<DirectoryEntry | undefined>
  byId(id: PractitionerId): Promise<DirectoryEntry | undefined>
}
