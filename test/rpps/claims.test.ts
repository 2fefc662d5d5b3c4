import { describe, expect, it } from 'vitest'
import { assembly } from '../../src/rpps/assemble.ts'
import { userinfoClaims } from '../../src/rpps/claims.ts'
import { readFile } from '../../src/rpps/import.ts'
import type { Practitioner } from '../../src/rpps/practitioner.ts'
import open from '../../src/sandbox/people/PS_LibreAcces_Personne_activite_sandbox.txt?raw'
import { inPieces } from './extracts.ts'

const people = assembly()
await readFile('open', inPieces(open, 4096), { onLine: people.add, onSuspension: () => {} })
const everybody = [...people.people()].map((person) => person.practitioner)

function practitioner(nationalId: string): Practitioner {
  const found = everybody.find((person) => person.nationalId === nationalId)
  if (found === undefined) throw new Error(nationalId)
  return found
}

/** PSC §1.8, without what the provider adds (`sub`, `authMode`, `Palier_Authentification`, `PSI_Locale`). */
const EXAMPLE = {
  Secteur_Activite: 'SA07^1.2.250.1.71.4.2.4',
  codeGenreActivite: 'GENR01',
  SubjectOrganization: 'CABINET DU DR EXEMPLE',
  Mode_Acces_Raison: '',
  preferred_username: '899700900012',
  codeCivilite: 'MME',
  given_name: 'CAMILLE',
  Acces_Regulation_Medicale: 'FAUX',
  UITVersion: '1.0',
  SubjectRefPro: {
    codeCivilite: 'MME',
    exercices: [
      {
        codeProfession: '10',
        codeCategorieProfessionnelle: 'C',
        codeCiviliteDexercice: 'DR',
        nomDexercice: 'EXEMPLE',
        prenomDexercice: 'CAMILLE',
        codeTypeSavoirFaire: 'S',
        codeSavoirFaire: 'SM54',
        activities: [
          {
            codeModeExercice: 'L',
            codeSecteurDactivite: 'SA07',
            codeSectionPharmacien: '',
            codeRole: '',
            codeGenreActivite: 'GENR01',
            numeroSiretSite: '00000000000018',
            numeroSirenSite: '000000000',
            numeroFinessSite: '',
            numeroFinessetablissementJuridique: '',
            identifiantTechniqueDeLaStructure: 'R00001',
            raisonSocialeSite: 'CABINET DU DR EXEMPLE',
            enseigneCommercialeSite: '',
            complementDestinataire: 'CABINET DU DR EXEMPLE',
            complementPointGeographique: '',
            numeroVoie: '1',
            indiceRepetitionVoie: '',
            codeTypeDeVoie: 'R',
            libelleVoie: "DE L'ESSAI",
            mentionDistribution: '',
            bureauCedex: '75000 PARIS',
            codePostal: '75000',
            codeCommune: '75100',
            codePays: '99000',
            telephone: '',
            telephone2: '',
            telecopie: '',
            adresseEMail: '',
            codeDepartement: '75',
            ancienIdentifiantDeLaStructure: '499700900012001',
            autoriteDenregistrement: 'CNOM/CNOM/CNOM',
          },
          {
            codeModeExercice: 'S',
            codeSecteurDactivite: 'SA01',
            codeSectionPharmacien: '',
            codeRole: '',
            codeGenreActivite: 'GENR01',
            numeroSiretSite: '',
            numeroSirenSite: '',
            numeroFinessSite: '0B0000001',
            numeroFinessetablissementJuridique: '1B0000002',
            identifiantTechniqueDeLaStructure: 'F0B0000001',
            raisonSocialeSite: 'HOPITAL EXEMPLE',
            enseigneCommercialeSite: '',
            complementDestinataire: '',
            complementPointGeographique: '',
            numeroVoie: '20',
            indiceRepetitionVoie: '',
            codeTypeDeVoie: 'AV',
            libelleVoie: 'DES TESTS',
            mentionDistribution: '',
            bureauCedex: '75000 PARIS',
            codePostal: '75000',
            codeCommune: '75100',
            codePays: '99000',
            telephone: '',
            telephone2: '',
            telecopie: '',
            adresseEMail: '',
            codeDepartement: '75',
            ancienIdentifiantDeLaStructure: '10B0000001',
            autoriteDenregistrement: 'CNOM/CNOM/ARS',
          },
        ],
      },
    ],
  },
  SubjectOrganizationID: 'R00001',
  SubjectRole: ['10^1.2.250.1.213.1.1.5.5'],
  otherIds: [{ identifiant: '899700900012', origine: 'RPPS', qualite: 1 }],
  SubjectNameID: '899700900012',
  family_name: 'EXEMPLE',
  email_verified: false,
}

describe('PSC §1.5 userinfo', () => {
  it('is §1.8 for the invented example: every key, every value, nothing more', () => {
    expect(userinfoClaims(practitioner('899700900012'))).toStrictEqual(EXAMPLE)
  })

  it('has the same keys and types for everybody', () => {
    const shape = (value: unknown): unknown => {
      if (Array.isArray(value)) return 'array'
      if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shape(inner)]))
    }
    const wanted = shape(EXAMPLE)
    for (const person of everybody) expect(shape(userinfoClaims(person)), person.nationalId).toEqual(wanted)
    const [practice] = EXAMPLE.SubjectRefPro.exercices
    const activities = everybody.flatMap((person) => person.exercices.flatMap((one) => one.activities))
    for (const activity of activities) expect(shape(activity)).toEqual(shape(practice?.activities[0]))
  })

  it('describes the first activity of several', () => {
    expect(userinfoClaims(practitioner('899700900102'))).toMatchObject({
      Secteur_Activite: 'SA07^1.2.250.1.71.4.2.4',
      SubjectOrganization: 'CABINET BOISJOLI',
    })
  })

  it('is empty strings about a structure when there is none', () => {
    expect(userinfoClaims(practitioner('899700900116'))).toMatchObject({
      Secteur_Activite: '',
      SubjectOrganization: '',
      SubjectOrganizationID: '',
      codeGenreActivite: '',
      codeCivilite: '',
    })
  })

  it('names each profession once, and none for staff without a profession', () => {
    expect(userinfoClaims(practitioner('899700900103'))).toMatchObject({
      SubjectRole: ['10^1.2.250.1.213.1.1.5.5'],
    })
    expect(userinfoClaims(practitioner('899700900104'))).toMatchObject({
      SubjectRole: ['21^1.2.250.1.213.1.1.5.5', '10^1.2.250.1.213.1.1.5.5'],
    })
    expect(userinfoClaims(practitioner('30B0000017/AGENT042'))).toMatchObject({ SubjectRole: [] })
  })
})
