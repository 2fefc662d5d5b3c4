import { type Context, Hono } from 'hono'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Trail } from '../../audit/trail.ts'
import type { Cookies } from '../../http/cookies.ts'
import { formLimit, formOf } from '../../http/form.ts'
import { pathWithoutLanguage, problemPage } from '../../http/oauth-errors.tsx'
import { requestedLanguage } from '../../http/requested-language.ts'
import { pageHeaders } from '../../http/security-headers.ts'
import { digest, sameDigest } from '../../kernel/digest.ts'
import { address } from '../../kernel/handle.ts'
import type { ClientId, ObjectName } from '../../kernel/identifiers.ts'
import type { Clock } from '../../kernel/instant.ts'
import type { Language } from '../../kernel/language.ts'
import type { Signer } from '../../keys/signer.ts'
import { OAuthError } from '../../protocol/oauth/errors.ts'
import { type Parameters, parameters } from '../../protocol/oauth/parameters.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'
import type { SessionEnded, Sessions } from '../../sessions/sessions.ts'
import { type Asked, asked } from './asked.ts'
import { AskPage, SignedOutPage } from './end-session.page.tsx'
import { logoutFrames } from './logout-frames.ts'
import { type ProblemName, words } from './words.ts'

export interface EndSessionNeeds {
  readonly issuer: string
  readonly productName: string
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly cookies: Cookies
  readonly clock: Clock
  readonly signer: Pick<Signer, 'jwks'>
  readonly sessions: Pick<Sessions, 'look' | 'end'>
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly trail: Trail
  /** Told of each session that ended here, behind the answer: it must neither wait nor throw. */
  readonly onEnded: (ended: SessionEnded) => void
}

type Cookie = NonNullable<ReturnType<typeof address>>

/** The end session endpoint (RP-Initiated Logout §2), GET and POST `/logout`; `/logout/confirm` is our own question. */
export const endSessionRoutes = (needs: EndSessionNeeds) =>
  new Hono()
    .get('/logout', (context) =>
      guarded(context, needs, async () =>
        endSession(context, needs, parameters(new URL(context.req.url).searchParams)),
      ),
    )
    .post('/logout', formLimit, (context) =>
      guarded(context, needs, async () => endSession(context, needs, await formOf(context))),
    )
    .post('/logout/confirm', formLimit, (context) =>
      guarded(context, needs, async () => confirm(context, needs, await formOf(context))),
    )

async function endSession(context: Context, needs: EndSessionNeeds, sent: Parameters): Promise<Response> {
  const cookie = cookieOf(context, needs)
  // A form posted from the service's own site comes without our SameSite=Lax cookie; followed as a link, with it.
  if (context.req.method === 'POST' && cookie === undefined && siteOf(context) === 'cross-site') {
    const link = `/logout?${new URLSearchParams([...sent])}`
    if (link.length < 8000) return context.redirect(link, 303)
  }
  const request = await read(needs, sent)
  if (request === 'other-service') return problem(context, needs, 'other-service')

  // A valid hint is the service's word for one session, and all that a service's own server can send (PSC §2).
  if (request.hinted !== undefined) {
    const frames = await end(needs, request.hinted, request.clientId, 'by the service')
    if (cookie?.object === request.hinted) needs.cookies.clear(context, 'session')
    if (cookie === undefined || cookie.object === request.hinted)
      return signedOut(context, needs, request, frames)
  }
  const live = cookie && (await needs.sessions.look(cookie.object, await digest(cookie.secret)))
  if (cookie === undefined || live === undefined) {
    if (cookie !== undefined) needs.cookies.clear(context, 'session')
    return signedOut(context, needs, request)
  }
  return ask(context, needs, request, cookie)
}

/** RP-Initiated Logout §2: without a hint for this very session, anybody may have sent the browser here. */
async function ask(
  context: Context,
  needs: EndSessionNeeds,
  asking: Asked,
  cookie: Cookie,
): Promise<Response> {
  const { postLogoutRedirectUri, state, uiLocales } = asking.request
  const fields = {
    client_id: asking.clientId,
    post_logout_redirect_uri: postLogoutRedirectUri,
    state,
    ui_locales: uiLocales,
    proof: await proofOf(cookie),
  }
  const path = context.req.method === 'GET' ? pathWithoutLanguage(context) : '/logout'
  return page(context, needs, asking, (language) => (
    <AskPage language={language} product={needs.productName} fields={fields} path={path} />
  ))
}

/** The answer to our question: from our page, shown to this browser in this session, and from nowhere else. */
async function confirm(context: Context, needs: EndSessionNeeds, sent: Parameters): Promise<Response> {
  const request = await read(needs, sent)
  if (request === 'other-service') return problem(context, needs, 'other-service')
  const cookie = cookieOf(context, needs)
  if (cookie === undefined) return signedOut(context, needs, request)
  const site = siteOf(context)
  const ours = site === undefined || site === 'same-origin'
  if (!ours || !sameDigest(await proofOf(cookie), sent.get('proof') ?? '')) {
    return problem(context, needs, 'other-site')
  }
  const live = await needs.sessions.look(cookie.object, await digest(cookie.secret))
  const frames = live === undefined ? [] : await end(needs, cookie.object, request.clientId, 'by the person')
  needs.cookies.clear(context, 'session')
  return signedOut(context, needs, request, frames)
}

/** Ends a session, and answers what its services want loaded in the browser (Front-Channel Logout §2). */
async function end(
  needs: EndSessionNeeds,
  session: ObjectName,
  clientId: ClientId | undefined,
  detail: string,
): Promise<readonly string[]> {
  const ended = await needs.sessions.end(session)
  if (ended === undefined) return []
  const { practitionerId, services } = ended
  const by = clientId === undefined ? {} : { clientId }
  needs.trail.record({ at: needs.clock(), kind: 'session.ended', practitionerId, detail, ...by })
  needs.onEnded({ practitionerId, session, services })
  return logoutFrames(services, needs.relyingParties, needs.issuer)
}

/** Back to the service where it registered the address (RP-Initiated Logout §3), else a page that says so. */
async function signedOut(
  context: Context,
  needs: EndSessionNeeds,
  request: Asked,
  frames: readonly string[] = [],
): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  const { address } = request
  // After our own question a page leads on, frames or not: Chromium holds the form to every redirect after it (CSP3
  // §6.4.2.1), to wherever the service goes on from there.
  const isForm = context.req.method === 'POST' && context.req.path.endsWith('/confirm')
  if (address !== undefined && frames.length === 0 && !isForm) return context.redirect(address, 303)
  const refusedAddress = address === undefined && request.request.postLogoutRedirectUri !== undefined
  // A refresh is due once the page and its frames are loaded (HTML §4.2.5.3), so it needs no script and no guess at
  // how long the services take. The link is there for the one that never answers.
  if (address !== undefined) context.header('Refresh', `0; url=${address}`)
  return page(
    context,
    needs,
    request,
    (language) => (
      <SignedOutPage
        language={language}
        product={needs.productName}
        refusedAddress={refusedAddress}
        frames={frames}
        onward={address}
      />
    ),
    frames,
  )
}

/** Proof that a form was rendered for this session: it says nothing of the secret, and nobody else can make it. */
const proofOf = (cookie: Cookie): Promise<string> => digest(`logout ${cookie.secret}`)

const siteOf = (context: Context): string | undefined => context.req.header('sec-fetch-site')

const read = ({ relyingParties, signer, issuer }: EndSessionNeeds, sent: Parameters) =>
  asked(sent, relyingParties, () => signer.jwks(), issuer)

function cookieOf(context: Context, { cookies }: EndSessionNeeds): Cookie | undefined {
  const value = cookies.read(context, 'session')
  return value === undefined ? undefined : address(value)
}

/** A page with its headers. */
async function page(
  context: Context,
  needs: EndSessionNeeds,
  { request }: Asked,
  render: (language: Language) => JSX.Element,
  frames: readonly string[] = [],
): Promise<Response> {
  const framed = [...new Set(frames.map((uri) => new URL(uri).origin))]
  await pageHeaders(needs.secure, { frames: framed })(context, async () => {
    context.header('Cache-Control', 'no-store')
    const language = requestedLanguage(context, needs.cookies, request.uiLocales)
    context.res = await context.html(render(language))
  })
  return context.res
}

async function problem(
  context: Context,
  needs: EndSessionNeeds,
  name: ProblemName,
  technical?: string,
): Promise<Response> {
  await pageHeaders(needs.secure)(context, async () => {
    const language = requestedLanguage(context, needs.cookies)
    context.res = await problemPage(context, {
      problem: { ...words[language].problems[name], ...(technical === undefined ? {} : { technical }) },
      language,
      product: needs.productName,
      status: name === 'other-site' ? 403 : 400,
    })
  })
  return context.res
}

async function guarded(
  context: Context,
  needs: EndSessionNeeds,
  answer: () => Promise<Response>,
): Promise<Response> {
  try {
    return await answer()
  } catch (thrown) {
    if (thrown instanceof OAuthError) return problem(context, needs, 'malformed', thrown.description)
    throw thrown
  }
}
