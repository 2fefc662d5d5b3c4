import { waitUntil } from 'cloudflare:workers'
import { Hono } from 'hono'
import { queuedTrail } from '../audit/trail.queue.ts'
import { compose } from '../compose.ts'
import { ClientId } from '../kernel/identifiers.ts'
import { d1Acquaintances } from '../mire/acquaintances.d1.ts'
import { objectInteractions } from '../mire/login.object.ts'
import type { PresentedChain } from '../protocol/pki/presented-chain.ts'
import { d1Bindings } from '../structures/bindings.d1.ts'
import { bindPresented } from '../structures/bindings.ts'
import { d1Authorities } from '../trust/authorities.d1.ts'
import { d1Trust } from '../trust/trust.d1.ts'
import { objectAuthority } from './authority/authority.object.ts'
import { authorityFetch, authorityRoutes, type Outbound } from './authority/authority.routes.tsx'
import type { SandboxEnv } from './environment.ts'
import { outboxChannel } from './outbox.channel.ts'
import { objectOutbox } from './outbox.object.ts'
import { specialOf } from './people/specials.ts'
import { objectPhones } from './robot.object.ts'
import { d1Roster } from './roster.d1.ts'
import { sandboxRoutes } from './sandbox.routes.tsx'
import { objectScreen } from './screen.object.ts'
import { sandboxStructuresRoutes } from './structures.routes.ts'

/** The person whom every example names. */
const EXAMPLE = '899700900012'

/** The demonstration services stand on the two ports after the federator's. */
function demosOf(issuer: string) {
  const at = (offset: number) => {
    const url = new URL(issuer)
    url.port = String(Number(url.port || (url.protocol === 'https:' ? 443 : 80)) + offset)
    return url.origin
  }
  return [
    { name: 'Dossier Démo', url: at(1) },
    { name: 'Messagerie Démo', url: at(2) },
  ]
}

const toTheWorld: Outbound = (url, init) => fetch(url, init)

/** The application of production, with its messages in an outbox, open registration, and the sandbox's own pages. */
export function composeSandbox(env: SandboxEnv) {
  const outbox = objectOutbox(env.OUTBOX)
  const base = compose(env, {
    channel: outboxChannel(outbox, () => base.clock()),
    registrationOpen: true,
    outbound: (url, init) => outbound(url, init),
  })
  const { clock, entropy, settings, directory } = base
  const roster = d1Roster(env.DB, clock)
  const authority = authorityRoutes({
    issuer: settings.issuer,
    secure: settings.secure,
    product: settings.productName,
    cookies: base.cookies,
    clock,
    entropy,
    directory,
    people: () => roster.list(''),
    cardOrigin: settings.cardOrigins[0],
    example: EXAMPLE,
    authority: objectAuthority(env.AUTHORITY, settings.issuer),
    registry: d1Authorities(env.DB, clock),
  })
  const outbound = authorityFetch(settings.issuer, authority, toTheWorld)
  const trail = queuedTrail(env.EVENTS)
  const trust = d1Trust({
    database: env.DB,
    clock,
    entropy,
    defer: waitUntil,
    outbound,
    trail,
    environment: settings.trustEnvironment,
    revocationUnknown: settings.revocationUnknown,
  })
  const bindings = d1Bindings(env.DB, clock, trail)
  const cardHosts = new Set(settings.cardOrigins.map((origin) => new URL(origin).host))
  const app = new Hono()
    // The host that asks for cards is the application's alone: none of the sandbox's pages is there.
    .use((c, next) =>
      cardHosts.has(new URL(c.req.url).host) ? Promise.resolve(base.app.fetch(c.req.raw, env)) : next(),
    )
    .route('/', authority)
    .route(
      '/',
      sandboxStructuresRoutes({
        bind: async (clientId, [leaf = new Uint8Array(), ...chain]) => {
          const id = ClientId.safeParse(clientId)
          if (!id.success) return { refused: 'no such client_id' }
          const examine = (presented: PresentedChain) => trust.examine(presented, 'organisation')
          return bindPresented({ examine, bindings }, { leaf, chain }, [id.data])
        },
      }),
    )
    .route(
      '/',
      sandboxRoutes({
        issuer: settings.issuer,
        secure: settings.secure,
        product: settings.productName,
        cookies: base.cookies,
        demos: demosOf(settings.issuer),
        example: EXAMPLE,
        roster,
        specials: specialOf,
        outbox,
        robots: {
          issuer: settings.issuer,
          fetchApp: async (request) => base.app.fetch(request, env),
          outbox,
          clock,
          entropy,
          directory,
          pause: (milliseconds) => scheduler.wait(milliseconds),
          phones: objectPhones(env.ROBOT, base.professionalName),
          screen: objectScreen(env.LOGIN, {
            pages: objectInteractions(env.LOGIN),
            acquaintances: d1Acquaintances(env.DB),
            clock,
          }),
        },
      }),
    )
    .all('*', (c) => base.app.fetch(c.req.raw, env))
  return { ...base, app }
}
