import { type Context, Hono } from 'hono'
import type { Trail } from '../audit/trail.ts'
import type { Phones } from '../ecps/professionals.ts'
import { requestedLanguage } from '../http/requested-language.ts'
import { digest } from '../kernel/digest.ts'
import { addressed, type Entropy, newHandle } from '../kernel/handle.ts'
import { ObjectName } from '../kernel/identifiers.ts'
import type { Clock } from '../kernel/instant.ts'
import { CardPage, NoCardPage } from './card.page.tsx'
import { sendOn } from './onward.page.tsx'
import { atLogin, type Handler, problemOf, show, showProblem, type VisitNeeds, visit } from './visit.page.tsx'
import { withdraw } from './withdraw.ts'

export interface CardNeeds extends VisitNeeds {
  readonly phones: Phones
  readonly trail: Trail
  readonly clock: Clock
  readonly entropy: Entropy
  readonly defer: (work: Promise<unknown>) => void
}

/** The login's side of a card: out to the host that asks for it, and back. */
export const cardRoutes = (needs: CardNeeds) =>
  new Hono()
    .get('/login/:login/card', atLogin(needs, explain))
    .post('/login/:login/card', atLogin(needs, leave))
    .get('/login/:login/card/:back', async (context) => {
      await strays(context, needs)
      return atLogin(needs, comeBack)(context)
    })

const explain: Handler<CardNeeds> = async (context, needs, { name, browser }) => {
  const seen = await needs.interactions.view(name, browser)
  if ('absent' in seen) return showProblem(context, needs, problemOf(seen.absent))
  const query = context.req.query()
  const trouble = 'silent' in query ? 'silent' : 'spent' in query ? 'spent' : undefined
  return show(context, needs, name, seen.view, (props) =>
    needs.cardOrigins.length === 0 ? <NoCardPage {...props} /> : <CardPage {...props} trouble={trouble} />,
  )
}

const leave: Handler<CardNeeds> = async (context, needs, { name, browser }) => {
  const [origin] = needs.cardOrigins
  if (origin === undefined) return context.redirect(`/login/${name}/card`, 303)
  const secret = newHandle(needs.entropy)
  const asked = await needs.interactions.askCard(name, browser, await digest(secret))
  if ('absent' in asked) return showProblem(context, needs, problemOf(asked.absent))
  if (asked.outcome === 'closed') return context.redirect(`/login/${name}`, 303)
  withdraw(needs, asked.abandoned)
  needs.trail.record({ at: needs.clock(), kind: 'card.asked', clientId: asked.clientId })
  // That host has no cookie to know the language by.
  const language = requestedLanguage(context, needs.cookies)
  const url = `${origin}/card/sign-in/${addressed(name, secret)}?lang=${language}`
  context.header('Cache-Control', 'no-store')
  // The script shows the card without leaving the page; a browser without it follows.
  return context.req.header('accept') === 'application/json'
    ? context.json({ url })
    : context.redirect(url, 303)
}

/** A browser without a cookie of any login: the object learns of it too, for this way back has gone astray. */
async function strays(context: Context, needs: CardNeeds): Promise<void> {
  const here = await visit(context, needs)
  const name = ObjectName.safeParse(context.req.param('login'))
  if (!('problem' in here) || here.problem !== 'cookie-missing' || !name.success) return
  const back = await digest(context.req.param('back') ?? '')
  await needs.interactions.proveByCard(name.data, await digest('no cookie'), back)
}

/**
 * Back from the card host. This GET changes something: it is a redirect's end, with a secret good once, in the browser
 * that holds the login's cookie; whoever is sent this link by somebody else has no such cookie (RFC 9700 §4.7).
 */
const comeBack: Handler<CardNeeds> = async (context, needs, { name, browser }) => {
  const back = await digest(context.req.param('back') ?? '')
  const proved = await needs.interactions.proveByCard(name, browser, back)
  if ('absent' in proved) return showProblem(context, needs, problemOf(proved.absent))
  context.header('Cache-Control', 'no-store')
  if (proved.outcome !== 'proved') {
    needs.trail.record({ at: needs.clock(), kind: 'card.refused', detail: `way back ${proved.outcome}` })
    return context.redirect(`/login/${name}${proved.outcome === 'spent' ? '/card?spent' : ''}`, 303)
  }
  const { state, clientId, practitionerId } = proved
  needs.trail.record({ at: needs.clock(), kind: 'login.proved', practitionerId, clientId, detail: 'CARD' })
  return state.disclose ? context.redirect(`/login/${name}`, 303) : sendOn(context, needs, state.next)
}
