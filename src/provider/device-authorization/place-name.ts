import type { Language } from '../../kernel/language.ts'
import type { Place } from '../../kernel/place.ts'

/** ISO 3166-1 codes of France and of its parts overseas, which have codes of their own. */
const FRANCE = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'WF', 'PF', 'NC'])

/** Whether a screen is known to be outside France: unusual enough to be said in words. */
export const isAbroad = ({ country }: Place): boolean => country !== '' && !FRANCE.has(country)

/** "Lyon, Réseau Démo"; abroad with its country: "Varsovie (Pologne)". `''` when the edge knows nothing. */
export function placeName(place: Place, language: Language): string {
  const country = place.country === '' ? '' : countryName(place.country, language)
  const named = place.city === '' || place.country === 'FR' || country === ''
  const town = named ? place.city || country : `${place.city} (${country})`
  return [town, place.network].filter((part) => part !== '').join(', ')
}

function countryName(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
