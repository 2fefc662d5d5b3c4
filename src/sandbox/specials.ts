import type { Language } from '../kernel/language.ts'
import table from './people/specials.json'
import type { Specials } from './roster.ts'

const kept: ReadonlyMap<string, Readonly<Record<Language, string>>> = new Map(Object.entries(table))

/** What the sandbox's people are there for, from the file that is shipped beside their extracts. */
export const specials: Specials = (nationalId) => kept.get(nationalId)

/** The general practitioner of every example: contactable, with a cabinet and a hospital. */
export const EXAMPLE_PERSON = '899700900012'
