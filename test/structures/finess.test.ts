import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFinessLine } from '../../src/structures/finess.ts'
import { importFiness } from '../../src/structures/import.ts'
import { isOf, type Structure, structureId } from '../../src/structures/structure.ts'
import { establishment, HEAD, inPieces, legalEntity, PLACE } from './extract.ts'

describe('a line of the open extracts of FINESS', () => {
  it('an establishment: its number, its SIRET, its entity, its long name', () => {
    expect(readFinessLine(establishment())).toEqual({
      structure: {
        id: '10B0000001',
        finess: '0B0000001',
        siret: '00000000100018',
        name: 'CENTRE HOSPITALIER DES TROIS TILLEULS',
        entity: '0B0000009',
      },
    })
  })
  it.each([
    ['without a long name, the short one', { 4: '' }, { name: 'CH TROIS TILLEULS' }],
    ['with blanks in a row', { 4: ' EHPAD  DES\u00a0PINS ' }, { name: 'EHPAD DES PINS' }],
    ['of Corsica', { 1: '2A0000001' }, { id: '12A0000001' }],
    ['of Corsica in small letters', { 1: '2a0000001' }, { id: '12A0000001' }],
    ['whose SIRET a spreadsheet spoilt', { 22: '2,601E+13' }, { siret: undefined }],
    ['without an entity', { 2: '' }, { entity: undefined }],
  ])('an establishment %s', (_, change, expected) => {
    expect(readFinessLine(establishment(change))).toMatchObject({ structure: expected })
  })
  it('a legal entity, to which certificates are issued', () => {
    expect(readFinessLine(`\ufeff${legalEntity()}\r`)).toEqual({
      structure: {
        id: '10B0000009',
        finess: '0B0000009',
        siret: undefined,
        entity: undefined,
        name: 'HOPITAUX DES TILLEULS',
      },
    })
  })
  it.each([
    ['the head of a file', HEAD],
    ['where it stands on the map', PLACE],
  ])('passes over %s', (_, line) => expect(readFinessLine(line)).toEqual({ passed: true }))
  it.each([
    ['another kind of line', 'equipement;0B0000001', 'unknown-line'],
    ['nothing that is parted', 'bonjour', 'unknown-line'],
    ['no number', establishment({ 1: '' }), 'no-number'],
    ['a number too short', establishment({ 1: '75000001' }), 'malformed-number'],
    ['a number with letters', establishment({ 1: '7C0000001' }), 'malformed-number'],
    ['no name', establishment({ 3: '', 4: ' ' }), 'no-name'],
    ['control characters', establishment({ 3: 'A\u0000B' }), 'not-text'],
    ['a line cut short', 'structureet', 'no-number'],
  ])('rejects %s', (_, line, reason) => expect(readFinessLine(line)).toEqual({ rejected: reason }))

  it('of any text: a structure with an identifier and a name, or a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (text, fields) => {
        for (const line of [text, `structureet;${text}`, ['structureet', ...fields].join(';')]) {
          const read = readFinessLine(line)
          if ('structure' in read) {
            expect(structureId(read.structure.id)).toBe(read.structure.id)
            expect(read.structure.name).not.toBe('')
          } else expect(Object.keys(read)).toHaveLength(1)
        }
      }),
    )
  })
})

describe('a file', () => {
  it('is read in batches; bad lines are told with their number and stop nothing', async () => {
    const written: Structure[] = []
    const rejected: unknown[] = []
    const batches: number[] = []
    const many = Array.from({ length: 900 }, (_, i) =>
      establishment({ 1: `7500${String(i).padStart(5, '0')}` }),
    )
    const text = [HEAD, ...many, 'rien', '', legalEntity(), 'x'.repeat(9000), PLACE].join('\r\n')
    const report = await importFiness('f.csv', inPieces(text), {
      write: async (structures) => {
        batches.push(structures.length)
        written.push(...structures)
        return structures.length
      },
      onRejected: (...line) => rejected.push(line),
    })
    expect(report).toEqual({ name: 'f.csv', structures: 901, rejected: 2, changed: 901 })
    expect(rejected).toEqual([
      [902, 'unknown-line', 'rien\r'],
      [905, 'too-long', ''],
    ])
    expect(batches).toEqual([400, 400, 101])
    expect(written.at(-1)?.id).toBe('10B0000009')
  })
})

describe('an identifier of a structure (PSC §1.6)', () => {
  it.each(['10B0000001', '12A0000001', '300000000100018'])('%s', (text) =>
    expect(structureId(text)).toBe(text),
  )
  it.each(['', '1', '175000001', '17500000111', '3123', '4699700900103', '0750000011', '10B0000001/CPET1'])(
    'not %s',
    (text) => expect(structureId(text)).toBeUndefined(),
  )
  it('an establishment is known by its FINESS number and by its SIRET', () => {
    const read = readFinessLine(establishment())
    const structure = 'structure' in read ? read.structure : undefined
    const known = (text: string) => {
      const id = structureId(text)
      return structure !== undefined && id !== undefined && isOf(id, structure)
    }
    expect(['10B0000001', '300000000100018', '10B0000009', '300000000100026'].map(known)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
})
