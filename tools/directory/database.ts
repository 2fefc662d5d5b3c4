import { join } from 'node:path'
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { z } from 'zod'
import { applyMigrations } from '../migrations.ts'
import { ROOT } from '../places.ts'

/** D1 as Miniflare hands it out. */
export type LocalDatabase = Awaited<ReturnType<Miniflare['getD1Database']>>

const Databases = z.record(z.string(), z.object({ id: z.string() }))

/**
 * The D1 database of a state folder, migrated, without the Worker. Wrangler's own layout, so that `npm start` and
 * `wrangler dev` find the rows. Nothing else may hold the folder meanwhile.
 */
export async function openDatabase(
  state: string,
): Promise<{ readonly database: LocalDatabase; readonly close: () => Promise<void> }> {
  await applyMigrations(state)
  const { workerOptions } = unstable_getMiniflareWorkerOptions(join(ROOT, 'wrangler.toml'))
  const runtime = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      log: new Log(LogLevel.ERROR),
      resourcePersistencePath: join(state, 'v3'),
      telemetry: { enabled: false },
      workers: [
        {
          name: 'serment',
          modules: true,
          script: 'export default {}',
          d1Databases: Databases.parse(workerOptions.d1Databases),
        },
      ],
    }),
  )
  return { database: await runtime.getD1Database('DB'), close: () => runtime.dispose() }
}
