import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import type { Bundle, Environment } from './bundle.ts'
import { QUIET_ENVIRONMENT } from './command.ts'
import { HERE } from './here.ts'
import type { loopbackOutbound } from './loopback-outbound.ts'
import { ROOT } from './places.ts'

export interface RuntimeOptions {
  readonly bundle: Bundle
  readonly environment: Environment
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number
  /** The folder that wrangler calls `--persist-to`; its `v3` holds the data, in wrangler's own layout. */
  readonly state: string
  /** Put over the `[vars]` of wrangler.toml. */
  readonly vars: Readonly<Record<string, string>>
  readonly logLevel?: LogLevel
  /**
   * The Worker alone, for measuring: without Miniflare's router and its simulation of static files, which take most of
   * the time of a short request and at Cloudflare are neither JavaScript nor ours.
   */
  readonly bare?: boolean
  /** Takes what the Worker sends out, in place of the network. */
  readonly outbound?: ReturnType<typeof loopbackOutbound>
}

export interface Runtime {
  readonly runtime: Miniflare
  readonly url: URL
  /** What the Worker was given. */
  readonly vars: Readonly<Record<string, string>>
}

/**
 * The Workers runtime with this bundle in it. All else (bindings, objects, queue, assets and their routes) is read from
 * wrangler.toml by wrangler, so that what runs here is what deploys. It is not `wrangler dev`, whose proxy makes every
 * request two to six times slower.
 */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  Object.assign(process.env, QUIET_ENVIRONMENT)
  const { workerOptions } = unstable_getMiniflareWorkerOptions(
    join(ROOT, 'wrangler.toml'),
    options.environment === 'sandbox' ? undefined : options.environment,
  )
  const { modulesRules: _, ...withFiles } = workerOptions
  const { assets: __, ...withoutFiles } = withFiles
  const worker = options.bare
    ? { ...withoutFiles, unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }] }
    : withFiles
  const vars = { ...stringsOf(worker.bindings), ...options.vars }
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: options.port,
      cf: HERE,
      log: new Log(options.logLevel ?? LogLevel.ERROR),
      logRequests: false,
      // With the worker's name below, wrangler's own layout: both see the same objects and rows.
      resourcePersistencePath: join(options.state, 'v3'),
      telemetry: { enabled: false },
      workers: [
        {
          ...worker,
          name: options.environment === 'sandbox' ? 'serment' : 'serment-production',
          modules: true,
          modulesRoot: options.bundle.directory,
          scriptPath: options.bundle.script,
          bindings: vars,
          ...(options.outbound === undefined ? {} : { outboundService: options.outbound }),
        },
      ],
    }),
  )
  const url = await runtime.ready
  return { runtime, vars, url: options.bare ? await runtime.unsafeGetDirectURL() : url }
}

function stringsOf(bindings: unknown): Record<string, string> {
  const entries = Object.entries(typeof bindings === 'object' && bindings !== null ? bindings : {})
  return Object.fromEntries(
    entries.flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  )
}
