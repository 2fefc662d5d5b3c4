import { type Context, Hono } from 'hono'
import { pageHeaders } from '../../http/security-headers.ts'
import { digest } from '../../kernel/digest.ts'
import { ObjectName } from '../../kernel/identifiers.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Place } from '../../kernel/place.ts'
import type { AuthMode } from '../../mire/authentication.ts'
import type { Collected } from '../../mire/logins.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import { statedAcr } from '../../protocol/oidc/acr.ts'
import { tooOld } from '../../protocol/oidc/prompt.ts'
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
}

export interface ContinueNeeds extends Omit<AuthorizationNeeds, 'lifetimes'> {
  readonly lifetimes: Pick<Lifetimes, 'login' | 'session'>
  /** Told of each new session, behind the answer: it must neither wait nor throw. */
  readonly onSignedIn?: (opened: SessionOpened) => void
}

/** The way back from the mire: GET `/authorize/continue/<login>` takes its result, once, and answers the service. */
export const continueRoutes = (needs: ContinueNeeds) =>
  new Hono()
    .use('/authorize/continue/*', pageHeaders(needs.secure))
    .get('/authorize/continue/:login', async (context) => {
      context.header('Cache-Control', 'no-store')
      const name = ObjectName.safeParse(context.req.param('login'))
      if (!name.success) return problem(context, needs, 'old-page')
      const secret = needs.cookies.read(context, cookieOfLogin(name.data))
      if (secret === undefined) return withoutCookie(context, needs)

      const collected = await needs.logins.collect(name.data, await digest(secret))
      if (collected.outcome === 'undecided') return context.redirect(`/login/${name.data}`, 303)
      if (collected.outcome === 'other-browser') return problem(context, needs, 'other-browser')
      // The cookie is left to its ten minutes: whoever steps back here is told that the page is old, not that a cookie is missing.
      if (collected.outcome === 'gone') return problem(context, needs, 'old-page')
      return finish(context, needs, collected)
    })

/** The registration is asked for again: it may have been suspended, or the address withdrawn, meanwhile. */
async function finish(
  context: Context,
  needs: ContinueNeeds,
  collected: Extract<Collected, { outcome: 'proved' | 'cancelled' }>,
) {
  const kept = returning(collected.returnTo)
  const { request } = kept
  const party = await needs.relyingParties.find(request.clientId)
  if (party === undefined) return problem(context, needs, 'client-unknown', `client_id=${request.clientId}`)
  if (party.status !== 'active')
    return problem(context, needs, 'client-suspended', `client_id=${party.clientId}`)
  const address = returnAddress(party, request.redirectUri, request.state)
  if (address === undefined)
    return problem(context, needs, 'address-unknown', `redirect_uri=${request.redirectUri}`)

  if (collected.outcome === 'cancelled') {
    const refused = new OAuthError('access_denied', 'the person did not sign in')
    return context.redirect(answerRefused(needs, address, refused), 303)
  }
  return answerProved(context, needs, { party, address, request }, collected, kept)
}

async function answerProved(
  context: Context,
  needs: ContinueNeeds,
  asked: Asked,
  { authentication, place }: Extract<Collected, { outcome: 'proved' }>,
  { knownIn }: Returning,
) {
  const { request, party } = asked
  const practitionerId = authentication.practitioner.id
  const before = sessionCookie(context, needs)

  if (knownIn !== undefined) {
    // Nothing was proved in this login but a reading: only the session that it was opened for can answer.
    const acr = statedAcr(authentication.contextClass, request.acrValues)
    // OIDC Core §3.1.2.1 `max_age`: reading may take minutes, and the proof grows older meanwhile.
    const fresh = !tooOld(authentication.authTime, request.maxAge, needs.clock())
    const location =
      fresh && before?.object === knownIn
        ? await answerFromSession(needs, asked, before, practitionerId, acr)
        : undefined
    return location === undefined ? toLogin(context, needs, asked) : context.redirect(location, 303)
  }

  // OIDC Core §3.1.2.2: the person whom the hint names, or an error.
  if (request.hintedSubject !== undefined && request.hintedSubject !== needs.subjectOf(practitionerId)) {
    const refused = new OAuthError('login_required', 'another person signed in than id_token_hint names')
    return context.redirect(answerRefused(needs, asked.address, refused), 303)
  }
  const left = before && (await leave(needs, before, 'by another sign-in here'))
  if (left !== undefined) needs.onEnded?.(left)
  const { location, session, cookie } = await answerWithNewSession(needs, asked, authentication, place)
  needs.cookies.write(context, 'session', cookie, needs.lifetimes.session)
  needs.onSignedIn?.({
    session,
    practitionerId,
    clientId: party.clientId,
    serviceName: party.name,
    at: authentication.authTime,
    place,
    authMode: authentication.authMode,
  })
  return context.redirect(location, 303)
}

/** No cookie: most often blocked; or the page was opened under another name than the issuer's. */
function withoutCookie(context: Context, needs: ContinueNeeds) {
  const here = new URL(context.req.url).host
  const right = new URL(needs.issuer).host
  return here === right
    ? problem(context, needs, 'cookie-missing')
    : problem(context, needs, 'wrong-host', `${here} ≠ ${right}`)
}
