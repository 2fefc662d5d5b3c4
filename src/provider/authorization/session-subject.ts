import * as z from 'zod'
import type { Authentication } from '../../mire/authentication.ts'
import { ACR_VALUES } from '../../protocol/oidc/acr.ts'
import type { SessionSubject } from '../../sessions/sessions.ts'
import type { SignedIn } from './decide.ts'

/** An authentication as a session keeps it. `claims/release.ts` reads it again (`authenticationOf`). */
export const sessionSubject = (authentication: Authentication): SessionSubject => ({
  practitionerId: authentication.practitioner.id,
  authTime: authentication.authTime,
  contextClass: authentication.contextClass,
  authentication: JSON.stringify(authentication),
})

const ContextClass = z.enum(ACR_VALUES).catch('eidas1')

/**
 * What `decide` needs to know of a session. A class it does not know counts as the weakest.
 * @param sub by which the relying party knows the person.
 */
export const signedIn = (subject: SessionSubject, sub: string): SignedIn => ({
  subject: sub,
  authTime: subject.authTime,
  contextClass: ContextClass.parse(subject.contextClass),
})
