import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { formFields, isForm } from '../../http/form.ts'
import { placeOf } from '../../http/place.ts'
import { digest } from '../../kernel/digest.ts'
import { address as addressOf } from '../../kernel/handle.ts'
import { ClientId, type ObjectName } from '../../kernel/identifiers.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Authentication } from '../../mire/authentication.ts'
import type { Acquaintances } from '../../mire/logins.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import { type Parameters, parameters } from '../../protocol/oauth/parameters.ts'
import {
  isForm as isFormMode,
  type ResponseMode,
  responseMode,
  takesForms,
} from '../../protocol/oauth/response-mode.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import type { PublicKeys } from '../../protocol/oidc/id-token-hint.ts'
import type { RelyingParties, RelyingParty } from '../../relying-parties/relying-party.ts'
import type { SessionEnded } from '../../sessions/sessions.ts'
import { authenticationOf } from '../claims/release.ts'
import type { Subjects } from '../claims/subject.ts'
import { type AcceptedRequest, accept, disclosedScope } from './accept.ts'
import {
  type AnswerNeeds,
  type Asked,
  answerFromSession,
  answerRefused,
  beginLogin,
  cookieOfLogin,
  leave,
  type SessionCookie,
} from './answer.ts'
import { describeBrowser } from './browser.ts'
import { decide } from './decide.ts'
import type { DeliverNeeds, Delivery } from './deliver.ts'
import { type DeliveryNeeds, send } from './delivery.page.tsx'
import { hintReader } from './hint.ts'
import { type PageNeeds, problem } from './problem.page.tsx'
import type { PushedRequests } from './pushed-requests.ts'
import { type RequestedNeeds, requestedByReference, requestedByValue } from './requested.ts'
import { signedIn } from './session-subject.ts'

export interface AuthorizationNeeds extends AnswerNeeds, DeliveryNeeds, RequestedNeeds {
  readonly lifetimes: Pick<Lifetimes, 'login'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly acquaintances: Acquaintances
  readonly signer: PublicKeys & DeliverNeeds['signer']
  readonly pushed: Pick<PushedRequests, 'take'>
  /** `sub` of a practitioner for a relying party. */
  readonly subjects: Subjects
  /** Told of each session that ended here, behind the answer: it must neither wait nor throw. */
  readonly onEnded?: (ended: SessionEnded) => void
}

/** The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2): GET and POST `/authorize`. */
export const authorizationRoutes = (needs: AuthorizationNeeds) =>
  new Hono()
    .get('/authorize', async (context) =>
      send(context, needs, await authorize(context, needs, new URL(context.req.url).searchParams)),
    )
    .post(
      '/authorize',
      bodyLimit({
        maxSize: 64 * 1024,
        onError: async (context) =>
          send(context, needs, await problem(context, needs, 'malformed', 'too large')),
      }),
      async (context) => {
        if (isForm(context))
          return send(context, needs, await authorize(context, needs, await formFields(context)))
        const why = 'a POST is application/x-www-form-urlencoded'
        return send(context, needs, await problem(context, needs, 'malformed', why))
      },
    )

async function authorize(
  context: Context,
  needs: AuthorizationNeeds,
  search: URLSearchParams,
): Promise<Response | Delivery> {
  context.header('Cache-Control', 'no-store')
  const asLink = withoutOurCookies(context, needs, search)
  if (asLink !== undefined) return context.redirect(asLink, 303)

  // Until there is a ReturnAddress, what is wrong is said here, on a page.
  const sent = read(search)
  if (sent instanceof OAuthError) return problem(context, needs, 'malformed', sent.description)
  const clientId = ClientId.safeParse(sent.get('client_id'))
  const party = clientId.success ? await needs.relyingParties.find(clientId.data) : undefined
  if (party === undefined)
    return problem(context, needs, 'client-unknown', `client_id=${sent.get('client_id') ?? ''}`)
  if (party.status !== 'active')
    return problem(context, needs, 'client-suspended', `client_id=${party.clientId}`)

  try {
    const uri = sent.get('request_uri')
    if (uri === undefined) {
      const { sent: asked, signed } = await requestedByValue(needs, party, sent)
      return await byValue(context, needs, party, asked, signed)
    }
    if (sent.has('request')) throw new OAuthError('invalid_request', 'request and request_uri are both there')
    return await byReference(
      context,
      needs,
      party,
      await requestedByReference(needs.pushed, uri, party.clientId),
    )
  } catch (thrown) {
    return unreadable(context, needs, party, sent, asRefusal(thrown))
  }
}

/** A request whose parameters are here, in plain or as the client signed them. */
async function byValue(
  context: Context,
  needs: AuthorizationNeeds,
  party: RelyingParty,
  sent: Parameters,
  signed: boolean,
): Promise<Response | Delivery> {
  const redirectUri = sent.get('redirect_uri')
  if (redirectUri === undefined)
    return problem(context, needs, 'address-missing', 'redirect_uri (OIDC Core §3.1.2.1)')
  const address = returnAddress(party, redirectUri, sent.get('state'), modeOf(sent))
  if (address === undefined) return problem(context, needs, 'address-unknown', `redirect_uri=${redirectUri}`)

  // From here on it is said to the relying party (RFC 6749 §4.1.2.1).
  try {
    const request = await accept(sent, party, address, hintReader(needs), { pushed: false, signed })
    return await answer(context, needs, { party, address, request })
  } catch (thrown) {
    return answerRefused(needs, { party, address }, asRefusal(thrown))
  }
}

/** A request that was accepted when it was pushed. Its address may have been withdrawn since. */
async function byReference(
  context: Context,
  needs: AuthorizationNeeds,
  party: RelyingParty,
  request: AcceptedRequest,
): Promise<Response | Delivery> {
  const address = returnAddress(party, request.redirectUri, request.state, request.responseMode)
  if (address === undefined)
    return problem(context, needs, 'address-unknown', `redirect_uri=${request.redirectUri}`)
  try {
    return await answer(context, needs, { party, address, request })
  } catch (thrown) {
    return answerRefused(needs, { party, address }, asRefusal(thrown))
  }
}

/**
 * A request object or reference that is refused. It is said to the relying party where the bare request names one of
 * its addresses, which RFC 9101 §5 lets it repeat; else on a page.
 */
async function unreadable(
  context: Context,
  needs: AuthorizationNeeds,
  party: RelyingParty,
  sent: Parameters,
  refused: OAuthError,
): Promise<Response | Delivery> {
  const address = returnAddress(party, sent.get('redirect_uri'), sent.get('state'), modeOf(sent))
  if (address !== undefined) return answerRefused(needs, { party, address }, refused)
  needs.trail.record({
    at: needs.clock(),
    kind: 'authorization.refused',
    clientId: party.clientId,
    detail: `${refused.code}: ${refused.detail ?? refused.description}`,
  })
  const name = refused.code === 'invalid_request_uri' ? 'request-gone' : 'malformed'
  return problem(context, needs, name, `${refused.code}: ${refused.description}`)
}

/** A form posted from the service's own site comes without our SameSite=Lax cookies: as a link, with them. */
function withoutOurCookies(
  context: Context,
  needs: AuthorizationNeeds,
  search: URLSearchParams,
): string | undefined {
  const { method } = context.req
  if (method !== 'POST' || context.req.header('sec-fetch-site') !== 'cross-site') return undefined
  const link = `/authorize?${search}`
  return sessionCookie(context, needs) === undefined && link.length < 8000 ? link : undefined
}

async function answer(
  context: Context,
  needs: AuthorizationNeeds,
  asked: Asked,
): Promise<Response | Delivery> {
  const { request, party } = asked
  const cookie = sessionCookie(context, needs)
  const live = cookie && (await needs.sessions.look(cookie.object, await digest(cookie.secret)))
  const who = live && signedIn(live.subject, await needs.subjects.of(party, live.subject.practitionerId))
  const decision = decide(request, who, needs.clock())
  if (decision.outcome === 'refuse')
    throw new OAuthError(decision.code, 'the person must sign in', decision.reason)
  if (decision.outcome === 'authenticate' || cookie === undefined || live === undefined) {
    return toLogin(context, needs, asked)
  }

  const { practitionerId } = live.subject
  const standing = await needs.acquaintances.standing(practitionerId, party.clientId, disclosedScope(request))
  if (standing === 'suspended') {
    const left = await leave(needs, cookie, 'suspended in the directory')
    if (left !== undefined) needs.onEnded?.(left)
    if (!request.prompt.includes('none')) return toLogin(context, needs, asked)
    throw new OAuthError('login_required', 'the person must sign in', 'suspended in the directory')
  }
  if (standing === 'told' && !decision.disclose) {
    const delivery = await answerFromSession(needs, asked, cookie, practitionerId, decision.acr)
    if (delivery !== undefined) return delivery
    // The session ended between the two calls.
    if (!request.prompt.includes('none')) return toLogin(context, needs, asked)
    throw new OAuthError('login_required', 'the person must sign in', 'session ended meanwhile')
  }
  if (request.prompt.includes('none')) {
    throw new OAuthError('interaction_required', 'the person must be shown what is shared', 'not acquainted')
  }
  return toLogin(context, needs, asked, {
    session: cookie.object,
    authentication: authenticationOf(live.subject.authentication),
  })
}

/** Begins a login of the mire and sends the browser there. */
export async function toLogin(
  context: Context,
  needs: AnswerNeeds & Pick<AuthorizationNeeds, 'cookies' | 'lifetimes'>,
  asked: Asked,
  known?: { readonly session: ObjectName; readonly authentication: Authentication },
) {
  const from = {
    place: placeOf(context.req.raw),
    description: describeBrowser(context.req.header('user-agent')),
  }
  const { name, secret } = await beginLogin(needs, asked, from, known)
  needs.cookies.write(context, cookieOfLogin(name), secret, needs.lifetimes.login)
  return context.redirect(`/login/${name}`, 303)
}

/** The session that this browser says it has. */
export function sessionCookie(
  context: Context,
  { cookies }: Pick<PageNeeds, 'cookies'>,
): SessionCookie | undefined {
  const value = cookies.read(context, 'session')
  return value === undefined ? undefined : addressOf(value)
}

/** The response mode asked for. One that cannot be is refused once there is an address, in the query. */
function modeOf(sent: Parameters): ResponseMode {
  try {
    const mode = responseMode(sent.get('response_mode'))
    return takesForms(sent.get('redirect_uri')) || !isFormMode(mode) ? mode : 'query'
  } catch {
    return 'query'
  }
}

function read(search: URLSearchParams): Parameters | OAuthError {
  try {
    return parameters(search)
  } catch (thrown) {
    return asRefusal(thrown)
  }
}
