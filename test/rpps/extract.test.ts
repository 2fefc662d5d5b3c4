import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Extract, type ExtractLine, LONGEST_LINE, openExtract } from '../../src/rpps/extract.ts'
import { OPEN_HEADER, OPEN_LABELS, openLine } from './extracts.ts'

function opened(header: string): Extract {
  const extract = openExtract(header)
  if ('refused' in extract) throw new Error(JSON.stringify(extract))
  return extract
}

function read(line: string, header = OPEN_HEADER): ExtractLine {
  const result = opened(header).read(line)
  if ('rejected' in result) throw new Error(result.rejected)
  return result
}

const RESTRICTED_LABELS =
  "Type d'identifiant PP|Identifiant PP|Identification nationale PP|Nom de famille|Prénoms|Date de naissance|Lieu de naissance|Code sexe|Téléphone (coord. correspondance)|Adresse e-mail (coord. correspondance)|Code civilité|Code profession|Code catégorie professionnelle|Code civilité d'exercice|Nom d'exercice|Prénom d'exercice|Code mode exercice|Identifiant technique de la structure|Téléphone (coord. structure)|Adresse e-mail (coord. structure)|Autres identifiants|Code genre d'activité|"

const restricted = (fields: readonly string[]): string => `${fields.join('|')}|`
const PRIMEVERE = [
  '8',
  '99700900122',
  '899700900122',
  'PRIMEVERE',
  "ELISE'ANNE'",
  '03/05/1980',
  'BRUMEVAL',
  'F',
  '0639980122',
  'elise@exemple.test',
  'MME',
  '40',
  'C',
  'DR',
  'PRIMEVERE-VALLON',
  'ELISE',
  'L',
  'R1',
  '0199000001',
  'cabinet@exemple.test',
  '899700900122,RPPS,1;0337100042,ADELI,2',
  'GENR01',
]

describe('PSC §7.1 header', () => {
  const before2022 = `${OPEN_LABELS.slice(0, 52).join('|')}|`
  it.each([
    ['as published, 56 columns', OPEN_HEADER],
    ['52 columns, before 2022', before2022],
    ['without the last bar', OPEN_HEADER.slice(0, -1)],
    ['with a byte order mark', `\ufeff${OPEN_HEADER}`],
    ['with a carriage return', `${OPEN_HEADER}\r`],
    ['in capitals', OPEN_HEADER.toUpperCase()],
    ['without accents', OPEN_HEADER.normalize('NFD').replace(/\p{M}/gu, '')],
    ['decomposed accents', OPEN_HEADER.normalize('NFD')],
    ['typographic apostrophes', OPEN_HEADER.replaceAll("'", '’')],
    ['no apostrophes', OPEN_HEADER.replaceAll("d'", 'd ')],
    ['spaces around', OPEN_HEADER.replaceAll('|', ' | ')],
    ['without the suffix', OPEN_HEADER.replaceAll(/ \((coord\. )?structure\)/g, '')],
    ['another suffix', OPEN_HEADER.replaceAll('(structure)', '(coord. Structure)')],
    ['"fonction" for "rôle"', OPEN_HEADER.replaceAll('rôle', 'fonction')],
    ['"genre d\'activité"', OPEN_HEADER.replaceAll('genre activité', "genre d'activité")],
  ])('understands it %s', (_, header) => {
    const extract = opened(header)
    expect(extract.kind).toBe('open')
    const width = header.split('|').filter((text) => text.trim() !== '').length
    const line = `${openLine({ codeModeExercice: 'S', codeSecteurDactivite: 'SA01', codeDepartement: '2A', libelleVoie: 'DES TILLEULS' }).split('|').slice(0, width).join('|')}|`
    expect(extract.read(line)).toMatchObject({
      nationalId: '899700900101',
      activity: {
        codeModeExercice: 'S',
        codeSecteurDactivite: 'SA01',
        codeDepartement: '2A',
        libelleVoie: 'DES TILLEULS',
      },
    })
  })

  it('understands columns in another order', () => {
    const header = `${[...OPEN_LABELS].reverse().join('|')}|`
    const line = `${openLine({ raisonSocialeSite: 'HOPITAL' }).split('|').slice(0, -1).reverse().join('|')}|`
    expect(read(line, header)).toEqual(read(openLine({ raisonSocialeSite: 'HOPITAL' })))
  })

  it.each([
    ['nothing', '', { refused: 'empty' }],
    ['a line of data', openLine(), { refused: 'not-an-extract' }],
    [
      'the extract of skills, which has the persons’ columns too',
      `${OPEN_LABELS.slice(0, 17).join('|')}|`,
      { refused: 'not-an-extract', missing: ['Code mode exercice', 'Identifiant technique de la structure'] },
    ],
    [
      'no identifier',
      `${OPEN_LABELS.slice(3).join('|')}|`,
      { refused: 'not-an-extract', missing: ['Identification nationale PP'] },
    ],
    ['a very long line', 'x'.repeat(LONGEST_LINE + 1), { refused: 'not-an-extract', missing: [] }],
  ])('refuses %s', (_, header, refusal) => {
    expect(openExtract(header)).toMatchObject(refusal)
  })
})

describe('PSC §7.1 line: reads', () => {
  it('a practice and a place', () => {
    const line = read(
      openLine({
        codeCivilite: 'MME',
        codeCiviliteDexercice: 'DR',
        codeProfession: '10',
        codeTypeSavoirFaire: 'S',
        codeSavoirFaire: 'SM54',
        codeModeExercice: 'L',
        codeGenreActivite: 'GENR01',
      }),
    )
    expect(line.practice).toEqual({
      codeProfession: '10',
      codeCategorieProfessionnelle: 'C',
      codeCiviliteDexercice: 'DR',
      nomDexercice: 'CLAIRVAL',
      prenomDexercice: 'INES',
      codeTypeSavoirFaire: 'S',
      codeSavoirFaire: 'SM54',
    })
    expect(line.codeCivilite).toBe('MME')
    expect(line.activity).toMatchObject({ codeModeExercice: 'L', codeGenreActivite: 'GENR01', codeRole: '' })
    expect(Object.keys(line.activity ?? {})).toHaveLength(30)
  })

  it('nothing of contact details or civil names, which are not there', () => {
    expect(read(openLine())).toMatchObject({ contact: undefined, civil: undefined, otherIds: [] })
  })

  it('no place when every field of it is empty', () => {
    expect(read(openLine()).activity).toBeUndefined()
  })

  it.each([
    ['no last bar', openLine().slice(0, -1)],
    ['a carriage return', `${openLine()}\r`],
    ['spaces around the fields', openLine().replaceAll('|', ' | ')],
  ])('with %s', (_, line) => {
    expect(read(line)).toEqual(read(openLine()))
  })

  it.each([
    ['a quote', 'LE "GRAND" CEDRE'],
    ['an unbalanced quote', '"CEDRE'],
    ['an apostrophe', "L'HORLOGE"],
    ['a semicolon and a comma', 'A;B,C'],
    ['accents and ligatures', 'CŒUR D’ÎLE'],
  ])('%s as itself', (_, name) => {
    expect(read(openLine({ raisonSocialeSite: name })).activity?.raisonSocialeSite).toBe(name)
  })

  it('codes that no nomenclature has', () => {
    const line = read(openLine({ codeProfession: '99', codeModeExercice: 'X', codeSecteurDactivite: 'SA99' }))
    expect(line.practice.codeProfession).toBe('99')
    expect(line.activity).toMatchObject({ codeModeExercice: 'X', codeSecteurDactivite: 'SA99' })
  })

  it('an identifier in two columns when the third is empty', () => {
    expect(read(openLine({ nationalId: '' })).nationalId).toBe('899700900101')
  })
})

describe('PSC §7.2 restricted line', () => {
  it('reads civil names, contact details and other identifiers', () => {
    expect(opened(RESTRICTED_LABELS).kind).toBe('restricted')
    expect(read(restricted(PRIMEVERE), RESTRICTED_LABELS)).toMatchObject({
      civil: { familyName: 'PRIMEVERE', givenName: 'ELISE' },
      contact: { email: 'elise@exemple.test', phone: '0639980122' },
      practice: { nomDexercice: 'PRIMEVERE-VALLON' },
      activity: {
        telephone: '0199000001',
        adresseEMail: 'cabinet@exemple.test',
        codeGenreActivite: 'GENR01',
      },
      otherIds: [
        { identifiant: '899700900122', origine: 'RPPS', qualite: 1 },
        { identifiant: '0337100042', origine: 'ADELI', qualite: 2 },
      ],
    })
  })

  it('drops birth data', () => {
    const text = JSON.stringify(read(restricted(PRIMEVERE), RESTRICTED_LABELS))
    expect(text).not.toMatch(/1980|BRUMEVAL/)
  })

  it('passes over other identifiers that do not read', () => {
    const fields = PRIMEVERE.with(20, 'x;899700900122,RPPS,1;;0337100042,,9')
    expect(read(restricted(fields), RESTRICTED_LABELS).otherIds).toEqual([
      { identifiant: '899700900122', origine: 'RPPS', qualite: 1 },
      { identifiant: '0337100042', origine: 'ADELI', qualite: 1 },
    ])
  })
})

describe('PSC §7.1 line: rejects', () => {
  it.each([
    ['cut short', openLine().slice(0, 60), 'wrong-number-of-columns'],
    ['one column more', `${openLine()}X|`, 'wrong-number-of-columns'],
    ['two bars at the end', `${openLine()}|`, 'wrong-number-of-columns'],
    ['empty', '', 'wrong-number-of-columns'],
    ['no identifier at all', openLine({ type: '', identifiant: '', nationalId: '' }), 'no-identifier'],
    ['an RPPS number short of a digit', openLine({ nationalId: '89970090010' }), 'malformed-identifier'],
    ['no name', openLine({ nomDexercice: '' }), 'no-name'],
    ['bytes that were not UTF-8', openLine({ nomDexercice: 'H\ufffdL\ufffdNE' }), 'not-text'],
    ['a NUL', openLine({ nomDexercice: 'A\u0000B' }), 'not-text'],
    ['a very long line', openLine({ raisonSocialeSite: 'X'.repeat(LONGEST_LINE) }), 'too-long'],
  ])('%s', (_, line, reason) => {
    expect(opened(OPEN_HEADER).read(line)).toEqual({ rejected: reason })
  })
})

describe('outside input', () => {
  const bars = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('8', '899700900012', "Nom d'exercice", '"', '\r', '\ufeff')),
    { maxLength: 60 },
  )

  it('never throws, whatever the header and the line', () => {
    fc.assert(
      fc.property(bars, bars, (header, line) => {
        const extract = openExtract(header.join('|'))
        if (!('refused' in extract)) extract.read(line.join('|'))
      }),
    )
    const extract = opened(OPEN_HEADER)
    fc.assert(fc.property(bars, (line) => extract.read(line.join('|')) !== undefined))
  })

  it('keeps every field that has no bar, control character or outer space', () => {
    const field = fc
      .string({ unit: 'grapheme', maxLength: 40 })
      .map((text) => text.replace(/[|\p{Cc}\ufffd]/gu, '').trim())
    fc.assert(
      fc.property(field, field, (raisonSocialeSite, libelleVoie) => {
        const { activity } = read(openLine({ raisonSocialeSite, libelleVoie, codeModeExercice: 'S' }))
        expect(activity).toMatchObject({ raisonSocialeSite, libelleVoie })
      }),
    )
  })
})
