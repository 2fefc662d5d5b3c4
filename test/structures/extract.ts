/** One line of an extract, as the register prints it: 31 fields, a semicolon behind the last. */
export const establishment = (change: Partial<Record<number, string>> = {}): string => {
  const fields: Record<number, string> = {
    0: 'structureet',
    1: '0B0000001',
    2: '0B0000009',
    3: 'CH TROIS TILLEULS',
    4: 'CENTRE HOSPITALIER DES TROIS TILLEULS',
    13: '75',
    14: 'PARIS',
    15: '75000 PARIS',
    18: '355',
    22: '00000000100018',
    30: '2026-10-01',
    ...change,
  }
  return Array.from({ length: 32 }, (_, at) => fields[at] ?? '').join(';')
}
export const legalEntity = (number = '0B0000009', name = 'HOPITAUX DES TILLEULS'): string =>
  ['structureej', number, name, '', '', '1', 'R', 'DES TILLEULS'].join(';')
export const HEAD = 'finess;etalab;93;2026-10-01'
export const PLACE = 'geolocalisation;0B0000001;652000.1;6862000.2;1,ATLASANTE,100,IGN,2026;2026-10-01'

/** A text in pieces, as a stream has it. */
export async function* inPieces(text: string, size = 64): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}
