import type { Instant } from '../../src/kernel/instant.ts'
import { readFinessLine } from '../../src/structures/finess.ts'
import { type Structure, structureId } from '../../src/structures/structure.ts'
import { d1Structures } from '../../src/structures/structures.d1.ts'
import type { SqlDatabase } from '../../src/trust/authorities.d1.ts'
import { type Structure as Place, structureOf } from '../directory/structures.ts'

/** Where the invented professionals work, as lines of an extract of establishments; what has a SIRET only is in none. */
export function inventedExtract(): readonly string[] {
  const places = PLACES.filter(({ numeroFinessSite }) => numeroFinessSite !== '')
  return [
    'finess;etalab;93;2026-01-01',
    ...places.map((place) =>
      lineOf({
        number: place.numeroFinessSite,
        entity: place.numeroFinessetablissementJuridique,
        name: place.raisonSocialeSite,
        siret: place.numeroSiretSite,
        town: place.bureauCedex,
      }),
    ),
    ...places.map(({ numeroFinessetablissementJuridique: number, raisonSocialeSite: name }) =>
      ['structureej', number, name.slice(0, 38), name].join(';'),
    ),
  ]
}

/** As many lines as are wanted, the same ones for the same seed, numbered where no register is: department 0B. */
export function* inventedLines(count: number, seed: number): Generator<string> {
  const random = generator(seed)
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)] ?? ''
  for (let i = 0; i < count; i++) {
    const number = String(1_000_000 + i).padStart(7, '0')
    const siret = random() < 0.8 ? String(Math.floor(random() * 1e9)).padStart(14, '0') : ''
    const name = `${pick(KINDS)} ${pick(NAMES)}`
    yield lineOf({ number: `0B${number}`, entity: `1B${number}`, name, siret, town: pick(TOWNS) })
  }
}

const KINDS = [
  'EHPAD',
  'CENTRE DE SANTE',
  'CLINIQUE',
  'PHARMACIE',
  'IME',
  'CENTRE HOSPITALIER',
  'LABORATOIRE',
]
const NAMES = ['DES GLYCINES', 'DE LA FORÊT', 'DU PONT VIEUX', "DE L'ÎLE", 'DES QUATRE VENTS', 'AURORE']
const TOWNS = ['BRUMEVAL', 'VALMIRE-SUR-LOINGE', 'BELLEGARENNE', 'HAUTECOMBE-LES-PRES']

const PLACES: readonly Place[] = Array.from({ length: 59 }, (_, i) =>
  structureOf(`SA${String(i + 1).padStart(2, '0')}`, { nationalId: '0', name: '' }, 0),
)

function lineOf(of: {
  readonly number: string
  readonly entity: string
  readonly name: string
  readonly siret: string
  readonly town: string
}): string {
  const fields: Readonly<Record<number, string>> = {
    0: 'structureet',
    1: of.number,
    2: of.entity,
    3: of.name.slice(0, 38),
    4: of.name,
    15: of.town,
    22: of.siret,
    30: '2026-01-01',
  }
  return Array.from({ length: 32 }, (_, at) => fields[at] ?? '').join(';')
}

/** mulberry32: good enough to make names up, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Puts the structures of the sandbox's people, and of its card shop, into the registry. Again, it changes nothing. */
export async function seedStructures(database: SqlDatabase, now: Instant): Promise<number> {
  const known = inventedExtract().flatMap((line) => {
    const read = readFinessLine(line)
    return 'structure' in read ? [read.structure] : []
  })
  const bySiret = PLACES.flatMap(({ numeroSiretSite: siret, raisonSocialeSite: name }): Structure[] => {
    const id = structureId(`3${siret}`)
    return id === undefined ? [] : [{ id, finess: undefined, siret, name, entity: undefined }]
  })
  return d1Structures(database).upsert([...known, ...bySiret], now)
}
