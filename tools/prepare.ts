import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runPackage } from './command.ts'
import { DEFAULT_STATE } from './places.ts'

// The custom build of wrangler.toml. It builds the web parts; and when `wrangler dev` is the first thing that anyone
// runs here, it also makes the database and its invented people, so that this command alone serves the federator.
// Only when there is none: while `wrangler dev` runs, nothing else may write to its database (workers-sdk issue 14916).

const built = await runPackage('vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])
process.stdout.write(built.output)
if (built.code !== 0) process.exit(1)

// wrangler says which of its commands is building.
if (process.env.WRANGLER_COMMAND === 'dev' && !existsSync(join(DEFAULT_STATE, 'v3', 'd1'))) {
  const [{ openDatabase }, { seedSandbox }, { seedStructures }, { instant }] = await Promise.all([
    import('./directory/database.ts'),
    import('./directory/import.ts'),
    import('./structures/invent.ts'),
    import('../src/kernel/instant.ts'),
  ])
  const { database, close } = await openDatabase(DEFAULT_STATE)
  await seedSandbox(database, Date.now())
  await seedStructures(database, instant(Date.now() / 1000))
  await close()
}
