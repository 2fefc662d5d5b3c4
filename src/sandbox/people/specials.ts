import type { Language } from '../../kernel/language.ts'
import listed from './specials.json' with { type: 'json' }

const phrases: Readonly<Record<string, Readonly<Record<Language, string>>>> = listed

/** What an invented person of the sandbox is there to show, by national id; `undefined` for anyone else. */
export const specialOf = (nationalId: string): Readonly<Record<Language, string>> | undefined =>
  Object.hasOwn(phrases, nationalId) ? phrases[nationalId] : undefined
