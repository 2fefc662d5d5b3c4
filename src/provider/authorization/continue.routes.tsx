import { type Context, Hono } from 'hono'
import type { CardReference } from '../../cards/card-reference.ts'
import { digest } from '../../kernel/digest.ts'
import { ObjectName } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Place } from '../../kernel/place.ts'
import type { AuthMode } from '../../mire/authentication.ts'
import type { Collected } from '../../mire/logins.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import { isEnough, statedAcr } from '../../protocol/oidc/acr.ts'
import { tooOld } from '../../protocol/oidc/prompt.ts'
import type { SessionEnded } from '../../sessions/sessions.ts'
import {
  type Asked,
  answerFromSession,
  answerRefused,
  answerWithNewSession,
  cookieOfLogin,
  leave,
  type Returning,
  returning,
} from './answer.ts'
import { type AuthorizationNeeds, sessionCookie, toLogin } from './authorization.routes.tsx'
import type { Delivery } from './deliver.ts'
import { send } from './delivery.page.tsx'
import { problem } from './problem.page.tsx'

/** A session that was just opened, for whoever keeps a list of them. */
export interface SessionOpened {
  readonly session: ObjectName
  readonly practitionerId: string
  readonly clientId: string
  readonly serviceName: string
  readonly at: Instant
  readonly place: Place
  readonly authMode: AuthMode
  readonly card: CardReference | undefined
}

export interface ContinueNeeds extends Omit<AuthorizationNeeds, 'lifetimes'> {
  readonly lifetimes: Pick<Lifetimes, 'login' | 'session'>
  /** Told of each new session, behind the answer: it must neither wait nor throw. */
  readonly onSignedIn?: (opened: SessionOpened) => void
  /** Told of a session that a newer one replaced, on the same terms. */
  readonly onEnded?: (ended: SessionEnded) => void
}

/** The way back from the mire: GET `/authorize/continue/<login>` takes its result, once, and answers the service. */
export const continueRoutes = (needs: ContinueNeeds) =>
  new Hono().get('/authorize/continue/:login', async (context) =>
    send(context, needs, await comeBack(context, needs, context.req.param('login'))),
  )

async function comeBack(context: Context, needs: ContinueNeeds, login: string): Promise<Response | Delivery> {
  context.header('Cache-Control', 'no-store')
  const name = ObjectName.safeParse(login)
  if (!name.success) return problem(context, needs, 'old-page')
  const secret = needs.cookies.read(context, cookieOfLogin(name.data))
  if (secret === undefined) return withoutCookie(context, needs)

  const collected = await needs.logins.collect(name.data, await digest(secret))
  if (collected.outcome === 'undecided') return context.redirect(`/login/${name.data}`, 303)
  if (collected.outcome === 'other-browser') return problem(context, needs, 'other-browser')
  // The cookie is left to its ten minutes: whoever steps back here is told that the page is old, not that a cookie is missing.
  if (collected.outcome === 'gone') return problem(context, needs, 'old-page')
  return finish(context, needs, collected)
}

/** The registration is asked for again: it may have been suspended, or the address withdrawn, meanwhile. */
async function finish(
  context: Context,
  needs: ContinueNeeds,
  collected: Extract<Collected, { outcome: 'proved' | 'cancelled' }>,
): Promise<Response | Delivery> {
  const kept = returning(collected.returnTo)
  if (kept === undefined) return problem(context, needs, 'old-page')
  const { request } = kept
  const party = await needs.relyingParties.find(request.clientId)
  if (party === undefined) return problem(context, needs, 'client-unknown', `client_id=${request.clientId}`)
  if (party.status !== 'active')
    return problem(context, needs, 'client-suspended', `client_id=${party.clientId}`)
  const address = returnAddress(party, request.redirectUri, request.state, request.responseMode)
  if (address === undefined)
    return problem(context, needs, 'address-unknown', `redirect_uri=${request.redirectUri}`)

  if (collected.outcome === 'cancelled') {
    const refused = new OAuthError('access_denied', 'the person did not sign in')
    return answerRefused(needs, { party, address }, refused)
  }
  return answerProved(context, needs, { party, address, request }, collected, kept)
}

async function answerProved(
  context: Context,
  needs: ContinueNeeds,
  asked: Asked,
  { authentication, place }: Extract<Collected, { outcome: 'proved' }>,
  { knownIn }: Returning,
): Promise<Response | Delivery> {
  const { request, party } = asked
  const practitionerId = authentication.practitioner.id
  const before = sessionCookie(context, needs)

  if (knownIn !== undefined) {
    // Nothing was proved in this login but a reading: only the session that it was opened for can answer.
    const acr = statedAcr(authentication.contextClass, request.acrValues)
    // OIDC Core §3.1.2.1 `max_age`: reading may take minutes, and the proof grows older meanwhile.
    const fresh = !tooOld(authentication.authTime, request.maxAge, needs.clock())
    const delivery =
      fresh && before?.object === knownIn
        ? await answerFromSession(needs, asked, before, practitionerId, acr)
        : undefined
    return delivery ?? toLogin(context, needs, asked)
  }

  // OIDC Core §3.1.2.2: the person whom the hint names, or an error.
  const isAnother =
    request.hintedSubject !== undefined &&
    request.hintedSubject !== (await needs.subjects.of(party, practitionerId))
  if (isAnother) {
    const refused = new OAuthError('login_required', 'another person signed in than id_token_hint names')
    return answerRefused(needs, asked, refused)
  }
  // OIDC Core §5.5.1.1, Unmet Authentication Requirements §2: a class that had to be reached, and was not.
  if (request.acrEssential === true && !isEnough(authentication.contextClass, request.acrValues)) {
    const refused = new OAuthError(
      'unmet_authentication_requirements',
      `the person signed in, but not with acr ${request.acrValues.join(' or ')}`,
    )
    return answerRefused(needs, asked, refused)
  }
  const left = before && (await leave(needs, before, 'by another sign-in here'))
  if (left !== undefined) needs.onEnded?.(left)
  const { delivery, session, cookie } = await answerWithNewSession(needs, asked, authentication, place)
  needs.cookies.write(context, 'session', cookie, needs.lifetimes.session)
  needs.onSignedIn?.({
    session,
    practitionerId,
    clientId: party.clientId,
    serviceName: party.name,
    at: authentication.authTime,
    place,
    authMode: authentication.authMode,
    card: authentication.card,
  })
  return delivery
}

/** No cookie: most often blocked; or the page was opened under another name than the issuer's. */
function withoutCookie(context: Context, needs: ContinueNeeds) {
  const here = new URL(context.req.url).host
  const right = new URL(needs.issuer).host
  return here === right
    ? problem(context, needs, 'cookie-missing')
    : problem(context, needs, 'wrong-host', `${here} ≠ ${right}`)
}
