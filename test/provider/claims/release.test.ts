import { describe, expect, it } from 'vitest'
import { NationalId, PractitionerId } from '../../../src/kernel/identifiers.ts'
import { instant } from '../../../src/kernel/instant.ts'
import type { Authentication } from '../../../src/mire/authentication.ts'
import { CLAIM_NAMES, idTokenPerson, userinfo } from '../../../src/provider/claims/release.ts'
import type { Activity, Practice } from '../../../src/rpps/practitioner.ts'
import { NOWHERE } from '../../rpps/nowhere.ts'

const STORE = '3b1c7a52-0d5e-4c0a-9a77-5d1f0c2e9b10'

const cabinet: Activity = {
  ...NOWHERE,
  codeModeExercice: 'L',
  codeSecteurDactivite: 'SA07',
  codeGenreActivite: 'GENR01',
  numeroSiretSite: '00000000000018',
  identifiantTechniqueDeLaStructure: 'R00001',
  raisonSocialeSite: 'CABINET DU DR EXEMPLE',
  libelleVoie: 'DE L’ESSAI',
  codePays: '99000',
  telephone: '0100000000',
  adresseEMail: 'cabinet@exemple.example',
  autoriteDenregistrement: 'CNOM/CNOM/CNOM',
}
const hospital: Activity = {
  ...NOWHERE,
  codeModeExercice: 'S',
  codeSecteurDactivite: 'SA01',
  codeGenreActivite: 'GENR04',
  identifiantTechniqueDeLaStructure: 'F0B0000001',
  raisonSocialeSite: 'HOPITAL EXEMPLE',
}
const practice: Practice = {
  codeProfession: '10',
  codeCategorieProfessionnelle: 'C',
  codeCiviliteDexercice: 'DR',
  nomDexercice: 'EXEMPLE',
  prenomDexercice: 'CAMILLE',
  codeTypeSavoirFaire: 'S',
  codeSavoirFaire: 'SM54',
  activities: [cabinet, hospital],
}

const signedIn: Authentication = {
  practitioner: {
    id: PractitionerId.parse('012345678'),
    nationalId: NationalId.parse('899700900012'),
    familyName: 'EXEMPLE',
    givenName: 'CAMILLE',
    codeCivilite: 'MME',
    otherIds: [
      { identifiant: '899700900012', origine: 'RPPS', qualite: 1 },
      { identifiant: '012345678', origine: 'ADELI', qualite: 2 },
    ],
    exercices: [practice],
  },
  authMode: 'MOBILE',
  contextClass: 'eidas1',
  amr: ['pop'],
  authTime: instant(1_800_000_000),
}

/** PSC §1.5: every member, in a person with two activities. */
const WHOLE = {
  sub: `f:${STORE}:012345678`,
  SubjectNameID: '899700900012',
  preferred_username: '899700900012',
  given_name: 'CAMILLE',
  family_name: 'EXEMPLE',
  email_verified: false,
  codeCivilite: 'MME',
  codeGenreActivite: 'GENR01',
  otherIds: signedIn.practitioner.otherIds,
  SubjectRole: ['10^1.2.250.1.213.1.1.5.5'],
  Secteur_Activite: 'SA07^1.2.250.1.71.4.2.4',
  SubjectOrganization: 'CABINET DU DR EXEMPLE',
  SubjectOrganizationID: 'R00001',
  Mode_Acces_Raison: '',
  Acces_Regulation_Medicale: 'FAUX',
  UITVersion: '1.0',
  Palier_Authentification: 'APPPRIP3^1.2.250.1.213.1.5.1.1.1',
  PSI_Locale: '1.2.250.1.213.1.3.1.1',
  authMode: 'MOBILE',
  SubjectRefPro: { codeCivilite: 'MME', exercices: [practice] },
}
const ALWAYS = ['SubjectNameID', 'authMode', 'preferred_username', 'sub']

describe('userinfo by scope', () => {
  it('PSC §1.5: scope_all gives the whole layout, `sub` staying with the first id', () => {
    expect(userinfo(signedIn, 'openid scope_all', STORE)).toEqual(WHOLE)
  })

  it('OIDC Discovery §3: every member is in claims_supported', () => {
    expect([...CLAIM_NAMES, 'sub'].sort()).toEqual(Object.keys(WHOLE).sort())
  })

  it.each([
    ['openid', []],
    ['openid offline_access', []],
    ['openid profile', ['family_name', 'given_name']],
    ['openid identity', ['codeCivilite', 'family_name', 'given_name', 'otherIds']],
    ['openid profession', ['SubjectRefPro', 'SubjectRole']],
    [
      'openid activities',
      [
        'Secteur_Activite',
        'SubjectOrganization',
        'SubjectOrganizationID',
        'SubjectRefPro',
        'codeGenreActivite',
      ],
    ],
    ['openid contact', ['SubjectRefPro']],
  ])('%s gives no other members than its own', (scope, members) => {
    const released = userinfo(signedIn, scope, STORE)
    expect(Object.keys(released).sort()).toEqual([...ALWAYS, ...members].sort())
    for (const member of members.filter((name) => name !== 'SubjectRefPro')) {
      expect(released).toHaveProperty(member, Reflect.get(WHOLE, member))
    }
  })

  it('profession gives each practice without where it is exercised', () => {
    const { activities: _, ...without } = practice
    expect(userinfo(signedIn, 'openid profession', STORE).SubjectRefPro).toEqual({ exercices: [without] })
  })

  it('activities gives where, without profession and without telephone and mail', () => {
    const { SubjectRefPro } = userinfo(signedIn, 'openid activities', STORE)
    const text = JSON.stringify(SubjectRefPro)
    expect(text).toContain('HOPITAL EXEMPLE')
    for (const hidden of [
      'SM54',
      '0100000000',
      'cabinet@exemple.example',
      'telephone',
      'adresseEMail',
      'codeProfession',
    ]) {
      expect(text).not.toContain(hidden)
    }
  })

  it('contact gives telephone and mail of the places, and nothing else of them', () => {
    expect(userinfo(signedIn, 'openid contact', STORE).SubjectRefPro).toEqual({
      exercices: [
        {
          activities: [
            {
              telephone: '0100000000',
              telephone2: '',
              telecopie: '',
              adresseEMail: 'cabinet@exemple.example',
            },
            { telephone: '', telephone2: '', telecopie: '', adresseEMail: '' },
          ],
        },
      ],
    })
  })

  it('all the finer scopes together give all of SubjectRefPro', () => {
    const scope = 'openid identity profession activities contact'
    expect(userinfo(signedIn, scope, STORE).SubjectRefPro).toEqual(WHOLE.SubjectRefPro)
  })
})

describe('the person in an ID token', () => {
  it.each([
    ['openid', false],
    ['openid profession contact', false],
    ['openid scope_all', true],
    ['openid identity', true],
    ['openid profile', true],
  ])('with %s has names: %s', (scope, named) => {
    const person = idTokenPerson(signedIn, scope)
    expect('given_name' in person && 'family_name' in person).toBe(named)
    expect(person).toMatchObject({ SubjectNameID: '899700900012', preferred_username: '899700900012' })
  })
})
