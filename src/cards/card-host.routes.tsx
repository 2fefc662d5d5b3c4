import { type Context, Hono } from 'hono'
import type { Trail } from '../audit/trail.ts'
import { presentedChain } from '../http/client-certificate.ts'
import { pageHeaders } from '../http/security-headers.ts'
import type { Clock } from '../kernel/instant.ts'
import { languageOf } from '../kernel/language.ts'
import { type CardReaderNeeds, readCard } from './card-reader.ts'
import type { CardDestination, CardDestinations } from './destination.ts'
import { RefusalPage } from './refusal.page.tsx'
import type { CardRefusal } from './refusal.ts'

export interface CardHostNeeds extends CardReaderNeeds {
  readonly issuer: string
  readonly productName: string
  /** Whether the deployment is https throughout. */
  readonly secure: boolean
  /** Names of the card host: a browser keeps its choice of certificate per name, so another card needs another. */
  readonly origins: readonly string[]
  readonly destinations: CardDestinations
  readonly trail: Trail
  readonly clock: Clock
}

/**
 * The only pages of the host that asks for a client certificate. It sets no cookie, knows no session, and answers at
 * once: back to whoever awaits the card, or a page that says why not.
 */
export const cardHostRoutes = (needs: CardHostNeeds) =>
  new Hono()
    .use('/card/*', pageHeaders(needs.secure))
    .get('/card/:purpose/:handle', (context) =>
      isForced(context, needs.issuer) ? forced(context, needs) : show(context, needs),
    )

/**
 * Whether another site makes the browser come here behind its person's back: as a picture, in a frame, by a script. A
 * browser that has chosen a certificate for this host before shows it without asking again. What asks for what, it says
 * itself (Fetch Metadata §2); one too old to say so is let in, for the way back proves whose browser it is in any case.
 */
function isForced(context: Context, issuer: string): boolean {
  const origin = context.req.header('origin')
  const [dest, mode] = [context.req.header('sec-fetch-dest'), context.req.header('sec-fetch-mode')]
  if (dest === undefined || mode === undefined) return false
  return !(mode === 'navigate' && dest === 'document') && !(mode === 'cors' && origin === issuer)
}

function forced(context: Context, { trail, clock }: CardHostNeeds): Response {
  context.header('Cache-Control', 'no-store')
  trail.record({ at: clock(), kind: 'card.refused', detail: 'asked for by another site' })
  return context.json({ error: 'elsewhere' }, 403)
}

async function show(context: Context, needs: CardHostNeeds): Promise<Response> {
  context.header('Cache-Control', 'no-store')
  context.header('Vary', 'Origin, Accept')
  letTheMireAsk(context, needs.issuer)
  const handle = context.req.param('handle') ?? ''
  const purpose = context.req.param('purpose') ?? ''
  const destination = Object.hasOwn(needs.destinations, purpose) ? needs.destinations[purpose] : undefined
  if (destination === undefined)
    return refuse(context, needs, undefined, { refused: 'link-expired', detail: `no purpose` })

  const shown = await readCard(needs, presentedChain(context.req.raw))
  if ('refused' in shown) return refuse(context, needs, destination, shown)
  const presented = await destination.present(handle, shown)
  if ('refused' in presented)
    return refuse(context, needs, destination, { ...presented, practitionerId: shown.practitioner.id })
  return asksForJson(context) ? context.json({ next: presented.next }) : context.redirect(presented.next, 303)
}

interface Refused {
  readonly refused: CardRefusal
  readonly detail: string
  readonly practitionerId?: string
}

/** 403 whatever the reason: the page has the words, the trail the cause. */
function refuse(
  context: Context,
  needs: CardHostNeeds,
  destination: CardDestination | undefined,
  { refused, detail, practitionerId }: Refused,
): Response | Promise<Response> {
  const { trail, clock, productName, origins } = needs
  trail.record({
    at: clock(),
    kind: 'card.refused',
    detail: `${refused}: ${detail}`,
    ...(practitionerId === undefined ? {} : { practitionerId }),
  })
  if (asksForJson(context)) return context.json({ error: refused }, 403)
  const { pathname, host } = new URL(context.req.url)
  const other = origins.find((origin) => new URL(origin).host !== host)
  const handle = context.req.param('handle') ?? ''
  // No cookie here: the mire says which language it spoke.
  const language = languageOf(context.req.query('lang'), undefined, context.req.header('accept-language'))
  return context.html(
    <RefusalPage
      refused={refused}
      language={language}
      product={productName}
      path={pathname}
      anotherCard={other === undefined ? undefined : `${other}${pathname}?lang=${language}`}
      anotherWay={destination?.withoutCard(handle)}
    />,
    403,
  )
}

const asksForJson = (context: Context): boolean => context.req.header('accept') === 'application/json'

/** The mire's script shows the card from its own page (Fetch §3.2.5): that origin may read the answer, no other. */
function letTheMireAsk(context: Context, issuer: string): void {
  if (context.req.header('origin') !== issuer) return
  context.header('Access-Control-Allow-Origin', issuer)
  context.header('Access-Control-Allow-Credentials', 'true')
}
