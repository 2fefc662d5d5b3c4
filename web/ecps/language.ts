export type Language = 'fr' | 'en'

/** The language chosen on this phone, else the first of the browser's that is ours, else French. */
export function languageOf(chosen: string | null, tags: readonly string[]): Language {
  for (const tag of [chosen ?? '', ...tags]) {
    const primary = tag.split('-')[0]?.toLowerCase()
    if (primary === 'fr' || primary === 'en') return primary
  }
  return 'fr'
}
