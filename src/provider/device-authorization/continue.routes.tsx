import { type Context, Hono } from 'hono'
import { pageHeaders } from '../../http/security-headers.ts'
import { digest } from '../../kernel/digest.ts'
import { ObjectName } from '../../kernel/identifiers.ts'
import type { Collected } from '../../mire/logins.ts'
import { cookieOfLogin } from '../authorization/answer.ts'
import { sessionSubject } from '../authorization/session-subject.ts'
import type { Waiting } from './request.ts'
import { type Returning, returning } from './returning.ts'
import { approve, deny, suffices, whoIsHere } from './settle.ts'
import { showEnd, showProblem } from './show.page.tsx'
import { sessionCookie, toLogin, type VerificationNeeds } from './verification.routes.tsx'

/** The way back from the mire: GET `/device/continue/<login>` takes its result, once, and answers the device. */
export const deviceContinueRoutes = (needs: VerificationNeeds) =>
  new Hono()
    .use('/device/continue/*', pageHeaders(needs.secure))
    .get('/device/continue/:login', (context) => comeBack(context, needs, context.req.param('login')))

async function comeBack(context: Context, needs: VerificationNeeds, login: string): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  const name = ObjectName.safeParse(login)
  if (!name.success) return showProblem(context, needs, 'old-page')
  const secret = needs.cookies.read(context, cookieOfLogin(name.data))
  if (secret === undefined) return showProblem(context, needs, 'cookie-missing')
  const collected = await needs.logins.collect(name.data, await digest(secret))
  if (collected.outcome === 'undecided') return context.redirect(`/login/${name.data}`, 303)
  if (collected.outcome === 'other-browser') return showProblem(context, needs, 'other-browser')
  const kept = collected.outcome === 'gone' ? undefined : returning(collected.returnTo)
  if (collected.outcome === 'gone' || kept === undefined) return showProblem(context, needs, 'old-page')
  return finish(context, needs, collected, kept)
}

async function finish(
  context: Context,
  needs: VerificationNeeds,
  collected: Extract<Collected, { outcome: 'proved' | 'cancelled' }>,
  kept: Returning,
): Promise<Response> {
  const seen = await needs.deviceRequests.look(kept.device)
  if ('absent' in seen) return showProblem(context, needs, 'over')
  const { waiting } = seen
  const { clientId, clientName } = waiting
  if (collected.outcome === 'cancelled') {
    const isHeard = await deny(needs, waiting)
    return isHeard ? showEnd(context, needs, clientName, 'refused') : showProblem(context, needs, 'over')
  }
  // Asked again: it may have been suspended meanwhile.
  const party = await needs.relyingParties.find(clientId)
  if (party?.status !== 'active') return showProblem(context, needs, 'client-suspended')
  if (kept.from !== undefined) return afterReading(context, needs, waiting, kept.from)
  const isHeard = await approve(needs, waiting, sessionSubject(collected.authentication), undefined)
  return isHeard ? showEnd(context, needs, clientName, 'done') : showProblem(context, needs, 'over')
}

/** Nothing was proved in this login but a reading: only the session that it was opened for can answer. */
async function afterReading(
  context: Context,
  needs: VerificationNeeds,
  waiting: Waiting,
  from: NonNullable<Returning['from']>,
): Promise<Response> {
  const who = await whoIsHere(needs, sessionCookie(context, needs))
  const isSame = who?.from.session === from.session && who.from.secret === from.secret
  // OIDC Core §3.1.2.1 `max_age`: reading may take minutes, and the proof grows older meanwhile.
  if (who === undefined || !isSame || !suffices(waiting, who.subject, needs.clock))
    return toLogin(context, needs, waiting)
  const isHeard = await approve(needs, waiting, who.subject, who.from)
  return isHeard ? showEnd(context, needs, waiting.clientName, 'done') : showProblem(context, needs, 'over')
}
