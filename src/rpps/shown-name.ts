/** A name as people say it. The directory writes both in capitals; French keeps them for the family name only. */
export const shownName = (givenName: string, familyName: string): string =>
  `${givenName.toLowerCase().replace(/(^|[\s'’-])\p{L}/gu, (start) => start.toUpperCase())} ${familyName}`.trim()
