// Writes the sandbox's people: `node tools/directory/invent.ts`. The same people, byte for byte, every time.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PROFESSIONS, SECTORS } from '../../src/rpps/code-systems.ts'
import { SUSPENSIONS_HEADER } from '../../src/rpps/import.ts'
import { CAST, FAMILY_NAMES, GIVEN_NAMES, type Invented, PHARMACISTS, type Place } from './cast.ts'
import { OPEN_HEADER, openLine, RESTRICTED_HEADER, type Row, restrictedLine } from './columns.ts'
import { OPEN_FILE, PEOPLE, RESTRICTED_FILE, SUSPENSIONS_FILE } from './files.ts'
import { type Holder, hash, pick, structureOf } from './structures.ts'

const NOTHING_SPECIAL = [
  'Rien de particulier : un métier, un ou deux lieux',
  'Nothing special: one profession, one or two places',
] as const

/** Everybody: the cast, a pharmacist for each section, and someone of each profession and sector not yet seen. */
export function people(): readonly Invented[] {
  const pharmacists = PHARMACISTS.map(([family, given, places], index): Invented => {
    const sections = places.map((place) => place.section).join(', ')
    return {
      id: `8997009002${String(index + 1).padStart(2, '0')}`,
      family,
      given: [given],
      civility: index % 2 === 0 ? 'MME' : 'M',
      roles: [{ profession: '21', civility: 'DR', places }],
      special: [`Pharmacien, section ${sections}`, `Pharmacist, section ${sections}`],
    }
  })
  const named = [...CAST, ...pharmacists]
  const sectors = unused(
    Object.keys(SECTORS),
    named.flatMap(placesOf).map((place) => place.sector),
  )
  const others = Object.keys(PROFESSIONS).map((profession, index): Invented => {
    const number = String(index + 1).padStart(2, '0')
    const extra = sectors.splice(0, index % 2 === 0 ? 2 : 1)
    return {
      // Those registers that are still moving to RPPS: one in three is known by an ADELI number.
      id:
        Number(profession) > 80 && index % 3 === 0
          ? `0${10 + index}${profession}00${number}9`
          : `8997009003${number}`,
      family: pick(FAMILY_NAMES, index),
      given: [pick(GIVEN_NAMES, index), ...(index % 4 === 0 ? [pick(GIVEN_NAMES, index + 12)] : [])],
      civility: index % 2 === 0 ? 'MME' : 'M',
      roles: [
        {
          profession,
          ...(profession === '10' || profession === '40' ? { civility: 'DR' } : {}),
          places: [usualPlace(profession), ...extra.map((sector) => ({ sector, mode: 'S' }))],
        },
      ],
    }
  })
  return [...named, ...others]
}

const placesOf = (person: Invented): readonly Place[] => person.roles.flatMap((role) => role.places)

const unused = (all: readonly string[], used: readonly string[]): string[] =>
  all.filter((one) => !used.includes(one))

function usualPlace(profession: string): Place {
  const usual: Readonly<Record<string, Place>> = {
    '21': { sector: 'SA33', mode: 'S', section: 'D' },
    '39': { sector: 'SA33', mode: 'S' },
    '36': { sector: 'SA10', mode: 'S' },
    '86': { sector: 'SA25', mode: 'S' },
  }
  const number = Number(profession)
  if (number >= 81 && number <= 85) return { sector: 'SA42', mode: 'L' }
  return usual[profession] ?? { sector: number >= 70 ? 'SA07' : 'SA01', mode: number >= 70 ? 'L' : 'S' }
}

/** Who keeps the register for a profession: the Order, or the regional agency. */
function authorityOf(profession: string, adeli: boolean, cabinet: boolean): string {
  if (adeli) return cabinet ? 'ARS/CPAM/CPAM' : 'ARS/ARS/ARS'
  const orders: Readonly<Record<string, string>> = {
    '10': 'CNOM',
    '21': 'CNOP',
    '40': 'ONCD',
    '50': 'CNOSF',
    '70': 'CNOMK',
    '80': 'ONPP',
  }
  const order = orders[profession]
  if (order === undefined) return cabinet ? '//' : '//ARS'
  return cabinet ? `${order}/${order}/${order}` : `${order}/${order}/ARS`
}

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('œ', 'oe')
    .replace(/[^a-z0-9]+/g, '-')

function contactOf(person: Invented): { email: string; phone: string } {
  if (person.contact !== undefined) return person.contact
  return {
    email: `${plain(person.given[0] ?? '')}.${plain(person.family)}@exemple.test`,
    phone: `063998${String(hash(person.id)).padStart(4, '0')}`,
  }
}

const typeOf = (id: string): string => (/^[0-9]/.test(id) ? id.slice(0, 1) : '')

/** A line for each practice and place, or one for a practice without a place. */
export function rowsOf(person: Invented): readonly Row[] {
  const type = typeOf(person.id)
  const [given = ''] = person.given
  const known = person.known ?? person.family
  const birth = hash(`${person.id}${person.family}`)
  return person.roles.flatMap((role) => {
    const base = {
      type,
      identifiant: person.id.slice(type.length),
      nationalId: person.id,
      familyName: person.family,
      // Three slots, the unused ones empty.
      givenNames: [0, 1, 2].map((slot) => person.given[slot] ?? '').join("'"),
      birthDate: `${String((birth % 28) + 1).padStart(2, '0')}/${String((birth % 12) + 1).padStart(2, '0')}/${1960 + (birth % 42)}`,
      codeCivilite: person.civility,
      ...contactOf(person),
      otherIds: person.former === undefined ? '' : `${person.id},RPPS,1;${person.former},ADELI,2`,
      codeProfession: role.profession,
      codeCategorieProfessionnelle: role.category ?? 'C',
      codeCiviliteDexercice: role.civility ?? '',
      nomDexercice: known,
      prenomDexercice: given,
      codeTypeSavoirFaire: role.skill?.[0] ?? '',
      codeSavoirFaire: role.skill?.[1] ?? '',
    }
    if (role.places.length === 0) return [base]
    const door = `${role.civility === undefined ? '' : `DU ${role.civility} `}${known}`
    const holder: Holder = { nationalId: person.id, name: door }
    return role.places.map((place, rank): Row => {
      if (place.written !== undefined) return { ...base, ...place.written }
      const structure = structureOf(place.sector, holder, rank)
      const cabinet = structure.identifiantTechniqueDeLaStructure.startsWith('R')
      return {
        ...base,
        ...structure,
        codeModeExercice: place.mode ?? 'S',
        codeSecteurDactivite: place.sector,
        codeSectionPharmacien: place.section ?? '',
        codeRole: place.role ?? '',
        codeGenreActivite: place.genre ?? 'GENR01',
        autoriteDenregistrement:
          role.profession === '' ? '' : authorityOf(role.profession, type === '0', cabinet),
      }
    })
  })
}

/** The files of the sandbox, by name. */
export function files(): Readonly<Record<string, string>> {
  const everybody = people()
  const rows = everybody.flatMap(rowsOf)
  const suspended = everybody.filter((person) => person.suspended !== undefined)
  const specials = Object.fromEntries(
    everybody.map(({ id, special: [fr, en] = NOTHING_SPECIAL }) => [id, { fr, en }]),
  )
  const text = (lines: readonly string[]): string => `${lines.join('\n')}\n`
  return {
    [OPEN_FILE]: text([OPEN_HEADER, ...rows.map(openLine)]),
    [RESTRICTED_FILE]: text([RESTRICTED_HEADER, ...rows.map(restrictedLine)]),
    [SUSPENSIONS_FILE]: text([
      SUSPENSIONS_HEADER,
      ...suspended.map((person) => `${person.id};${person.suspended}`),
    ]),
    'specials.json': `${JSON.stringify(specials, null, 2)}\n`,
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, content] of Object.entries(files())) writeFileSync(join(PEOPLE, name), content)
}
