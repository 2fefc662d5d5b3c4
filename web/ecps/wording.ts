import type { Language } from './language.ts'
import type { SignIn } from './messages.ts'

/** ISO 3166-1 codes of France and of its parts overseas, which have codes of their own. */
const FRANCE = new Set(['FR', 'GP', 'MQ', 'GF', 'RE', 'YT', 'PM', 'BL', 'MF', 'WF', 'PF', 'NC'])

/** Whether the computer is known to be outside France: unusual enough to be said in words. */
export const isAbroad = (place: SignIn['place']): boolean =>
  place.country !== '' && !FRANCE.has(place.country)

/** "Lyon, Orange"; abroad with its country: "Varsovie (Pologne), Orange". `''` when the edge knows nothing. */
export function placeName(place: SignIn['place'], language: Language): string {
  const abroad = place.country !== '' && place.country !== 'FR'
  const country = abroad ? countryName(place.country, language) : ''
  const town = place.city === '' ? country : abroad ? `${place.city} (${country})` : place.city
  const home = town === '' && place.country === 'FR' ? countryName('FR', language) : town
  return [home, place.network].filter((part) => part !== '').join(', ')
}

function countryName(code: string, language: Language): string {
  try {
    return new Intl.DisplayNames(language, { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}

const LOCALES: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' }

/** "14:32". Instants are seconds since 1970. */
export const clockTime = (at: number, language: Language): string =>
  new Date(at * 1000).toLocaleTimeString(LOCALES[language], { hour: '2-digit', minute: '2-digit' })

/** "12 mars 2027". */
export const day = (at: number, language: Language): string =>
  new Date(at * 1000).toLocaleDateString(LOCALES[language], {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
  })

/** "mar. 12 mars, 14:32". */
export const dayAndTime = (at: number, language: Language): string =>
  new Date(at * 1000).toLocaleString(LOCALES[language], {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    hour: '2-digit',
    minute: '2-digit',
  })

/** A first name for this device, which its owner may change. */
export function deviceGuess(userAgent: string, touches: number, language: Language): string {
  const french = language === 'fr'
  if (/iPhone/.test(userAgent)) return 'iPhone'
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touches > 1)) return 'iPad'
  if (/Android/.test(userAgent)) return french ? 'Téléphone Android' : 'Android phone'
  if (/Windows/.test(userAgent)) return french ? 'Ordinateur Windows' : 'Windows computer'
  if (/Macintosh/.test(userAgent)) return 'Mac'
  return french ? 'Mon téléphone' : 'My phone'
}

/** Safari's page on an iPhone or iPad, not yet on the home screen. */
export const wantsHomeScreen = (userAgent: string, touches: number, standalone: boolean): boolean =>
  !standalone && (/iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touches > 1))
