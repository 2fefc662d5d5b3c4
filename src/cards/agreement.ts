import type { Practitioner } from '../rpps/practitioner.ts'
import type { Card } from './card.ts'

/** What a card and the directory may say differently of one person. */
export type Disagreement = 'family name' | 'given name' | 'profession'

/**
 * Where card and directory disagree. It refuses nobody: people marry, and a card lives three years. The directory
 * counts, and the difference is told to whoever keeps it.
 */
export function disagreements(
  card: Card,
  { familyName, givenName, exercices }: Practitioner,
): Disagreement[] {
  const found: Disagreement[] = []
  const familyNames = [familyName, ...exercices.map(({ nomDexercice }) => nomDexercice)]
  const givenNames = [givenName, ...exercices.map(({ prenomDexercice }) => prenomDexercice)]
  if (!familyNames.some((name) => sameWriting(name, card.familyName))) found.push('family name')
  if (!givenNames.some((name) => startsAlike(name, card.givenName))) found.push('given name')
  const { profession } = card
  if (profession !== undefined && !exercices.some(({ codeProfession }) => codeProfession === profession))
    found.push('profession')
  return found
}

/** Cards print names in capitals, mostly without accents, with blanks or hyphens as they come. */
const plain = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z]+/g, ' ')
    .trim()

const sameWriting = (a: string, b: string): boolean => plain(a) === plain(b)

/** A card may carry the first of several given names only. */
const startsAlike = (a: string, b: string): boolean => {
  const [one, other] = [plain(a), plain(b)]
  return one === other || one.split(' ')[0] === other.split(' ')[0]
}
