import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { D1Database } from '@cloudflare/workers-types/experimental'
import { instant } from '../src/kernel/instant.ts'
import { builtBundle } from './bundle.ts'
import { type ServerCertificate, serverCertificate } from './certificate.ts'
import { startDemo } from './demo/server.ts'
import { demoServices, registerDemo } from './demo/services.ts'
import { seedSandbox } from './directory/import.ts'
import { startFront } from './front.ts'
import { loopbackOutbound } from './loopback-outbound.ts'
import { applyMigrations } from './migrations.ts'
import { assertPortsFree, freePort } from './ports.ts'
import { startRuntime } from './runtime.ts'
import { seedStructures } from './structures/invent.ts'

export interface SermentOptions {
  /** First of three ports in a row: the federator, then the two demonstration services. */
  readonly port: number
  /** Port of the host that asks for a client certificate; a free one when left out. */
  readonly cardPort?: number
  /** Folder of the database and the objects, as wrangler's `--persist-to`. */
  readonly state: string
  /** An https origin on this `port`: everything is then served over TLS under that name. */
  readonly issuer?: string
  /** PEM, with `issuer`; made on the spot when left out. */
  readonly tls?: { readonly cert: string; readonly key: string }
  /** Forgets the state first. */
  readonly fresh?: boolean
  /** Without the demonstration services, for what does not look at them. */
  readonly demos?: boolean
  /** Put over the `[vars]` of wrangler.toml: a test shortens a lifetime. */
  readonly vars?: Readonly<Record<string, string>>
  /** Told what is being done, a line each. */
  readonly onStep?: (step: string) => void
}

/** A whole Serment that is running. */
export interface Serment {
  readonly origin: string
  /** The host that asks for a client certificate, and its second name. */
  readonly cardOrigins: readonly [string, string]
  /** What a client has to trust to reach the card host: a file, and its contents as PEM. */
  readonly cardAuthority: { readonly file: string; readonly pem: string }
  readonly demos: readonly { readonly name: string; readonly origin: string }[]
  readonly product: string
  readonly database: D1Database
  /** What a client has to trust, when the certificate was made on the spot. */
  readonly caFile: string | undefined
  /** The same, PEM; also for a certificate that was given. */
  readonly ca: string | undefined
  close(): Promise<void>
}

const QUARTER_OF_AN_HOUR = 15 * 60_000

/**
 * Builds, migrates, seeds and starts everything, on 127.0.0.1. What the state folder held is kept.
 * @throws {PortInUse} {@link BuildFailed}
 */
export async function startSerment(options: SermentOptions): Promise<Serment> {
  const { port, issuer, onStep = () => {} } = options
  const withDemos = options.demos ?? true
  const state = resolve(options.state)
  const cardPort = options.cardPort ?? (await freePort())
  await assertPortsFree([...(withDemos ? [port, port + 1, port + 2] : [port]), cardPort])
  if (options.fresh)
    for (const part of ['v3', 'demo']) rmSync(join(state, part), { recursive: true, force: true })

  onStep('building, and bringing the database up to date')
  const [bundle] = await Promise.all([builtBundle('sandbox'), applyMigrations(state)])
  const certificate = issuer === undefined ? undefined : await certificateFor(issuer, state, options.tls)
  const originOf = (offset: number) =>
    issuer === undefined ? `http://localhost:${port + offset}` : withPort(issuer, port + offset)
  const origin = originOf(0)
  const cardHost = `card.${new URL(origin).hostname}`
  const otherCardHost = `card2.${new URL(origin).hostname}`
  const cardCertificate = await serverCertificate(cardHost, join(state, 'tls'), new Date(), [otherCardHost])
  const cardOrigins = [`https://${cardHost}:${cardPort}`, `https://${otherCardHost}:${cardPort}`] as const

  onStep('starting the Workers runtime')
  const closers: (() => Promise<unknown>)[] = []
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    const { runtime, url, vars } = await startRuntime({
      bundle,
      environment: 'sandbox',
      port: 0,
      state,
      vars: {
        ...options.vars,
        ISSUER: origin,
        MTLS_ORIGIN: cardOrigins[0],
        MTLS_OTHER_ORIGIN: cardOrigins[1],
      },
      // The demonstrations' certificate is known to nobody but us: what is sent to them goes by our own hand.
      ...(certificate === undefined ? {} : { outbound: loopbackOutbound(origin, certificate.ca) }),
    })
    closers.push(() => runtime.dispose())
    const database = await runtime.getD1Database('DB')
    onStep('seeding the invented professionals and services')
    const now = Date.now()
    await seedSandbox(database, now)
    await seedStructures(database, instant(now / 1000))

    const tls = certificate === undefined ? {} : { tls: certificate }
    const front = await startFront({ port, upstream: url, ...tls })
    closers.push(() => front.close())
    const cardFront = await startFront({
      port: cardPort,
      upstream: url,
      tls: cardCertificate,
      asksForCertificate: true,
    })
    closers.push(() => cardFront.close())
    const product = vars.PRODUCT_NAME ?? 'Serment'
    const services = withDemos ? await demoServices(join(state, 'demo')) : []
    for (const [i, service] of services.entries()) {
      const other = services[1 - i]
      if (other === undefined) continue
      await registerDemo(database, service, originOf(1 + i), Math.floor(now / 1000))
      const demo = await startDemo({
        service,
        other: { service: other, origin: originOf(2 - i) },
        origin: originOf(1 + i),
        port: port + 1 + i,
        issuer: origin,
        product,
        tls: certificate,
      })
      closers.push(() => demo.close())
    }

    // The runtime on a laptop fires no cron by itself.
    const worker = await runtime.getWorker()
    const cron = setInterval(
      () => void worker.scheduled({ cron: '*/15 * * * *' }).catch(() => {}),
      QUARTER_OF_AN_HOUR,
    )
    closers.push(async () => clearInterval(cron))

    return {
      origin,
      cardOrigins,
      cardAuthority: { file: cardCertificate.caFile, pem: cardCertificate.ca },
      demos: services.map((service, i) => ({ name: service.name.fr, origin: originOf(1 + i) })),
      product,
      database,
      caFile: certificate?.caFile,
      ca: certificate?.ca,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function certificateFor(
  issuer: string,
  state: string,
  given: SermentOptions['tls'],
): Promise<ServerCertificate> {
  // A given certificate is also what our own clients trust: it is often signed by itself.
  if (given !== undefined) return { ...given, ca: given.cert, caFile: undefined }
  return serverCertificate(new URL(issuer).hostname, join(state, 'tls'))
}

function withPort(issuer: string, port: number): string {
  const url = new URL(issuer)
  url.port = String(port)
  return url.origin
}
