import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { NationalId, PractitionerId } from '../../src/kernel/identifiers.ts'
import { instant } from '../../src/kernel/instant.ts'
import type { Assembled } from '../../src/rpps/assemble.ts'
import { d1Directory } from '../../src/rpps/directory.d1.ts'
import type { Activity } from '../../src/rpps/practitioner.ts'
import { d1PractitionerStore } from '../../src/rpps/store.d1.ts'
import { NOWHERE } from './nowhere.ts'

const directory = d1Directory(env.DB)
const store = d1PractitionerStore(env.DB)
const NOW = instant(1_800_000_000)
const LATER = instant(1_800_000_500)

const CONTACT = { email: 'ines@exemple.test', phone: '0639980101' }

const ACTIVITY: Activity = {
  ...NOWHERE,
  codeModeExercice: 'S',
  codeSecteurDactivite: 'SA01',
  codeGenreActivite: 'GENR01',
  identifiantTechniqueDeLaStructure: 'F1',
  raisonSocialeSite: `L'HOPITAL "DES TILLEULS" ; -- 🌳`,
}

interface Wanted {
  readonly familyName?: string
  readonly former?: string
  readonly contact?: Assembled['contact']
  readonly activities?: number
}

function person(id: string, wanted: Wanted = {}): Assembled {
  const { familyName = "D'AIGUEBÉLINE", former, activities = 1 } = wanted
  const nationalId = NationalId.parse(id)
  return {
    practitioner: {
      id: PractitionerId.parse(id),
      nationalId,
      familyName,
      givenName: 'INÈS',
      codeCivilite: 'MME',
      otherIds: [
        { identifiant: id, origine: 'RPPS', qualite: 1 },
        ...(former === undefined ? [] : [{ identifiant: former, origine: 'ADELI', qualite: 2 }]),
      ],
      exercices: [
        {
          codeProfession: '60',
          codeCategorieProfessionnelle: 'C',
          codeCiviliteDexercice: '',
          nomDexercice: familyName,
          prenomDexercice: 'INÈS',
          codeTypeSavoirFaire: '',
          codeSavoirFaire: '',
          activities: Array.from({ length: activities }, (_, i) => ({ ...ACTIVITY, numeroVoie: `${i}` })),
        },
      ],
    },
    contact: wanted.contact,
  }
}

const byNationalId = (id: string) => directory.byNationalId(NationalId.parse(id))
const byId = (id: string) => directory.byId(PractitionerId.parse(id))

const ONE = '899700900101'
const OTHER = '899700900102'

beforeEach(async () => {
  await env.DB.exec('DELETE FROM practitioner')
})

describe('the directory', () => {
  it('gives back what was put in, by either identifier', async () => {
    const one = person(ONE, { contact: CONTACT })
    await store.upsert([one, person(OTHER)], NOW)
    const entry = { practitioner: one.practitioner, status: 'active', contact: CONTACT }
    expect(await byNationalId(ONE)).toEqual(entry)
    expect(await byId(ONE)).toEqual(entry)
    expect((await byNationalId(OTHER))?.contact).toEqual({ email: '', phone: '' })
  })

  it('knows nobody else', async () => {
    await store.upsert([person(ONE)], NOW)
    expect(await byNationalId('899700900999')).toBeUndefined()
    expect(await byId('899700900999')).toBeUndefined()
  })
})

describe('an import', () => {
  it('counts who is new, changed and as before, and writes only what changed', async () => {
    expect(await store.upsert([person(ONE), person(OTHER)], NOW)).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      tooLarge: [],
    })
    expect(await store.upsert([person(ONE), person(OTHER, { familyName: 'BOISJOLI' })], LATER)).toEqual({
      created: 0,
      updated: 1,
      unchanged: 1,
      tooLarge: [],
    })
    const { results } = await env.DB.prepare('SELECT updated_at AS at FROM practitioner ORDER BY id').all()
    expect(results).toEqual([{ at: NOW }, { at: LATER }])
    expect((await byNationalId(OTHER))?.practitioner.familyName).toBe('BOISJOLI')
  })

  it('keeps contact details that an extract does not speak of, and rewrites those that it does', async () => {
    await store.upsert([person(ONE, { contact: CONTACT })], NOW)
    await store.upsert([person(ONE, { familyName: 'MORIN' })], LATER)
    expect(await byNationalId(ONE)).toMatchObject({ practitioner: { familyName: 'MORIN' }, contact: CONTACT })
    expect(
      await store.upsert([person(ONE, { familyName: 'MORIN', contact: { email: '', phone: '' } })], LATER),
    ).toMatchObject({ updated: 1 })
    expect((await byNationalId(ONE))?.contact).toEqual({ email: '', phone: '' })
  })

  it('keeps a status', async () => {
    await store.upsert([person(ONE)], NOW)
    expect(await store.setStatus(NationalId.parse(ONE), 'suspended', NOW)).toBe(true)
    await store.upsert([person(ONE, { familyName: 'MORIN' })], LATER)
    expect((await byNationalId(ONE))?.status).toBe('suspended')
    expect(await store.setStatus(NationalId.parse(ONE), 'active', LATER)).toBe(true)
    expect((await byNationalId(ONE))?.status).toBe('active')
    expect(await store.setStatus(NationalId.parse(OTHER), 'suspended', NOW)).toBe(false)
  })

  it('takes more people than one statement holds', async () => {
    const many = Array.from({ length: 260 }, (_, i) => person(`89970091${String(i).padStart(4, '0')}`))
    expect(await store.upsert(many, NOW)).toMatchObject({ created: 260 })
    expect(await store.count()).toBe(260)
    expect(await byNationalId('899700910259')).toMatchObject({ practitioner: { nationalId: '899700910259' } })
  })

  it('takes a person larger than a statement usually is, and passes over one larger than a row', async () => {
    const people = [
      person(ONE, { activities: 150 }),
      person('899700900103', { activities: 900 }),
      person(OTHER),
    ]
    expect(await store.upsert(people, NOW)).toEqual({
      created: 2,
      updated: 0,
      unchanged: 0,
      tooLarge: ['899700900103'],
    })
    expect((await byNationalId(ONE))?.practitioner.exercices[0]?.activities).toHaveLength(150)
    expect(await byNationalId(OTHER)).toBeDefined()
  })

  it('of nobody does nothing', async () => {
    expect(await store.upsert([], NOW)).toEqual({ created: 0, updated: 0, unchanged: 0, tooLarge: [] })
  })
})

describe('a number succeeded by another', () => {
  const ADELI = '0337100042'
  const RPPS = '899700900121'

  it('keeps the id of the person, their contact details and their status', async () => {
    await store.upsert([person(ADELI, { contact: CONTACT })], NOW)
    await store.setStatus(NationalId.parse(ADELI), 'suspended', NOW)
    expect(await store.upsert([person(RPPS, { former: ADELI })], LATER)).toMatchObject({
      created: 0,
      updated: 1,
    })
    expect(await byNationalId(RPPS)).toMatchObject({
      practitioner: {
        id: ADELI,
        nationalId: RPPS,
        otherIds: [{ identifiant: RPPS }, { identifiant: ADELI, qualite: 2 }],
      },
      status: 'suspended',
      contact: CONTACT,
    })
    expect((await byId(ADELI))?.practitioner.nationalId).toBe(RPPS)
    expect(await byNationalId(ADELI)).toBeUndefined()
  })

  it('is not undone by an extract that still has the former one', async () => {
    await store.upsert([person(ADELI)], NOW)
    await store.upsert([person(RPPS, { former: ADELI })], NOW)
    await store.upsert([person(ADELI, { familyName: 'ANCIEN' })], LATER)
    expect(await store.count()).toBe(1)
    expect((await byId(ADELI))?.practitioner).toMatchObject({ nationalId: RPPS, familyName: "D'AIGUEBÉLINE" })
  })

  it('leaves both rows when both were there already', async () => {
    await store.upsert([person(ADELI), person(RPPS)], NOW)
    await store.upsert([person(RPPS, { former: ADELI })], LATER)
    expect((await byNationalId(RPPS))?.practitioner.id).toBe(RPPS)
    expect((await byNationalId(ADELI))?.practitioner.id).toBe(ADELI)
  })
})
