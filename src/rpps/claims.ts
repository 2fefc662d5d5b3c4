import { ROLE_OID, SECTOR_OID } from './code-systems.ts'
import type { Practitioner } from './practitioner.ts'

/**
 * What the directory says in userinfo, in Pro Santé Connect's exact layout (PSC §1.5): names, nesting and odd spellings
 * are what relying parties parse. Strings throughout, `''` when unknown, never null; the exceptions are the two arrays,
 * `qualite` and `email_verified`.
 *
 * The provider adds `sub`, `authMode`, `Palier_Authentification` and `PSI_Locale`, which speak of the sign-in and of the
 * deployment. The flat fields about a structure describe the first activity of the first practice: Pro Santé Connect
 * makes nobody choose, and relying parties that need a choice offer it from `SubjectRefPro`.
 */
export function userinfoClaims(practitioner: Practitioner): Record<string, unknown> {
  const first = practitioner.exercices.flatMap((practice) => practice.activities)[0]
  const professions = new Set(practitioner.exercices.map((practice) => practice.codeProfession))
  professions.delete('')
  const sector = first?.codeSecteurDactivite ?? ''
  return {
    SubjectNameID: practitioner.nationalId,
    preferred_username: practitioner.nationalId,
    given_name: practitioner.givenName,
    family_name: practitioner.familyName,
    email_verified: false,
    codeCivilite: practitioner.codeCivilite,
    codeGenreActivite: first?.codeGenreActivite ?? '',
    otherIds: practitioner.otherIds,
    SubjectRole: [...professions].map((code) => `${code}^${ROLE_OID}`),
    Secteur_Activite: sector === '' ? '' : `${sector}^${SECTOR_OID}`,
    SubjectOrganization: first?.raisonSocialeSite ?? '',
    SubjectOrganizationID: first?.identifiantTechniqueDeLaStructure ?? '',
    Mode_Acces_Raison: '',
    Acces_Regulation_Medicale: 'FAUX',
    UITVersion: '1.0',
    SubjectRefPro: { codeCivilite: practitioner.codeCivilite, exercices: practitioner.exercices },
  }
}
