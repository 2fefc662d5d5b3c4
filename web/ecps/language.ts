export type Language = 'fr' | 'en'

const KEY = 'language'

/** The language kept on this phone, else the browser's, else French. */
export function firstLanguage(): Language {
  const chosen = localStorage.getItem(KEY)
  if (chosen === 'fr' || chosen === 'en') return chosen
  for (const tag of navigator.languages) {
    const primary = tag.slice(0, 2).toLowerCase()
    if (primary === 'fr' || primary === 'en') return primary
  }
  return 'fr'
}

export const keepLanguage = (language: Language): void => localStorage.setItem(KEY, language)
