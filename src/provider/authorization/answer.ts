import * as z from 'zod'
import type { Trail } from '../../audit/trail.ts'
import { digest } from '../../kernel/digest.ts'
import {
  type AddressedHandle,
  addressed,
  type Entropy,
  newHandle,
  newObjectName,
} from '../../kernel/handle.ts'
import { ObjectName } from '../../kernel/identifiers.ts'
import { type Place, placeWord } from '../../kernel/place.ts'
import type { Authentication } from '../../mire/authentication.ts'
import type { Logins } from '../../mire/logins.ts'
import type { OAuthError } from '../../protocol/oauth/errors.ts'
import type { ReturnAddress } from '../../protocol/oauth/return-address.ts'
import { type Acr, statedAcr, wantsPhishingResistance } from '../../protocol/oidc/acr.ts'
import type { RelyingParty } from '../../relying-parties/relying-party.ts'
import type { CodeBinding, SessionEnded, Sessions } from '../../sessions/sessions.ts'
import { AcceptedRequest, disclosedScope } from './accept.ts'
import { type DeliverNeeds, type Delivery, deliver } from './deliver.ts'
import { sessionSubject } from './session-subject.ts'

/** What the answers below are made with. */
export interface AnswerNeeds extends DeliverNeeds {
  readonly entropy: Entropy
  readonly sessions: Pick<Sessions, 'open' | 'authorize' | 'look' | 'end'>
  readonly logins: Logins
  readonly trail: Trail
}

/** A request on its way: who asked, where to answer, what was accepted. */
export interface Asked {
  readonly party: RelyingParty
  readonly address: ReturnAddress
  readonly request: AcceptedRequest
}

/** The session that a cookie names, with the secret that proves it. */
export interface SessionCookie {
  readonly object: ObjectName
  readonly secret: string
}

/**
 * What the mire keeps for us meanwhile. `knownIn`: the session that this is for, when the person was signed in
 * already and only what is shared was still to be shown.
 */
const Returning = z.object({ request: AcceptedRequest, knownIn: ObjectName.optional() })
export type Returning = z.infer<typeof Returning>

/** What `beginLogin` wrote; `undefined` for a login that another endpoint began. */
export const returning = (returnTo: string): Returning | undefined =>
  Returning.safeParse(JSON.parse(returnTo)).data

/** Opens a login of the mire. The browser is to keep `secret` in the cookie `cookieOfLogin(name)`. */
export async function beginLogin(
  { logins, entropy }: AnswerNeeds,
  { party, request }: Asked,
  from: { readonly place: Place; readonly description: string },
  known?: { readonly session: ObjectName; readonly authentication: Authentication },
): Promise<{ name: ObjectName; secret: string }> {
  const secret = newHandle(entropy)
  const kept: Returning = { request, ...(known === undefined ? {} : { knownIn: known.session }) }
  const name = await logins.begin({
    request: {
      clientId: party.clientId,
      clientName: party.name,
      scope: disclosedScope(request),
      phishingResistant: wantsPhishingResistance(request.acrValues),
      loginHint: request.loginHint,
      uiLocales: request.uiLocales,
      returnTo: JSON.stringify(kept),
    },
    browser: await digest(secret),
    place: from.place,
    description: from.description,
    disclose: request.prompt.includes('consent'),
    ...(known === undefined ? {} : { known: known.authentication }),
  })
  return { name, secret }
}

/** Cookie of the browser that began a login. Part of the name is in it, so that two tabs can sign in side by side. */
export const cookieOfLogin = (name: ObjectName): string => `login-${name.slice(0, 8)}`

/** Mints a code in a live session and answers with it; `undefined` when the session is no more. */
export async function answerFromSession(
  needs: AnswerNeeds,
  asked: Asked,
  cookie: SessionCookie,
  practitionerId: string,
  acr: Acr,
): Promise<Delivery | undefined> {
  const code = newHandle(needs.entropy)
  const minted = await needs.sessions.authorize(
    cookie.object,
    await digest(cookie.secret),
    await digest(code),
    binding(asked, acr),
    asked.party.name,
  )
  if (minted === undefined) return undefined
  needs.trail.record({
    at: needs.clock(),
    kind: 'session.used',
    practitionerId,
    clientId: asked.party.clientId,
  })
  return deliver(needs, asked.party, asked.address, { code: addressed(cookie.object, code) })
}

/** Opens a session for a fresh authentication with its first code, and answers with it. */
export async function answerWithNewSession(
  needs: AnswerNeeds,
  asked: Asked,
  authentication: Authentication,
  place: Place,
): Promise<{ delivery: Delivery; session: ObjectName; cookie: AddressedHandle }> {
  const session = newObjectName(needs.entropy)
  const secret = newHandle(needs.entropy)
  const code = newHandle(needs.entropy)
  await needs.sessions.open({
    name: session,
    secret: await digest(secret),
    subject: sessionSubject(authentication),
    place,
    code: await digest(code),
    binding: binding(asked, statedAcr(authentication.contextClass, asked.request.acrValues)),
    serviceName: asked.party.name,
  })
  const from = placeWord(place)
  needs.trail.record({
    at: needs.clock(),
    kind: 'session.opened',
    practitionerId: authentication.practitioner.id,
    clientId: asked.party.clientId,
    means: authentication.authMode,
    ...(from === '' ? {} : { place: from }),
  })
  return {
    delivery: await deliver(needs, asked.party, asked.address, { code: addressed(session, code) }),
    session,
    cookie: addressed(session, secret),
  }
}

/** A refusal on its way to the service. The private reason goes to the trail. */
export function answerRefused(
  needs: AnswerNeeds,
  { party, address }: Pick<Asked, 'party' | 'address'>,
  refused: OAuthError,
): Promise<Delivery> {
  needs.trail.record({
    at: needs.clock(),
    kind: 'authorization.refused',
    clientId: address.clientId,
    detail: `${refused.code}: ${refused.detail ?? refused.description}`,
  })
  return deliver(needs, party, address, { refused })
}

export interface LeaveNeeds extends Pick<AnswerNeeds, 'trail' | 'clock'> {
  readonly sessions: Pick<Sessions, 'look' | 'end'>
}

/**
 * Ends the session that this browser leaves behind, if its secret is right: a name alone ends nobody's session.
 * @returns what was ended, for whoever keeps a list.
 */
export async function leave(
  { sessions, trail, clock }: LeaveNeeds,
  { object, secret }: SessionCookie,
  why: string,
): Promise<SessionEnded | undefined> {
  const live = await sessions.look(object, await digest(secret))
  const ended = live && (await sessions.end(object))
  if (ended === undefined) return undefined
  const { practitionerId, services } = ended
  trail.record({ at: clock(), kind: 'session.ended', practitionerId, detail: why })
  return { session: object, practitionerId, services }
}

/** RFC 6749 §4.1.3, RFC 7636 §4.4, OIDC Core §3.1.2.1: what the code is good for. */
const binding = ({ party, address, request }: Asked, acr: Acr): CodeBinding => ({
  clientId: party.clientId,
  redirectUri: address.redirectUri,
  codeChallenge: request.codeChallenge,
  jkt: request.dpopJkt,
  nonce: request.nonce,
  scope: request.scope,
  acr,
  claims: request.claims,
})
