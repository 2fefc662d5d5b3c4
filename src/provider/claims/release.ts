import type { Authentication } from '../../mire/authentication.ts'
import { hasScope } from '../../protocol/oauth/scope.ts'
import { userinfoClaims } from '../../rpps/claims.ts'
import type { Activity, Practice, Practitioner } from '../../rpps/practitioner.ts'
import { subjectOf } from './subject.ts'

/** PGSSI-S authentication level and security policy, as every Pro Santé Connect userinfo states them (PSC §1.5). */
const PALIER_AUTHENTIFICATION = 'APPPRIP3^1.2.250.1.213.1.5.1.1.1'
const PSI_LOCALE = '1.2.250.1.213.1.3.1.1'

const NAMES = ['given_name', 'family_name'] as const

/** Which members of the whole layout a finer scope gives. `SubjectRefPro` is cut further, see `refPro`. */
export const RELEASED = {
  identity: [...NAMES, 'codeCivilite', 'otherIds'],
  profile: NAMES,
  profession: ['SubjectRole'],
  activities: ['Secteur_Activite', 'SubjectOrganization', 'SubjectOrganizationID', 'codeGenreActivite'],
  contact: [],
} as const satisfies Record<string, readonly string[]>

const CONTACT = ['telephone', 'telephone2', 'telecopie', 'adresseEMail'] as const

/** Every name that userinfo may hold, for discovery's `claims_supported`. */
export const CLAIM_NAMES: readonly string[] = [
  'SubjectNameID',
  'preferred_username',
  'authMode',
  ...RELEASED.identity,
  ...RELEASED.profession,
  ...RELEASED.activities,
  'SubjectRefPro',
  'email_verified',
  'Mode_Acces_Raison',
  'Acces_Regulation_Medicale',
  'UITVersion',
  'Palier_Authentification',
  'PSI_Locale',
]

/** The authentication as a session keeps it: the very JSON that was written when it was opened. */
export const authenticationOf = (json: string): Authentication => JSON.parse(json) as Authentication

/**
 * What is told of the person who signed in, for a granted scope: with `scope_all` the whole layout of Pro Santé
 * Connect's userinfo (PSC §1.5), with finer scopes parts of it under the same names. A part that was not granted is
 * absent, one that is granted and unknown is `''`.
 */
export function userinfo(
  authentication: Authentication,
  scope: string,
  userStoreId: string,
): Record<string, unknown> {
  const { practitioner } = authentication
  const whole = userinfoClaims(practitioner)
  const always = {
    sub: subjectOf(userStoreId, practitioner.id),
    SubjectNameID: practitioner.nationalId,
    preferred_username: practitioner.nationalId,
    authMode: authentication.authMode,
  }
  if (hasScope(scope, 'scope_all')) {
    return { ...whole, ...always, Palier_Authentification: PALIER_AUTHENTIFICATION, PSI_Locale: PSI_LOCALE }
  }
  const released = Object.entries(RELEASED).flatMap(([name, members]) =>
    scope.split(' ').includes(name) ? members.map((member) => [member, whole[member]] as const) : [],
  )
  const subjectRefPro = refPro(practitioner, scope)
  return {
    ...Object.fromEntries(released),
    ...(subjectRefPro === undefined ? {} : { SubjectRefPro: subjectRefPro }),
    ...always,
  }
}

/** The person in an ID token: who it is always, the names where the scope gives them. */
export function idTokenPerson(authentication: Authentication, scope: string): Record<string, unknown> {
  const { practitioner, authMode } = authentication
  const named = hasScope(scope, 'scope_all') || hasScope(scope, 'identity') || hasScope(scope, 'profile')
  return {
    SubjectNameID: practitioner.nationalId,
    preferred_username: practitioner.nationalId,
    authMode,
    ...(named ? { given_name: practitioner.givenName, family_name: practitioner.familyName } : {}),
  }
}

/** `SubjectRefPro` with only what the scope gives of each practice and of each activity. */
function refPro(practitioner: Practitioner, scope: string): object | undefined {
  const profession = hasScope(scope, 'profession')
  const activities = hasScope(scope, 'activities')
  const contact = hasScope(scope, 'contact')
  if (!profession && !activities && !contact) return undefined
  const practices = practitioner.exercices.map(({ activities: all, ...practice }: Practice) => ({
    ...(profession ? practice : {}),
    ...(activities || contact ? { activities: all.map((one) => activity(one, activities, contact)) } : {}),
  }))
  return {
    ...(hasScope(scope, 'identity') ? { codeCivilite: practitioner.codeCivilite } : {}),
    exercices: practices,
  }
}

function activity(whole: Activity, place: boolean, contact: boolean): object {
  const isContact = (name: string) => CONTACT.some((member) => member === name)
  return Object.fromEntries(Object.entries(whole).filter(([name]) => (isContact(name) ? contact : place)))
}
