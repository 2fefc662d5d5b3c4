import { Hono } from 'hono'
import { compose } from '../compose.ts'
import { d1Acquaintances } from '../mire/acquaintances.d1.ts'
import { objectInteractions } from '../mire/login.object.ts'
import type { SandboxEnv } from './environment.ts'
import { outboxChannel } from './outbox.channel.ts'
import { objectOutbox } from './outbox.object.ts'
import { specialOf } from './people/specials.ts'
import { objectPhones } from './robot.object.ts'
import { d1Roster } from './roster.d1.ts'
import { sandboxRoutes } from './sandbox.routes.tsx'
import { objectScreen } from './screen.object.ts'

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

/** The application of production, with its messages in an outbox, open registration, and the sandbox's own pages. */
export function composeSandbox(env: SandboxEnv) {
  const outbox = objectOutbox(env.OUTBOX)
  const base = compose(env, { channel: outboxChannel(outbox, () => base.clock()), registrationOpen: true })
  const { clock, entropy, settings, directory } = base
  const app = new Hono()
    .route(
      '/',
      sandboxRoutes({
        issuer: settings.issuer,
        secure: settings.secure,
        product: settings.productName,
        cookies: base.cookies,
        demos: demosOf(settings.issuer),
        example: EXAMPLE,
        roster: d1Roster(env.DB, clock),
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
