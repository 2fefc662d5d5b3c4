/** Where a request comes from, as the edge sees it. Coarse on purpose: a town and a network, never an address. */
export interface Place {
  /** Town, or `''` when the edge does not know. */
  readonly city: string
  /** ISO 3166-1 alpha-2, or `''`. */
  readonly country: string
  /** Network operator's name, or `''`. */
  readonly network: string
}

/** Town and country in one word: "Lyon, FR". `''` when the edge knows neither. */
export const placeWord = ({ city, country }: Place): string =>
  [city, country].filter((part) => part !== '').join(', ')

export const NOWHERE: Place = { city: '', country: '', network: '' }
