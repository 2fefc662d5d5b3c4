/** The languages of the interface. French first: it is what is shown when nothing says otherwise. */
export type Language = 'fr' | 'en'

const known = (tag: string): Language | undefined => {
  const primary = tag.trim().toLowerCase().split('-')[0]
  return primary === 'fr' || primary === 'en' ? primary : undefined
}

/**
 * The language to speak: the person's own choice (cookie), then what the service asked (`ui_locales`, OIDC Core
 * §3.1.2.1, in its order), then `Accept-Language` (in its order; weights are ignored, browsers sort them).
 */
export function languageOf(
  choice: string | undefined,
  uiLocales: string | undefined,
  accept: string | undefined,
): Language {
  const tags = [
    choice ?? '',
    ...(uiLocales ?? '').split(' '),
    ...(accept ?? '').split(',').map((part) => part.split(';')[0] ?? ''),
  ]
  for (const tag of tags.slice(0, 20)) {
    const language = known(tag)
    if (language !== undefined) return language
  }
  return 'fr'
}
