import { GIVEN_NAMES } from './cast.ts'
import type { Row } from './columns.ts'

export interface Nation {
  readonly seed: number
  readonly people: number
  /**
   * The same nation some days later: this share of its people is no longer as it was. Six in ten of them have moved,
   * two have left, two have come. From 0 to 1.
   */
  readonly changed?: number
}

type Weighted = readonly (readonly [value: string, weight: number])[]

/** Professions as the open extract has them, in parts of a thousand, rounded. */
const PROFESSIONS: Weighted = [
  ['60', 430],
  ['10', 190],
  ['70', 75],
  ['21', 60],
  ['93', 60],
  ['40', 38],
  ['28', 30],
  ['91', 22],
  ['98', 22],
  ['50', 20],
  ['86', 12],
  ['94', 12],
  ['95', 10],
  ['80', 9],
  ['96', 7],
  ['26', 3],
]
const ORDERS: Readonly<Record<string, string>> = {
  '10': 'CNOM',
  '21': 'CNOP',
  '40': 'ONCD',
  '50': 'CNOSF',
  '60': 'ONI',
  '70': 'CNOMK',
  '80': 'ONPP',
}
/** Registers that are still moving to RPPS: part of them is known by an ADELI number. */
const ADELI = new Set(['26', '28', '93', '94', '95', '96'])
const SKILLS: Weighted = [
  ['SM54', 30],
  ['SM26', 20],
  ['SM53', 15],
  ['SM04', 5],
  ['SM40', 5],
  ['SM42', 8],
  ['SM44', 5],
]
/** Lines of a person: most have one, nobody many. */
const PLACES: Weighted = [
  ['1', 620],
  ['2', 230],
  ['3', 90],
  ['4', 35],
  ['6', 15],
  ['12', 5],
  ['0', 5],
]
const SECTORS: Weighted = [
  ['SA01', 38],
  ['SA07', 22],
  ['SA08', 12],
  ['SA04', 8],
  ['SA17', 6],
  ['SA33', 6],
  ['SA52', 3],
  ['SA05', 3],
  ['SA16', 2],
]
const SYLLABLES =
  'BRU CLA DOR ÉVI FOU GRÉ HAL ISE JON KER LIR MOU NOI ORM PLA QUI RÊV SAB TRÈ URB VAL WAN YEU ZÉL'.split(' ')
const ENDINGS = 'AINE ELLE IER OIS EUX ETTE ANCE ONNE ART IN ÇOIS ŒUIL'.split(' ')
const STREETS = ['DES GLYCINES', "DE L'ÉTANG", 'DU MARCHÉ', 'DES TROIS PONTS', 'HAUTE', 'DU VIEUX FOUR']
const TOWNS = [
  ['35001', '35', 'BRUMEVAL'],
  ['69002', '69', 'VALMIRE'],
  ['75003', '75', 'CLAIREFORGE'],
  ['97404', '974', 'BELLEGARENNE'],
  ['2A005', '2A', 'SAINTE-AUBE'],
] as const

/** A line in a hundred people stands this many people further down than the others of the same person. */
const STRAY = 1_000

/**
 * Lines of the extract of an invented nation, in the proportions of the real one: professions, places, skills, homonyms,
 * accents, fields that are mostly empty, ADELI numbers, lines of one person that do not follow each other. The same for
 * the same seed, person by person: a larger nation begins with a smaller one, and nobody in it exists.
 */
export function* nationOf({ seed, people, changed = 0 }: Nation): Generator<Row> {
  const strays: { readonly due: number; readonly row: Row }[] = []
  const later = Math.floor(people * changed * 0.2)
  for (let index = 0; index < people + later; index += 1) {
    for (let stray = strays[0]; stray !== undefined && stray.due <= index; stray = strays[0]) {
      yield stray.row
      strays.shift()
    }
    const fate = changed > 0 && index < people ? dice(seed + 1, index)() / changed : 1
    if (fate >= 0.6 && fate < 0.8) continue
    const rows = personOf(seed, index, fate < 0.6)
    const last = rows.length > 1 && index % 100 === 7 ? rows.pop() : undefined
    yield* rows
    if (last !== undefined) strays.push({ due: index + STRAY, row: last })
  }
  for (const { row } of strays) yield row
}

function personOf(seed: number, index: number, moved: boolean): Row[] {
  const roll = dice(seed, index)
  const profession = drawn(PROFESSIONS, roll())
  const adeli = ADELI.has(profession) && roll() < 0.5
  const identifiant = adeli ? `99${String(index).padStart(7, '0')}` : `997${String(10_000_000 + index)}`
  const woman = roll() < 0.65
  const given = one(GIVEN_NAMES, roll())
  const family = familyName(roll())
  const known = woman && roll() < 0.2 ? `${family}-${familyName(roll())}` : family
  const skill = profession === '10' ? drawn(SKILLS, roll()) : ''
  const base: Row = {
    type: adeli ? '0' : '8',
    identifiant,
    nationalId: `${adeli ? '0' : '8'}${identifiant}`,
    familyName: family,
    givenNames: `${given}''`,
    birthDate: '01/01/1980',
    codeCivilite: woman ? 'MME' : 'M',
    email: roll() < 0.7 ? `personne.${index}@exemple.test` : '',
    phone: roll() < 0.8 ? `0639${String(index % 1_000_000).padStart(6, '0')}` : '',
    codeProfession: profession,
    codeCategorieProfessionnelle: roll() < 0.97 ? 'C' : roll() < 0.8 ? 'E' : 'M',
    codeCiviliteDexercice: profession === '10' || profession === '40' ? 'DR' : '',
    nomDexercice: known,
    prenomDexercice: given,
    codeTypeSavoirFaire: skill === '' ? '' : 'S',
    codeSavoirFaire: skill,
  }
  const places = Number(drawn(PLACES, roll()))
  if (places === 0) return [base]
  return Array.from({ length: places }, (_, rank) => ({
    ...base,
    ...placeOf(roll, profession, known, moved && rank === 0),
  }))
}

function placeOf(roll: () => number, profession: string, known: string, moved: boolean): Row {
  const sector = profession === '21' ? 'SA33' : drawn(SECTORS, roll())
  const cabinet = sector === 'SA07' || sector === 'SA08'
  const number = String(Math.floor(roll() ** 2 * 99_999) + (moved ? 900_000 : 100_000))
  const [postcode, department, town] = one(TOWNS, roll())
  const order = ORDERS[profession] ?? 'ARS'
  return {
    codeModeExercice: cabinet ? 'L' : 'S',
    codeSecteurDactivite: sector,
    codeSectionPharmacien: profession === '21' ? (roll() < 0.4 ? 'A' : 'D') : '',
    codeGenreActivite: roll() < 0.9 ? 'GENR01' : 'GENR03',
    numeroSiretSite: cabinet && roll() < 0.5 ? `00000${number}018` : '',
    numeroFinessSite: cabinet ? '' : `99F${number}`,
    numeroFinessetablissementJuridique: cabinet ? '' : `99J${number}`,
    identifiantTechniqueDeLaStructure: cabinet ? `R99${number}` : `F99F${number}`,
    raisonSocialeSite: cabinet ? `CABINET ${known}` : `ÉTABLISSEMENT DE ${town} N° ${number}`,
    numeroVoie: roll() < 0.8 ? String(1 + Math.floor(roll() * 120)) : '',
    codeTypeDeVoie: 'R',
    libelleVoie: one(STREETS, roll()),
    bureauCedex: `${postcode} ${town}`,
    codePostal: postcode,
    codeCommune: postcode,
    codePays: roll() < 0.5 ? '99000' : '',
    telephone: roll() < 0.4 ? `0199${number}` : '',
    adresseEMail: roll() < 0.05 ? `lieu.${number}@exemple.test` : '',
    codeDepartement: department,
    ancienIdentifiantDeLaStructure: cabinet ? `499${number}` : `199F${number}`,
    autoriteDenregistrement: `${order}/${order}/${cabinet ? order : 'ARS'}`,
  }
}

/** Some names are everybody's: homonyms as a country has them. */
function familyName(roll: number): string {
  const number = Math.floor(roll ** 3 * SYLLABLES.length ** 2 * ENDINGS.length)
  const [first, rest] = [number % SYLLABLES.length, Math.floor(number / SYLLABLES.length)]
  const middle = SYLLABLES[rest % SYLLABLES.length] ?? ''
  return `${SYLLABLES[first]}${middle}${ENDINGS[Math.floor(rest / SYLLABLES.length)] ?? ''}`
}

function drawn(choices: Weighted, roll: number): string {
  const all = choices.reduce((sum, [, weight]) => sum + weight, 0)
  let left = roll * all
  for (const [value, weight] of choices) {
    left -= weight
    if (left < 0) return value
  }
  return choices[0]?.[0] ?? ''
}

function one<T>(choices: readonly [T, ...T[]] | readonly T[], roll: number): T {
  const choice = choices[Math.floor(roll * choices.length)] ?? choices[0]
  if (choice === undefined) throw new Error('Nothing to choose from.')
  return choice
}

/** mulberry32, begun anew for each person: what one is does not depend on who else there is. */
function dice(seed: number, index: number): () => number {
  let state = Math.imul(seed, 0x9e37_79b1) ^ Math.imul(index + 1, 0x85eb_ca6b)
  return () => {
    state = (state + 0x6d2b_79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
