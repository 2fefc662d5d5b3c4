import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { formFields, isForm } from '../../http/form.ts'
import { placeOf } from '../../http/place.ts'
import { pageHeaders } from '../../http/security-headers.ts'
import { digest } from '../../kernel/digest.ts'
import { address as addressOf } from '../../kernel/handle.ts'
import { ClientId, type ObjectName } from '../../kernel/identifiers.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Authentication } from '../../mire/authentication.ts'
import type { Acquaintances } from '../../mire/logins.ts'
import { asRefusal, OAuthError } from '../../protocol/oauth/errors.ts'
import { type Parameters, parameters } from '../../protocol/oauth/parameters.ts'
import { returnAddress } from '../../protocol/oauth/return-address.ts'
import { type PublicKeys, readIdTokenHint } from '../../protocol/oidc/id-token-hint.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'
import type { SessionEnded } from '../../sessions/sessions.ts'
import { authenticationOf } from '../claims/release.ts'
import { accept, type ReadHint } from './accept.ts'
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
import { type PageNeeds, problem } from './problem.page.tsx'
import { signedIn } from './session-subject.ts'

export interface AuthorizationNeeds extends AnswerNeeds, PageNeeds {
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly lifetimes: Pick<Lifetimes, 'login'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly acquaintances: Acquaintances
  readonly signer: PublicKeys
  /** Told of each session that ended here, behind the answer: it must neither wait nor throw. */
  readonly onEnded?: (ended: SessionEnded) => void
  /** `sub` of a practitioner. */
  readonly subjectOf: (practitionerId: string) => string
}

/** The authorization endpoint (RFC 6749 §3.1, OIDC Core §3.1.2): GET and POST `/authorize`. */
export const authorizationRoutes = (needs: AuthorizationNeeds) =>
  new Hono()
    .use('/authorize', pageHeaders(needs.secure))
    .get('/authorize', (context) => authorize(context, needs, new URL(context.req.url).searchParams))
    .post(
      '/authorize',
      bodyLimit({
        maxSize: 64 * 1024,
        onError: (context) => problem(context, needs, 'malformed', 'too large'),
      }),
      async (context) =>
        isForm(context)
          ? authorize(context, needs, await formFields(context))
          : problem(context, needs, 'malformed', 'a POST is application/x-www-form-urlencoded'),
    )

async function authorize(context: Context, needs: AuthorizationNeeds, search: URLSearchParams) {
  context.header('Cache-Control', 'no-store')

  // Until there is a ReturnAddress, what is wrong is said here, on a page.
  const sent = read(search)
  if (sent instanceof OAuthError) return problem(context, needs, 'malformed', sent.description)
  const clientId = ClientId.safeParse(sent.get('client_id'))
  const party = clientId.success ? await needs.relyingParties.find(clientId.data) : undefined
  if (party === undefined)
    return problem(context, needs, 'client-unknown', `client_id=${sent.get('client_id') ?? ''}`)
  if (party.status !== 'active')
    return problem(context, needs, 'client-suspended', `client_id=${party.clientId}`)
  const redirectUri = sent.get('redirect_uri')
  if (redirectUri === undefined)
    return problem(context, needs, 'address-missing', 'redirect_uri (OIDC Core §3.1.2.1)')
  const address = returnAddress(party, redirectUri, sent.get('state'))
  if (address === undefined) return problem(context, needs, 'address-unknown', `redirect_uri=${redirectUri}`)

  // From here on it is said to the relying party (RFC 6749 §4.1.2.1).
  try {
    const request = await accept(sent, party, address, hintReader(needs))
    return await answer(context, needs, { party, address, request }, search)
  } catch (thrown) {
    return context.redirect(answerRefused(needs, address, asRefusal(thrown)), 303)
  }
}

async function answer(context: Context, needs: AuthorizationNeeds, asked: Asked, search: URLSearchParams) {
  const { request, party } = asked
  const cookie = sessionCookie(context, needs)
  // A form posted from the service's own site comes without our SameSite=Lax cookies; followed as a link, with them.
  if (
    cookie === undefined &&
    context.req.method === 'POST' &&
    context.req.header('sec-fetch-site') === 'cross-site'
  ) {
    const link = `/authorize?${search}`
    if (link.length < 8000) return context.redirect(link, 303)
  }

  const live = cookie && (await needs.sessions.look(cookie.object, await digest(cookie.secret)))
  const decision = decide(request, live && signedIn(live.subject, needs.subjectOf), needs.clock())
  if (decision.outcome === 'refuse')
    throw new OAuthError(decision.code, 'the person must sign in', decision.reason)
  if (decision.outcome === 'authenticate' || cookie === undefined || live === undefined) {
    return toLogin(context, needs, asked)
  }

  const { practitionerId } = live.subject
  const standing = await needs.acquaintances.standing(practitionerId, party.clientId, request.scope)
  if (standing === 'suspended') {
    const left = await leave(needs, cookie, 'suspended in the directory')
    if (left !== undefined) needs.onEnded?.(left)
    if (!request.prompt.includes('none')) return toLogin(context, needs, asked)
    throw new OAuthError('login_required', 'the person must sign in', 'suspended in the directory')
  }
  if (standing === 'told' && !decision.disclose) {
    const location = await answerFromSession(needs, asked, cookie, practitionerId, decision.acr)
    if (location !== undefined) return context.redirect(location, 303)
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

function read(search: URLSearchParams): Parameters | OAuthError {
  try {
    return parameters(search)
  } catch (thrown) {
    return asRefusal(thrown)
  }
}

const hintReader =
  ({ signer, issuer }: AuthorizationNeeds): ReadHint =>
  async (hint, clientId) => {
    const identity = await readIdTokenHint(hint, await signer.jwks(), issuer)
    return identity?.audience.includes(clientId) ? identity.subject : undefined
  }
