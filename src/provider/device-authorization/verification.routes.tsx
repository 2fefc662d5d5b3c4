import { type Context, Hono } from 'hono'
import { formFields, formLimit, isForm } from '../../http/form.ts'
import { pathWithoutLanguage } from '../../http/oauth-errors.tsx'
import { placeOf } from '../../http/place.ts'
import { pageHeaders } from '../../http/security-headers.ts'
import { type Attempts, sparing } from '../../http/sparing.ts'
import type { Mac } from '../../kernel/derived-key.ts'
import { digest, sameDigest } from '../../kernel/digest.ts'
import { address, type Entropy, newHandle } from '../../kernel/handle.ts'
import type { Lifetimes } from '../../kernel/lifetimes.ts'
import type { Acquaintances, Logins } from '../../mire/logins.ts'
import { comesFromHere } from '../../mire/same-origin.ts'
import { wantsPhishingResistance } from '../../protocol/oidc/acr.ts'
import type { RelyingParties } from '../../relying-parties/relying-party.ts'
import { shownName } from '../../rpps/shown-name.ts'
import type { SessionEnded, Sessions } from '../../sessions/sessions.ts'
import { cookieOfLogin, leave } from '../authorization/answer.ts'
import { describeBrowser } from '../authorization/browser.ts'
import { authenticationOf } from '../claims/release.ts'
import type { Absent, Waiting } from './request.ts'
import type { DeviceRequests } from './requests.ts'
import type { Returning } from './returning.ts'
import { approve, deny, type SettleNeeds, type SignedInHere, suffices, whoIsHere } from './settle.ts'
import { type ShowNeeds, show, showEnd, showProblem } from './show.page.tsx'
import { objectOfUserCode, readUserCode, shownUserCode } from './user-code.ts'
import { ConfirmPage, EntryPage } from './verification.page.tsx'
import type { CodeProblem } from './words.ts'

export interface VerificationNeeds extends ShowNeeds, SettleNeeds {
  readonly issuer: string
  /** Whether the issuer is https. */
  readonly secure: boolean
  readonly entropy: Entropy
  /** Whether this network address may try one more code now. */
  readonly attempts: Attempts
  readonly lifetimes: Pick<Lifetimes, 'login'>
  readonly deviceRequests: Pick<DeviceRequests, 'look' | 'answer'>
  readonly userCodeMac: Mac
  readonly relyingParties: Pick<RelyingParties, 'find'>
  readonly sessions: Pick<Sessions, 'look' | 'end'>
  readonly logins: Logins
  readonly acquaintances: Acquaintances
  /** Told of each session that ended here, behind the answer: it must neither wait nor throw. */
  readonly onEnded: (ended: SessionEnded) => void
}

/**
 * The pages where a person types the code that a screen shows (RFC 8628 §3.3): GET `/device`, what it leads to, and the
 * answer. Each POST that carries a code counts as an attempt (§5.1).
 */
export const verificationRoutes = (needs: VerificationNeeds) => {
  const counted = sparing(needs.attempts, (context) => showProblem(context, needs, 'too-many'))
  return new Hono()
    .use('/device', pageHeaders(needs.secure))
    .use('/device/answer', pageHeaders(needs.secure))
    .get('/device', (context) => enter(context, needs))
    .post('/device', formLimit, counted, (context) => confirm(context, needs))
    .post('/device/answer', formLimit, counted, (context) => answer(context, needs))
}

/** RFC 8628 §3.3.1: a code in the address is written into the field, and nothing more: nobody has confirmed anything. */
function enter(context: Context, needs: VerificationNeeds): Response | Promise<Response> {
  const { search, host } = new URL(context.req.url)
  // Cookies and passkeys are of the issuer's own name.
  if (host !== new URL(needs.issuer).host) return context.redirect(`${needs.issuer}/device${search}`, 303)
  const given = context.req.query('user_code') ?? ''
  const code = readUserCode(given)
  return entry(context, needs, code === undefined ? '' : shownUserCode(code))
}

function entry(context: Context, needs: VerificationNeeds, typed: string, problem?: CodeProblem) {
  const path = context.req.method === 'GET' ? pathWithoutLanguage(context) : '/device'
  return show(
    context,
    needs,
    (props) => <EntryPage {...props} typed={typed} problem={problem} path={path} />,
    problem === undefined ? 200 : 400,
  )
}

/** A form of our own pages, whose code leads to a request that waits; or the page to answer with. */
type Found =
  | { readonly form: URLSearchParams; readonly code: string; readonly waiting: Waiting }
  | { readonly page: Response | Promise<Response> }

async function find(context: Context, needs: VerificationNeeds): Promise<Found> {
  if (!comesFromHere(context.req.raw.headers, needs.issuer) || !isForm(context))
    return { page: showProblem(context, needs, 'elsewhere') }
  const form = await formFields(context)
  const typed = (form.get('user_code') ?? '').slice(0, 64)
  const code = readUserCode(typed)
  if (code === undefined) return { page: refused(context, needs, typed, 'malformed') }
  const seen = await needs.deviceRequests.look(await objectOfUserCode(needs.userCodeMac, code))
  return 'waiting' in seen
    ? { form, code, waiting: seen.waiting }
    : { page: refused(context, needs, typed, seen.absent) }
}

function refused(context: Context, needs: VerificationNeeds, typed: string, why: 'malformed' | Absent) {
  needs.trail.record({ at: needs.clock(), kind: 'login.refused', detail: `device: user code ${why}` })
  return entry(context, needs, typed, why)
}

async function confirm(context: Context, needs: VerificationNeeds): Promise<Response> {
  const found = await find(context, needs)
  if ('page' in found) return found.page
  const { code, waiting } = found
  const who = await whoIsHere(needs, sessionCookie(context, needs))
  const as = who !== undefined && suffices(waiting, who.subject, needs.clock) ? who : undefined
  const shownAs = as && { name: nameOf(as), proof: await proofOf(code, as) }
  return show(context, needs, (props) => (
    <ConfirmPage
      {...props}
      code={code}
      service={waiting.clientName}
      minutes={Math.floor((needs.clock() - waiting.askedAt) / 60)}
      screen={waiting.place}
      here={placeOf(context.req.raw)}
      as={shownAs}
    />
  ))
}

async function answer(context: Context, needs: VerificationNeeds): Promise<Response> {
  const found = await find(context, needs)
  if ('page' in found) return found.page
  const { form, code, waiting } = found
  const { clientId, clientName } = waiting
  const said = form.get('answer')
  if (said === 'no') {
    const isHeard = await deny(needs, waiting)
    return isHeard ? showEnd(context, needs, clientName, 'refused') : showProblem(context, needs, 'over')
  }
  if (said !== 'yes' && said !== 'other') return showProblem(context, needs, 'elsewhere')

  const party = await needs.relyingParties.find(clientId)
  if (party?.status !== 'active') return showProblem(context, needs, 'client-suspended')
  const proof = form.get('proof')
  const cookie = sessionCookie(context, needs)
  // Only the session whose name stood on the page answers by itself: whoever came in between is asked who they are.
  const who = said === 'yes' && proof !== null ? await whoIsHere(needs, cookie) : undefined
  const isShown =
    who !== undefined && proof !== null && sameDigest(await proofOf(code, who), proof) && cookie !== undefined
  if (!isShown || !suffices(waiting, who.subject, needs.clock)) return toLogin(context, needs, waiting)

  const standing = await needs.acquaintances.standing(who.subject.practitionerId, clientId, waiting.scope)
  if (standing === 'suspended') {
    const left = await leave(needs, cookie, 'suspended in the directory')
    if (left !== undefined) needs.onEnded(left)
    return toLogin(context, needs, waiting)
  }
  if (standing === 'untold') return toLogin(context, needs, waiting, who)
  const isHeard = await approve(needs, waiting, who.subject, who.from)
  return isHeard ? showEnd(context, needs, clientName, 'done') : showProblem(context, needs, 'over')
}

/** The session that this browser says it has. */
export function sessionCookie(context: Context, { cookies }: Pick<ShowNeeds, 'cookies'>) {
  const value = cookies.read(context, 'session')
  return value === undefined ? undefined : address(value)
}

/** Begins a login of the mire for a device. With `known`, only what the service gets is still to be read. */
export async function toLogin(
  context: Context,
  needs: Pick<VerificationNeeds, 'entropy' | 'logins' | 'cookies' | 'lifetimes'>,
  waiting: Waiting,
  known?: SignedInHere,
): Promise<Response> {
  const { entropy, logins, cookies, lifetimes } = needs
  const secret = newHandle(entropy)
  const kept: Returning = { device: waiting.name, ...(known === undefined ? {} : { from: known.from }) }
  const name = await logins.begin({
    request: {
      clientId: waiting.clientId,
      clientName: waiting.clientName,
      scope: waiting.scope,
      phishingResistant: wantsPhishingResistance(waiting.acrValues),
      loginHint: undefined,
      uiLocales: undefined,
      returnTo: JSON.stringify(kept),
      resultAt: '/device/continue',
    },
    browser: await digest(secret),
    place: placeOf(context.req.raw),
    description: describeBrowser(context.req.header('user-agent')),
    ...(known === undefined ? {} : { known: authenticationOf(known.subject.authentication) }),
  })
  cookies.write(context, cookieOfLogin(name), secret, lifetimes.login)
  return context.redirect(`/login/${name}`, 303)
}

function nameOf({ subject }: SignedInHere): string {
  const { givenName, familyName } = authenticationOf(subject.authentication).practitioner
  return shownName(givenName, familyName)
}

/** That this very page was shown to this very session. */
const proofOf = (code: string, { from }: SignedInHere): Promise<string> =>
  digest(`device ${code} ${from.secret}`)
