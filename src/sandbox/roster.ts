import type { Language } from '../kernel/language.ts'

/** What a person of the sandbox is there for, or `undefined` when there is nothing special about them. */
export type Specials = (nationalId: string) => Readonly<Record<Language, string>> | undefined

/** One invented professional, as the list of people shows them. */
export interface RosterEntry {
  readonly nationalId: string
  readonly familyName: string
  readonly givenName: string
  readonly status: 'active' | 'suspended'
  /** `codeProfession` of each practice, once each. */
  readonly professions: readonly string[]
  /** Whether codes can be sent: without, an e-CPS cannot be activated by contact details. */
  readonly contactable: boolean
  /** Whether an e-CPS of theirs is active, a robot's included. */
  readonly ecps: boolean
}

/** The directory's people with the state of their e-CPS, by family name. */
export interface Roster {
  /** Everyone, or those whose name or national id contains `text`; the first 500. */
  list(text: string): Promise<readonly RosterEntry[]>
}
